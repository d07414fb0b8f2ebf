"""One of RQ's workers whose server goes away, with a job and without."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, RedisError, ResponseError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import StopRequested

from workers.embedded import EmbeddedServer
from workers.hand import Hand, is_no_outage
from workers.queue import NAME


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    """One whose server has been stopped."""
    server = EmbeddedServer(tmp_path)
    server.start()
    with Redis.from_url(server.url, retry=Retry(NoBackoff(), 0)) as redis:
        made = Hand([Queue(NAME, connection=redis)], connection=redis)
        made.heartbeat()
        assert Hand.count(connection=redis) == 1
        server.stop()
        yield made


def test_without_a_job_it_ends(hand: Hand) -> None:
    with pytest.raises(StopRequested):
        hand.heartbeat()


def test_with_a_job_it_goes_on(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand, "_horse_pid", 1)
    hand.heartbeat()


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (OutOfMemoryError("command not allowed"), False),
        (ResponseError("WRONGTYPE Operation against a key"), True),
        (ZeroDivisionError("nobody foresaw this"), True),
    ],
)
def test_only_what_is_no_outage_is_logged_by_rq(error: Exception, logged: bool) -> None:  # noqa: FBT001 - a case
    record = logging.LogRecord("rq.worker", logging.ERROR, "", 0, "quitting", None, None)
    try:
        raise error
    except (RedisError, ZeroDivisionError):
        assert is_no_outage(record) is logged
    assert is_no_outage(record)
