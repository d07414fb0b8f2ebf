"""The form of a ledger: begun, brought forward once, cut off anywhere, refused when it is newer."""

import os
import signal
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from builders import REPOSITORY
from invariants import snapshot
from landings import at_once, make_push, record

from analysis.storage import keys
from analysis.storage.kept import SharedKept
from analysis.storage.ledger import Ledger
from analysis.storage.schema import LOCK, MIGRATIONS, SCHEMA, Migration, NewerLedger, Schema
from analysis.storage.store import Store


def steps(*names: str, batches: int = 3) -> list[Migration]:
    """Migrations that write down each of their batches, and do one that was done no second time."""

    def migration(name: str) -> Migration:
        def migrate(store: Store) -> Iterator[None]:
            for number in range(batches):
                if not store.redis.sismember("done", f"{name}{number}"):
                    store.redis.rpush("log", f"{name}{number}")
                    store.redis.sadd("done", f"{name}{number}")
                yield

        return migrate

    return [migration(name) for name in names]


def logged(store: Store) -> list[str]:
    return list(store.redis.lrange("log", 0, -1))


def test_an_empty_ledger_is_begun_in_our_form(store: Store) -> None:
    Schema(store, steps("a", "b")).prepare()
    assert snapshot(store.redis) == {keys.SCHEMA: "3"}


def test_a_ledger_that_does_not_say_is_the_first(ledger: Ledger) -> None:
    record(ledger, 1)
    Schema(ledger.store, steps("a", "b")).prepare()
    assert ledger.store.text(keys.SCHEMA) == "3"
    assert logged(ledger.store) == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_only_the_steps_that_are_missing_are_made(store: Store) -> None:
    store.redis.set(keys.SCHEMA, 2)
    Schema(store, steps("a", "b", "c")).prepare()
    assert logged(store) == ["b0", "b1", "b2", "c0", "c1", "c2"]
    before = snapshot(store.redis)
    Schema(store, steps("a", "b", "c")).prepare()
    assert snapshot(store.redis) == before


def test_a_newer_ledger_is_refused_and_left_alone(ledger: Ledger) -> None:
    record(ledger, 1)
    ledger.redis.set(keys.SCHEMA, SCHEMA + 1)
    before = snapshot(ledger.redis)
    with pytest.raises(NewerLedger) as refused:
        Schema(ledger.store).prepare()
    line = f"this ledger was written by a newer pushdigest (schema {SCHEMA + 1}); upgrade"
    assert str(refused.value) == line
    assert snapshot(ledger.redis) == before


def test_of_many_that_start_together_one_migrates(ledger: Ledger) -> None:
    record(ledger, 1)
    url = ledger.redis.connection_pool.connection_kwargs["path"]

    def start(_: int) -> None:
        store = Store.open(f"unix://{url}")
        Schema(store, steps("a", "b")).prepare()
        assert store.text(keys.SCHEMA) == "3"
        store.redis.close()

    at_once(6, start)
    assert logged(ledger.store) == ["a0", "a1", "a2", "b0", "b1", "b2"]
    assert not ledger.redis.exists(LOCK)


def test_what_was_killed_in_the_middle_is_gone_on_with(ledger: Ledger) -> None:
    record(ledger, 1)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _die_after_two_batches(ledger.redis.connection_pool.connection_kwargs["path"], writing)
    os.read(reading, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert (logged(ledger.store), ledger.store.text(keys.SCHEMA)) == (["a0", "a1"], None)
    assert ledger.redis.pexpire(LOCK, 1) > 0  # its half a minute passes
    Schema(ledger.store, steps("a", "b")).prepare()
    assert logged(ledger.store) == ["a0", "a1", "a2", "b0", "b1", "b2"]


def _die_after_two_batches(path: str, writing: int) -> None:
    store = Store.open(f"unix://{path}")

    def migrate(store: Store) -> Iterator[None]:
        whole = steps("a")[0](store)
        yield next(whole)
        yield next(whole)
        os.write(writing, b"!")
        signal.pause()

    Schema(store, [migrate, *steps("b")]).prepare()
    os._exit(1)


def test_who_was_thought_dead_leaves_the_rest_to_the_other(ledger: Ledger) -> None:
    record(ledger, 1)
    paused, over = Barrier(2), Barrier(2)

    def slow(store: Store) -> Iterator[None]:
        for name in ("slow0", "slow1"):
            store.redis.rpush("log", name)
            paused.wait()
            over.wait()
            yield

    thread = Thread(target=Schema(ledger.store, [slow]).prepare)
    thread.start()
    paused.wait()
    ledger.redis.delete(LOCK)
    Schema(ledger.store, steps("b", batches=1)).prepare()
    over.wait()
    thread.join()
    assert logged(ledger.store) == ["slow0", "b0"]
    assert ledger.store.text(keys.SCHEMA) == "2"


def test_parts_that_do_not_say_whose_they_are_go(ledger: Ledger) -> None:
    ledger.record_push(make_push(1))
    SharedKept(ledger.store, REPOSITORY).put("named", "stays")
    ledger.redis.mset({f"{keys.PARTS}{number:064x}": "goes" for number in range(1200)})
    before = snapshot(ledger.redis)
    Schema(ledger.store).prepare()
    kept = {key: value for key, value in before.items() if value != "goes"}
    assert snapshot(ledger.redis) == kept | {keys.SCHEMA: "2"}


def test_our_form_is_counted_by_its_migrations() -> None:
    assert len(MIGRATIONS) + 1 == SCHEMA == 2
