from datetime import timedelta

import pytest
from builders import NOON, make_entry, make_sha
from invariants import assert_sound
from landings import analyse, claimed, record

from analysis.storage.entry import Obstacle, Source
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store
from analysis.storage.waitlist import AT_ONCE, KEPT, Waitlist

MODEL = "deepseek/deepseek-chat"
OBSTACLE = Obstacle(code="model-unavailable")
LATER = NOON + timedelta(minutes=20)


@pytest.fixture
def waitlist(store: Store) -> Waitlist:
    return Waitlist(store)


def defer(leases: Leases, waitlist: Waitlist, *seeds: object) -> None:
    for seed in seeds:
        lease = claimed(leases, seed)
        leases.defer(lease, OBSTACLE, NOON, until=LATER)
        waitlist.join(MODEL, lease.entry)


def due(leases: Leases) -> set[str]:
    return {sha for _, sha in leases.due(NOON, 10_000)}


def test_what_waits_for_a_model_is_due_when_it_answers(
    ledger: Ledger, leases: Leases, waitlist: Waitlist
) -> None:
    record(ledger, 1, 2, 3)
    defer(leases, waitlist, 1, 2)
    leases.defer(claimed(leases, 3), OBSTACLE, NOON, until=LATER)
    assert due(leases) == set()
    assert waitlist.release("another") == 0
    assert waitlist.release(MODEL) == 2
    assert due(leases) == {make_sha(1), make_sha(2)}
    assert waitlist.release(MODEL) == 0
    assert_sound(ledger)


def test_what_is_leased_settled_or_due_already_is_left_alone(
    ledger: Ledger, leases: Leases, waitlist: Waitlist
) -> None:
    record(ledger, "leased", "analysed", "due")
    defer(leases, waitlist, "leased", "analysed", "due")
    leases.due(LATER, 10)
    lease = claimed(leases, "leased", LATER)
    analyse(leases, "analysed", LATER)
    waitlist.join(MODEL, make_entry(seed="never recorded"))
    assert waitlist.release(MODEL) == 0
    assert {sha for _, sha in leases.due(NOON, 10)} == {make_sha("due")}
    leases.postpone(lease, OBSTACLE, until=LATER)
    assert waitlist.release(MODEL) == 1
    assert_sound(ledger)


def test_the_newest_are_released_first_and_a_backfill_last(
    ledger: Ledger, leases: Leases, waitlist: Waitlist
) -> None:
    record(ledger, "filled", source=Source.BACKFILL, at=NOON + timedelta(hours=1))
    for hours, seed in enumerate(("old", "older", "oldest")):
        record(ledger, seed, at=NOON - timedelta(hours=hours))
    defer(leases, waitlist, "filled", "oldest", "old", "older")
    waitlist.release(MODEL)
    seeds = ("old", "older", "oldest", "filled")
    assert [sha for _, sha in leases.due(NOON, 10)] == [make_sha(seed) for seed in seeds]


def test_whoever_joins_is_told_how_many_go_before(ledger: Ledger, leases: Leases, waitlist: Waitlist) -> None:
    record(ledger, "old", at=NOON - timedelta(hours=1))
    record(ledger, "new")
    old, new = (claimed(leases, seed).entry for seed in ("old", "new"))
    places = [waitlist.join(MODEL, entry) for entry in (old, new, old)]
    assert places == [0, 0, 1]


def test_a_long_list_is_released_to_its_end(ledger: Ledger, leases: Leases, waitlist: Waitlist) -> None:
    seeds = range(AT_ONCE + 10)
    record(ledger, *seeds)
    defer(leases, waitlist, *seeds)
    assert [waitlist.release(MODEL) for _ in range(2)] == [AT_ONCE + 10, 0]


def test_a_list_that_nobody_releases_expires(waitlist: Waitlist) -> None:
    waitlist.join(MODEL, make_entry())
    (key,) = waitlist.redis.keys("*")
    assert 0 < waitlist.redis.ttl(key) <= KEPT.total_seconds()
