from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, REPOSITORY, make_facts, make_sha
from invariants import assert_sound, snapshot
from landings import analyse, at_once, make_landed, make_push, record
from redis.exceptions import OutOfMemoryError

from analysis.calendar import Calendar
from analysis.storage.agenda import Agenda
from analysis.storage.entry import Source, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store

DAY = date(2026, 1, 9)


def test_a_push_records_its_commits_as_pending_on_the_day_it_was_made(ledger: Ledger) -> None:
    push = make_push(1, 2)
    assert ledger.record_push(push) == tuple(commit.sha for commit in push.commits)
    entry = ledger.entry(REPOSITORY, make_sha(1))
    assert entry is not None
    assert entry.landed == push.commits[0]
    assert (entry.day, entry.landed_at, entry.branch) == (DAY, NOON, "main")
    assert (entry.state, entry.source, entry.attempts) == (State.PENDING, Source.PUSH, 0)
    assert (entry.facts, entry.analysis, entry.obstacle) == (None, None, None)
    assert_sound(ledger)


def test_a_push_plans_a_walk_and_the_closing_of_its_day(ledger: Ledger, agenda: Agenda) -> None:
    ledger.record_push(make_push(1))
    assert agenda.walks_due(NOON) == (REPOSITORY,)
    closes_at = ledger.calendar.closes_at(DAY)
    assert agenda.closings_due(closes_at - timedelta(seconds=1)) == ()
    assert agenda.closings_due(closes_at) == ((REPOSITORY, DAY),)


def test_the_same_delivery_ten_times_at_once_records_its_commits_once(ledger: Ledger) -> None:
    push = make_push(*range(20))
    new = at_once(10, lambda _: ledger.record_push(push))
    assert sorted(map(len, new)) == [0] * 9 + [20]
    assert len(ledger.day(REPOSITORY, DAY)) == 20
    assert_sound(ledger)


def test_a_redelivery_changes_nothing(ledger: Ledger) -> None:
    ledger.record_push(make_push(1, 2))
    before = snapshot(ledger.redis)
    assert ledger.record_push(make_push(1, 2)) == ()
    assert snapshot(ledger.redis) == before


def test_overlapping_deliveries_list_a_commit_once_on_the_day_of_the_first(ledger: Ledger) -> None:
    ledger.record_push(make_push(1, 2))
    later = make_push(2, 3, pushed_at=NOON + timedelta(days=1))
    assert ledger.record_push(later) == (make_sha(3),)
    assert {entry.sha for entry in ledger.day(REPOSITORY, DAY)} == {make_sha(1), make_sha(2)}
    assert [entry.sha for entry in ledger.day(REPOSITORY, date(2026, 1, 10))] == [make_sha(3)]
    assert_sound(ledger)


def test_overlapping_deliveries_at_once_list_every_commit_once(ledger: Ledger) -> None:
    pushes = [
        make_push(*range(number, number + 10), pushed_at=NOON + timedelta(days=number)) for number in range(8)
    ]
    new = at_once(8, lambda number: ledger.record_push(pushes[number]))
    assert sorted(sha for shas in new for sha in shas) == sorted(make_sha(seed) for seed in range(17))
    assert_sound(ledger)


def test_a_push_that_names_a_commit_twice_records_it_once(ledger: Ledger) -> None:
    assert ledger.record_push(make_push(1, 1)) == (make_sha(1),)
    assert_sound(ledger)


@pytest.mark.parametrize(
    ("pushed_at", "day"),
    [
        ("2026-01-08T15:59:59.999+00:00", date(2026, 1, 8)),
        ("2026-01-08T16:00:00+00:00", date(2026, 1, 9)),
        ("2026-01-09T15:59:59+00:00", date(2026, 1, 9)),
        ("2026-01-09T00:30:00-08:00", date(2026, 1, 9)),
        ("2026-01-09T08:00:00-08:00", date(2026, 1, 10)),
    ],
)
def test_the_day_is_that_of_the_push_in_the_reports_time_zone(
    ledger: Ledger, pushed_at: str, day: date
) -> None:
    ledger.record_push(make_push(1, pushed_at=datetime.fromisoformat(pushed_at)))
    assert ledger.days(REPOSITORY) == (day,)
    assert [entry.day for entry in ledger.day(REPOSITORY, day)] == [day]


@pytest.mark.parametrize(
    ("landed_at", "day"),
    [
        (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 3, 8, 5, 0, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 3, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 4, 0, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 11, 1, 4, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 5, 0, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_days_of_23_and_25_hours_hold_what_landed_on_them(
    store: Store, landed_at: datetime, day: date
) -> None:
    ledger = Ledger(store, Calendar(ZoneInfo("America/New_York")))
    record(ledger, 1, at=landed_at)
    assert ledger.days(REPOSITORY) == (day,)


def test_a_walk_refines_what_the_payload_said(ledger: Ledger) -> None:
    ledger.record_push(make_push(1))
    walked = make_landed(1, parents=(make_sha(0),), subject="as git says")
    for source in Source:
        assert ledger.record_landed(REPOSITORY, "main", [(walked, NOON)], source=source) == ()
        entry = ledger.entry(REPOSITORY, make_sha(1))
        assert entry is not None
        assert entry.landed == walked
        assert entry.source is Source.PUSH
    assert_sound(ledger)


def test_a_payload_does_not_blur_what_a_walk_said(ledger: Ledger) -> None:
    walked = make_landed(1, parents=(make_sha(0),), subject="as git says")
    ledger.record_landed(REPOSITORY, "main", [(walked, NOON)], source=Source.POLL)
    assert ledger.record_push(make_push(1)) == ()
    entry = ledger.entry(REPOSITORY, make_sha(1))
    assert entry is not None
    assert entry.landed == walked


def test_what_was_read_from_git_is_not_replaced_by_a_walk(ledger: Ledger, leases: Leases) -> None:
    ledger.record_push(make_push(1))
    analyse(leases, 1)
    walked = make_landed(1, parents=(make_sha(0),), subject="as a walk says")
    ledger.record_landed(REPOSITORY, "main", [(walked, NOON)], source=Source.PUSH)
    entry = ledger.entry(REPOSITORY, make_sha(1))
    assert entry is not None
    assert entry.landed == make_facts(seed=1).landed()


def test_a_push_of_2100_commits_is_one_step(ledger: Ledger) -> None:
    assert len(ledger.record_push(make_push(*range(2100)))) == 2100
    assert len(ledger.day(REPOSITORY, DAY)) == 2100
    assert_sound(ledger)


def test_nothing_of_a_push_is_recorded_when_the_server_refuses_to_write(ledger: Ledger) -> None:
    ledger.record_push(make_push(1))
    before = snapshot(ledger.redis)
    ledger.redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(OutOfMemoryError):
            ledger.record_push(make_push(2))
    finally:
        ledger.redis.config_set("maxmemory", 0)
    assert snapshot(ledger.redis) == before


def test_text_of_any_kind_comes_back_as_it_was(ledger: Ledger) -> None:
    subject = '修复 \\xff \u0000 \u2028 \U0001f680 "quoted" | <b> \\u0041'
    ledger.record_push(make_push(1, branch='功能/a"b', commits=(make_landed(1, subject=subject),)))
    entry = ledger.entry(REPOSITORY, make_sha(1))
    assert entry is not None
    assert (entry.landed.subject, entry.branch) == (subject, '功能/a"b')


def test_a_commit_recorded_after_its_day_was_closed_waits_for_its_analysis(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    record(ledger, 1)
    analyse(leases, 1)
    closed_at = ledger.calendar.closes_at(DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "first", closed_at)
    record(ledger, 2)
    assert agenda.closings_due(closed_at + timedelta(hours=23, minutes=59)) == ()
    assert agenda.closings_due(closed_at + timedelta(hours=24)) == ((REPOSITORY, DAY),)
    landed = closed_at + timedelta(minutes=5)
    analyse(leases, 2, landed)
    assert agenda.closings_due(landed) == ((REPOSITORY, DAY),)


def test_a_day_that_a_backfill_begins_is_closed_once_it_is_complete(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    long_after = ledger.calendar.closes_at(DAY) + timedelta(days=90)
    record(ledger, 1, 2, source=Source.BACKFILL)
    analyse(leases, 1, long_after)
    assert agenda.closings_due(long_after) == ()
    analyse(leases, 2, long_after)
    assert agenda.closings_due(long_after) == ((REPOSITORY, DAY),)


def test_an_operators_url_is_kept(ledger: Ledger) -> None:
    assert ledger.urls() == {}
    ledger.follow(REPOSITORY, "https://example.test/engine.git")
    assert ledger.urls() == {REPOSITORY: "https://example.test/engine.git"}
