"""Connections that break: a command whose answer was lost is sent again, and a server may be away."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
from builders import NOON, REPOSITORY, make_sha
from landings import claimed, make_push, record
from redis.exceptions import ConnectionError as RedisConnectionError
from redis_proxy import Fate, Fates, RedisProxy

from analysis.calendar import Calendar
from analysis.storage.agenda import Agenda
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store
from workers.embedded import EmbeddedServer

SOON = timedelta(minutes=20)
SEVERAL = 2


def losing(*words: bytes) -> tuple[Fates, Fates]:
    """The fates of requests and replies that lose the first answer to a request in which all words stand."""
    state = {"asked": False, "lost": False}

    def request(piece: bytes) -> Fate:
        state["asked"] = all(word in piece for word in words)
        return Fate.PASS

    def reply(piece: bytes) -> Fate:
        lose = state["asked"] and not state["lost"] and not piece.startswith(b"-NOSCRIPT")
        state["lost"] = state["lost"] or lose
        return Fate.CUT if lose else Fate.PASS

    return request, reply


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path)
    server.start()
    yield server
    server.stop()


def test_what_was_taken_and_never_answered_is_taken(
    redis_url: str, server: EmbeddedServer, calendar: Calendar
) -> None:
    request, reply = losing(b"EVAL", b"pushdigest:walks")
    with RedisProxy(server.socket, on_request=request, on_reply=reply) as proxy:
        with closing(Store.open(proxy.url()).redis) as client:
            agenda = Agenda(Store(client), calendar)
            agenda.follow([REPOSITORY], NOON)
            assert agenda.take_walk(REPOSITORY, NOON, NOON + SOON)
            assert not agenda.take_walk(REPOSITORY, NOON, NOON + SOON)
        assert proxy.faults == {"reply cut off": 1}
    assert redis_url


def test_a_lease_that_was_claimed_and_never_answered_is_held(
    ledger: Ledger, server: EmbeddedServer, calendar: Calendar
) -> None:
    record(ledger, 1)
    request, reply = losing(b"EVAL", make_sha(1).encode())
    with RedisProxy(server.socket, on_request=request, on_reply=reply) as proxy:
        with closing(Store.open(proxy.url()).redis) as client:
            assert claimed(Leases(Ledger(Store(client), calendar)), 1).token
        assert proxy.faults == {"reply cut off": 1}


def test_a_server_that_is_killed_and_started_again_is_waited_for(own: EmbeddedServer) -> None:
    with closing(Store.open(own.url, timedelta(seconds=20)).redis) as client:
        client.set("key", "kept")
        _kill(own)
        again = Timer(0.5, own.start)
        again.start()
        assert client.get("key") == "kept"
        again.join()


def test_a_server_that_stays_away_is_given_up(own: EmbeddedServer) -> None:
    with closing(Store.open(own.url, timedelta(seconds=1)).redis) as client:
        client.set("key", "kept")
        _kill(own)
        with pytest.raises(RedisConnectionError):
            client.get("key")


@pytest.mark.parametrize("word", [b"EVALSHA", b"EXEC"])
def test_a_server_that_forgets_the_steps_in_the_middle_of_one_is_told_them_again(
    ledger: Ledger, server: EmbeddedServer, calendar: Calendar, word: bytes
) -> None:
    """As one that is killed and started again between two commands."""
    forgotten: list[bytes] = []

    def request(piece: bytes) -> Fate:
        if word in piece and len(forgotten) < SEVERAL:
            forgotten.append(piece)
            ledger.redis.script_flush()
            return Fate.CUT
        return Fate.PASS

    record(ledger, 1)
    with (
        RedisProxy(server.socket, on_request=request) as proxy,
        closing(Store.open(proxy.url()).redis) as client,
    ):
        far = Ledger(Store(client), calendar)
        assert far.record_push(make_push(2)) == (make_sha(2),)
        assert claimed(Leases(far), 1).token
    assert forgotten


def _kill(server: EmbeddedServer) -> None:
    assert server.started is not None
    os.kill(server.started.pid, signal.SIGKILL)
    server.started.wait()
