"""What a new relation makes of the days of both."""

from datetime import UTC, datetime

from builders import NOON, REPOSITORY, make_analysis
from invariants import assert_sound, content_of
from landings import claimed
from stories import STORY, entry_of, land, read

from analysis.models import Commit
from analysis.storage import keys
from analysis.storage.leases import Leases
from analysis.storage.ledger import BETWEEN_REVISIONS, Ledger
from analysis.storage.store import Store, to_ms


def closed(ledger: Ledger, commit: Commit, at: datetime) -> int:
    """Close a commit's day as the clock does; returns the revision."""
    day = entry_of(ledger, commit).day
    record = ledger.day_record(REPOSITORY, day)
    return ledger.close(record, content_of(ledger.day(REPOSITORY, day)), at)


def test_both_days_know_that_they_changed(ledger: Ledger) -> None:
    land(ledger, *STORY[:2])
    days = [entry_of(ledger, each).day for each in STORY[:2]]
    before = [ledger.day_record(REPOSITORY, day).version for day in days]
    read(ledger, *STORY[:2])
    assert [ledger.day_record(REPOSITORY, day).version for day in days] == [each + 1 for each in before]


def test_a_closed_day_is_closed_once_more_but_not_within_a_day(
    ledger: Ledger, leases: Leases, store: Store
) -> None:
    land(ledger, STORY[0])
    lease = claimed(leases, "plan")
    leases.record_read(lease, STORY[0].facts(), make_analysis(source="rules"))
    leases.record_analysis(lease, make_analysis(), NOON)
    read(ledger, STORY[0])
    at = datetime(2026, 1, 10, tzinfo=UTC)
    assert closed(ledger, STORY[0], at) == 1
    closing = keys.closing(REPOSITORY, entry_of(ledger, STORY[0]).day)
    assert store.redis.zscore(keys.CLOSINGS, closing) is None
    land(ledger, STORY[1])
    read(ledger, STORY[1])
    assert store.redis.zscore(keys.CLOSINGS, closing) == to_ms(at + BETWEEN_REVISIONS)
    assert_sound(ledger)


def test_a_day_that_is_open_keeps_its_closing(ledger: Ledger, store: Store) -> None:
    land(ledger, *STORY[:2])
    before = store.redis.zrange(keys.CLOSINGS, 0, -1, withscores=True)
    read(ledger, *STORY[:2])
    assert store.redis.zrange(keys.CLOSINGS, 0, -1, withscores=True) == before
