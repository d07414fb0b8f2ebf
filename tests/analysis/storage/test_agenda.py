from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, REPOSITORY, make_sha
from invariants import snapshot
from landings import at_once, make_push

from analysis.calendar import Calendar
from analysis.models import NO_SHA
from analysis.storage.agenda import MOST_MISSED_DAYS, Agenda, Branch
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store

DAY = date(2026, 1, 9)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
PATIENCE = timedelta(minutes=20)


def taken(agenda: Agenda, now: datetime = NOON) -> bool:
    return agenda.take_walk(REPOSITORY, now, now + PATIENCE)


def closing_days(agenda: Agenda, now: datetime) -> list[date]:
    return [day for _, day in agenda.closings_due(now)]


# Walks


def test_a_followed_repository_is_walked_once_and_then_when_its_poll_is_due(agenda: Agenda) -> None:
    agenda.follow([REPOSITORY], NOON)
    assert taken(agenda)
    agenda.finish_walk(REPOSITORY, NOON + PATIENCE, NOON + HOUR)
    agenda.follow([REPOSITORY], NOON + SECOND)
    assert agenda.walks_due(NOON + HOUR - SECOND) == ()
    assert agenda.walks_due(NOON + HOUR) == (REPOSITORY,)


def test_following_nothing_is_no_mistake(agenda: Agenda) -> None:
    agenda.follow([], NOON)
    assert agenda.walks_due(NOON) == ()


def test_a_push_makes_a_walk_due_now(agenda: Agenda, ledger: Ledger) -> None:
    agenda.plan_walk(REPOSITORY, NOON + HOUR)
    assert not taken(agenda)
    ledger.record_push(make_push(1))
    assert agenda.walks_due(NOON) == (REPOSITORY,)
    assert taken(agenda)


def test_a_walk_is_taken_once(agenda: Agenda) -> None:
    agenda.follow([REPOSITORY], NOON)
    assert sorted(at_once(8, lambda _: taken(agenda))) == [False] * 7 + [True]


def test_a_walk_comes_up_again_when_its_job_dies(agenda: Agenda) -> None:
    agenda.follow([REPOSITORY], NOON)
    taken(agenda)
    assert agenda.walks_due(NOON + PATIENCE - SECOND) == ()
    assert agenda.walks_due(NOON + PATIENCE) == (REPOSITORY,)


def test_a_push_during_a_walk_makes_it_due_again(agenda: Agenda, ledger: Ledger) -> None:
    agenda.follow([REPOSITORY], NOON)
    taken(agenda)
    ledger.record_push(make_push(1))
    assert agenda.walks_due(NOON) == (REPOSITORY,)
    agenda.finish_walk(REPOSITORY, NOON + PATIENCE, NOON + HOUR)
    assert agenda.walks_due(NOON) == (REPOSITORY,)


def test_who_finishes_late_leaves_the_walk_of_another_alone(agenda: Agenda) -> None:
    agenda.follow([REPOSITORY], NOON)
    taken(agenda)
    later = NOON + PATIENCE
    assert taken(agenda, later)
    agenda.finish_walk(REPOSITORY, NOON + PATIENCE, NOON + HOUR)
    assert agenda.walks_due(later + PATIENCE - SECOND) == ()
    assert agenda.walks_due(later + PATIENCE) == (REPOSITORY,)


def test_a_walk_is_planned_for_the_earlier_instant(agenda: Agenda) -> None:
    agenda.plan_walk(REPOSITORY, NOON + HOUR)
    agenda.plan_walk(REPOSITORY, NOON)
    agenda.plan_walk(REPOSITORY, NOON + HOUR)
    assert agenda.walks_due(NOON) == (REPOSITORY,)


def test_a_repository_that_is_not_followed_any_more_is_dropped(agenda: Agenda) -> None:
    agenda.follow([REPOSITORY], NOON)
    agenda.drop_walk(REPOSITORY)
    assert agenda.walks_due(NOON) == ()
    assert not taken(agenda)


# Enquiries


def test_an_enquiry_is_planned_once_taken_once_and_comes_up_again_when_its_job_dies(agenda: Agenda) -> None:
    agenda.plan_enquiries([REPOSITORY], NOON)
    agenda.plan_enquiries([REPOSITORY], NOON + HOUR)
    assert agenda.enquiries_due(NOON - SECOND) == ()
    assert agenda.enquiries_due(NOON) == (REPOSITORY,)
    won = at_once(8, lambda _: agenda.take_enquiry(REPOSITORY, NOON, NOON + PATIENCE))
    assert sorted(won) == [False] * 7 + [True]
    assert agenda.enquiries_due(NOON + PATIENCE - SECOND) == ()
    assert agenda.enquiries_due(NOON + PATIENCE) == (REPOSITORY,)


def test_a_finished_enquiry_is_due_in_its_time_unless_it_is_called_for_at_once(agenda: Agenda) -> None:
    agenda.plan_enquiries([REPOSITORY], NOON)
    agenda.take_enquiry(REPOSITORY, NOON, NOON + PATIENCE)
    agenda.finish_enquiry(REPOSITORY, NOON + PATIENCE, NOON + HOUR)
    assert agenda.enquiries_due(NOON + HOUR - SECOND) == ()
    agenda.enquire_now(REPOSITORY)
    assert agenda.enquiries_due(NOON) == (REPOSITORY,)
    agenda.drop_enquiry(REPOSITORY)
    assert agenda.enquiries_due(NOON + HOUR) == ()


# Branches


def test_a_branch_that_nobody_walked_or_pushed_is_empty(agenda: Agenda) -> None:
    assert agenda.branch(REPOSITORY, "main") == Branch(cursor=None, start=None, pushed=None, pushed_at=None)


def test_the_earliest_push_says_where_to_start_and_the_newest_what_landed_when(
    agenda: Agenda, ledger: Ledger
) -> None:
    for number in (2, 3, 1):
        before, at = make_sha(number - 1), NOON + number * SECOND
        ledger.record_push(make_push(number, branch="release/1", before=before, pushed_at=at))
    branch = agenda.branch(REPOSITORY, "release/1")
    assert branch == Branch(
        cursor=None,
        start=make_sha(0),
        pushed=make_sha(3),
        pushed_at=NOON + 3 * SECOND,
        before=make_sha(2),
    )
    assert agenda.branch(REPOSITORY, "release").pushed is None


def test_a_push_that_creates_a_branch_gives_no_start(agenda: Agenda, ledger: Ledger) -> None:
    ledger.record_push(make_push(1, before=NO_SHA))
    branch = agenda.branch(REPOSITORY, "main")
    assert (branch.start, branch.before, branch.created) == (None, None, True)


def test_the_cursor_moves_from_where_it_was_read_only(agenda: Agenda) -> None:
    first, second, third = (make_sha(number) for number in range(3))
    assert agenda.advance(REPOSITORY, "main", cursor=None, head=first)
    assert agenda.advance(REPOSITORY, "main", cursor=first, head=second)
    assert not agenda.advance(REPOSITORY, "main", cursor=first, head=third)
    assert not agenda.advance(REPOSITORY, "main", cursor=None, head=third)
    assert agenda.advance(REPOSITORY, "main", cursor=first, head=second)
    assert agenda.branch(REPOSITORY, "main").cursor == second


def test_the_first_cursor_stays_as_the_floor(agenda: Agenda) -> None:
    for cursor, head in ((None, 1), (1, 2), (2, 3)):
        agenda.advance(REPOSITORY, "main", cursor=make_sha(cursor) if cursor else None, head=make_sha(head))
    branch = agenda.branch(REPOSITORY, "main")
    assert (branch.floor, branch.cursor) == (make_sha(1), make_sha(3))


def test_of_many_that_move_the_cursor_one_wins(agenda: Agenda) -> None:
    moved = at_once(8, lambda number: agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(number)))
    assert sorted(moved) == [False] * 7 + [True]


# Closings


def test_a_day_without_commits_is_closed_too(agenda: Agenda) -> None:
    agenda.plan_closings([REPOSITORY], DAY)
    closes_at = agenda.calendar.closes_at(DAY)
    assert closing_days(agenda, closes_at - SECOND) == []
    assert agenda.closings_due(closes_at) == ((REPOSITORY, DAY),)


def test_a_day_is_planned_once(agenda: Agenda, ledger: Ledger) -> None:
    agenda.plan_closings([REPOSITORY], DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "closed", NOON)
    agenda.plan_closings([REPOSITORY], DAY)
    agenda.plan_closings([REPOSITORY], DAY + timedelta(days=1))
    assert closing_days(agenda, NOON + timedelta(days=9)) == [DAY + timedelta(days=1)]


@pytest.mark.parametrize(("away", "missed"), [(1, 1), (5, 5), (31, 31), (400, MOST_MISSED_DAYS)])
def test_after_an_outage_every_missed_day_is_closed_up_to_31(
    agenda: Agenda, ledger: Ledger, away: int, missed: int
) -> None:
    agenda.plan_closings([REPOSITORY], DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "closed", NOON)
    today = DAY + timedelta(days=away + 1)
    agenda.plan_closings([REPOSITORY], today)
    now = agenda.calendar.closes_at(today) - SECOND
    assert closing_days(agenda, now) == [today - timedelta(days=days) for days in range(missed, 0, -1)]


def test_a_clock_that_goes_back_plans_no_closed_day_again(agenda: Agenda, ledger: Ledger) -> None:
    for days in range(3):
        agenda.plan_closings([REPOSITORY], DAY + timedelta(days=days))
        day = DAY + timedelta(days=days)
        ledger.close(ledger.day_record(REPOSITORY, day), "closed", NOON)
    agenda.plan_closings([REPOSITORY], DAY)
    agenda.plan_closings([REPOSITORY], DAY + timedelta(days=3))
    assert closing_days(agenda, NOON + timedelta(days=9)) == [DAY + timedelta(days=3)]


def test_planning_keeps_the_instant_of_a_closing_that_was_taken(agenda: Agenda) -> None:
    agenda.plan_closings([REPOSITORY], DAY)
    now = agenda.calendar.closes_at(DAY)
    assert agenda.take_closing(REPOSITORY, DAY, now, now + PATIENCE)
    agenda.plan_closings([REPOSITORY], DAY + timedelta(days=1))
    assert closing_days(agenda, now) == []


def test_many_clocks_plan_the_same_closings(agenda: Agenda) -> None:
    agenda.plan_closings([REPOSITORY], DAY)
    at_once(8, lambda _: agenda.plan_closings([REPOSITORY, "octo/other"], DAY + timedelta(days=2)))
    due = agenda.closings_due(NOON + timedelta(days=9))
    assert len(due) == len(set(due)) == 4


def test_a_closing_is_taken_once_and_comes_up_again_when_its_job_dies(agenda: Agenda) -> None:
    agenda.plan_closings([REPOSITORY], DAY)
    now = agenda.calendar.closes_at(DAY)
    won = at_once(8, lambda _: agenda.take_closing(REPOSITORY, DAY, now, now + PATIENCE))
    assert sorted(won) == [False] * 7 + [True]
    assert closing_days(agenda, now + PATIENCE - SECOND) == []
    assert closing_days(agenda, now + PATIENCE) == [DAY]


def test_a_closed_day_is_on_the_agenda_no_more(agenda: Agenda, ledger: Ledger) -> None:
    ledger.record_push(make_push(1))
    now = agenda.calendar.closes_at(DAY)
    agenda.take_closing(REPOSITORY, DAY, now, now + PATIENCE)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "closed", now)
    assert closing_days(agenda, now + timedelta(days=9)) == []
    assert not agenda.take_closing(REPOSITORY, DAY, now + timedelta(days=9), now + timedelta(days=10))


@pytest.mark.parametrize(
    ("day", "closes_at"),
    [
        (date(2026, 3, 7), datetime(2026, 3, 8, 5, 10, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 9, 4, 10, tzinfo=UTC)),
        (date(2026, 10, 31), datetime(2026, 11, 1, 4, 10, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 2, 5, 10, tzinfo=UTC)),
    ],
)
def test_days_of_23_and_25_hours_close_at_the_same_time_of_day(
    store: Store, day: date, closes_at: datetime
) -> None:
    agenda = Agenda(store, Calendar(ZoneInfo("America/New_York")))
    agenda.plan_closings([REPOSITORY], day)
    assert closing_days(agenda, closes_at - SECOND) == []
    assert closing_days(agenda, closes_at) == [day]


# One at a time


def test_a_lock_is_held_by_one_and_ends_by_itself(agenda: Agenda) -> None:
    assert sorted(at_once(8, lambda _: agenda.lock("tick", 60))) == [False] * 7 + [True]
    assert agenda.lock("another", 60)
    assert not agenda.lock("another", 60)
    agenda.unlock("another")
    assert agenda.lock("another", 60)
    assert 0 < agenda.redis.pttl("pushdigest:lock:tick") <= 60_000


def test_a_clock_that_ticked_counts_for_a_while(agenda: Agenda) -> None:
    assert not agenda.ticking()
    agenda.ticked(60)
    assert agenda.ticking()
    assert 0 < agenda.redis.pttl("pushdigest:ticked") <= 60_000


def test_looking_at_the_agenda_changes_nothing(agenda: Agenda, ledger: Ledger) -> None:
    ledger.record_push(make_push(1))
    before = snapshot(ledger.redis)
    agenda.walks_due(NOON + timedelta(days=9))
    agenda.closings_due(NOON + timedelta(days=9))
    agenda.branch(REPOSITORY, "main")
    assert snapshot(ledger.redis) == before
