"""What must be true of the store after every step, whatever the steps were."""

from datetime import date

from redis import Redis

from analysis.storage import keys
from analysis.storage.entry import Entry, Source, State
from analysis.storage.ledger import Ledger


def snapshot(redis: Redis) -> dict[str, object]:
    """Everything of ours that a server holds: key -> content, in a form that compares by content."""
    read = {
        "string": redis.get,
        "hash": redis.hgetall,
        "set": lambda key: frozenset(redis.smembers(key)),
        "zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
        "list": lambda key: redis.lrange(key, 0, -1),
        "stream": redis.xrange,
        "none": lambda _: None,  # it has expired meanwhile
    }
    return {key: read[redis.type(key)](key) for key in redis.keys(f"{keys.PREFIX}*")}


def content_of(entries: tuple[Entry, ...]) -> str:
    """What a reader of a day would see, as `close` takes it."""
    return ",".join(sorted(f"{entry.sha[:6]} {entry.state} {bool(entry.model)}" for entry in entries))


def assert_sound(ledger: Ledger) -> None:
    """Check every list of the ledger against the entries themselves, and the closings against the days."""
    assert_lists_agree(ledger)
    _assert_closings_agree(ledger)


def assert_lists_agree(ledger: Ledger) -> None:
    """Check every list of the ledger against the entries themselves."""
    entries = [
        entry
        for repository in ledger.repositories()
        for day in ledger.days(repository)
        for entry in ledger.day(repository, day)
    ]
    _assert_listed_once(ledger, entries)
    _assert_sets_agree(ledger, entries)
    overview = ledger.census.overview()
    counted = [sum(entry.state is state for entry in entries) for state in State]
    assert [overview.pending, overview.analysed, overview.parked] == counted
    assert overview.oldest_pending == min(
        (entry.landed_at for entry in entries if entry.state is State.PENDING), default=None
    )


def _assert_listed_once(ledger: Ledger, entries: list[Entry]) -> None:
    found = sorted((entry.repository, entry.sha) for entry in entries)
    known = [(name, sha) for name in ledger.repositories() for sha in ledger.store.ranked(keys.commits(name))]
    assert found == sorted(known)
    assert len(set(found)) == len(found)
    assert len(found) == len(ledger.redis.keys(f"{keys.COMMIT}*"))
    for entry in entries:
        assert entry.day == ledger.calendar.day_of(entry.landed_at)


def _assert_sets_agree(ledger: Ledger, entries: list[Entry]) -> None:
    members = {
        state: sorted(keys.member(entry.repository, entry.sha) for entry in entries if entry.state is state)
        for state in State
    }
    ready, waiting = ledger.store.ranked(keys.READY), ledger.store.ranked(keys.WAITING)
    assert sorted(ready + waiting) == members[State.PENDING]
    assert sorted(ledger.store.ranked(keys.PENDING)) == members[State.PENDING]
    assert sorted(ledger.store.ranked(keys.PARKED)) == members[State.PARKED]
    for entry in entries:
        unfinished = ledger.store.members(keys.unfinished(entry.repository, entry.day))
        assert (entry.sha in unfinished) == (entry.state is State.PENDING)
        assert entry.state is State.PENDING or entry.analysis or entry.obstacle


def _assert_closings_agree(ledger: Ledger) -> None:
    planned = set(ledger.store.ranked(keys.CLOSINGS))
    for repository in ledger.repositories():
        for day in ledger.days(repository):
            if keys.closing(repository, day) not in planned:
                _assert_nothing_to_close(ledger, repository, day)


def _assert_nothing_to_close(ledger: Ledger, repository: str, day: date) -> None:
    """A day that is on no agenda is still being filled by a backfill, or was closed as it is.

    What is pending may differ from what was closed.
    """
    entries = ledger.day(repository, day)
    stored = ledger.store.fields(keys.digest(repository, day))
    if any(entry.state is State.PENDING for entry in entries):
        assert "closed_at" in stored or all(entry.source is Source.BACKFILL for entry in entries)
    else:
        assert stored["content"] == content_of(entries)
