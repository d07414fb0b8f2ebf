from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, REPOSITORY, make_facts, make_sha
from invariants import assert_sound, snapshot
from landings import analyse, at_once, claimed, make_landed, make_push, record
from redis.exceptions import OutOfMemoryError

from analysis.agenda import Agenda
from analysis.calendar import Calendar
from analysis.leases import Leases
from analysis.ledger import Ledger, Progress
from analysis.models import Call, Obstacle, Source, State, Tokens
from analysis.store import Store

DAY = date(2026, 1, 9)


def make_call(**fields: object) -> Call:
    defaults = {
        "id": "one",
        "repository": REPOSITORY,
        "sha": make_sha(1),
        "model": "example-model",
        "at": NOON,
        "tokens": Tokens(prompt=100, completion=20),
    }
    return Call.model_validate(defaults | fields)


# What landed


def test_a_push_records_its_commits_as_pending_on_the_day_it_was_made(ledger: Ledger) -> None:
    push = make_push(1, 2)
    assert ledger.record_push(push) == tuple(commit.sha for commit in push.commits)
    entry = ledger.entry(REPOSITORY, make_sha(1))
    assert entry is not None
    assert entry.landed == push.commits[0]
    assert (entry.day, entry.landed_at, entry.branch) == (DAY, NOON, "main")
    assert (entry.state, entry.source, entry.attempts) == (State.PENDING, Source.PUSH, 0)
    assert (entry.facts, entry.analysis, entry.obstacle) == (None, None, None)
    assert_sound(ledger, NOON)


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
    assert_sound(ledger, NOON)


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
    assert_sound(ledger, NOON)


def test_overlapping_deliveries_at_once_list_every_commit_once(ledger: Ledger) -> None:
    pushes = [
        make_push(*range(number, number + 10), pushed_at=NOON + timedelta(days=number)) for number in range(8)
    ]
    new = at_once(8, lambda number: ledger.record_push(pushes[number]))
    assert sorted(sha for shas in new for sha in shas) == sorted(make_sha(seed) for seed in range(17))
    assert_sound(ledger, NOON)


def test_a_push_that_names_a_commit_twice_records_it_once(ledger: Ledger) -> None:
    assert ledger.record_push(make_push(1, 1)) == (make_sha(1),)
    assert_sound(ledger, NOON)


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
    assert_sound(ledger, NOON)


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
    assert_sound(ledger, NOON)


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


def test_an_operators_url_is_kept(ledger: Ledger) -> None:
    assert ledger.urls() == {}
    ledger.follow(REPOSITORY, "https://example.test/engine.git")
    assert ledger.urls() == {REPOSITORY: "https://example.test/engine.git"}


# What there is to read


def test_days_and_repositories_are_listed_in_order(ledger: Ledger) -> None:
    record(ledger, 1)
    record(ledger, 2, at=NOON + timedelta(days=2))
    record(ledger, 3, at=NOON - timedelta(days=400))
    ledger.record_push(make_push(1, repository="a/first"))
    assert ledger.days(REPOSITORY) == (date(2026, 1, 11), DAY, date(2024, 12, 5))
    assert ledger.repositories() == ("a/first", REPOSITORY)


def test_the_same_sha_in_two_repositories_is_two_entries(ledger: Ledger, leases: Leases) -> None:
    ledger.record_push(make_push(1))
    ledger.record_push(make_push(1, repository="octo/fork"))
    analyse(leases, 1)
    other = ledger.entry("octo/fork", make_sha(1))
    assert other is not None
    assert other.state is State.PENDING
    assert_sound(ledger, NOON)


def test_what_was_never_recorded_is_none_or_empty(ledger: Ledger) -> None:
    assert ledger.entry(REPOSITORY, make_sha(1)) is None
    assert ledger.day(REPOSITORY, DAY) == ()
    assert ledger.days(REPOSITORY) == ()
    assert ledger.find(REPOSITORY, "a") == ()
    assert ledger.day_record(REPOSITORY, DAY).revision == 0
    assert ledger.overview(NOON).oldest_pending is None


def test_commits_are_found_by_the_start_of_their_sha(ledger: Ledger) -> None:
    shas = ["0a" + "0" * 38, "0ab" + "0" * 37, "0af" + "f" * 37, "0b" + "0" * 38]
    landed = [(make_landed(sha, sha=sha), NOON) for sha in shas]
    ledger.record_landed(REPOSITORY, "main", landed, source=Source.POLL)
    assert ledger.find(REPOSITORY, "0a") == tuple(shas[:3])
    assert ledger.find(REPOSITORY, "0af") == (shas[2],)
    assert ledger.find(REPOSITORY, shas[3]) == (shas[3],)
    assert ledger.find(REPOSITORY, "1") == ()


def test_at_most_ten_commits_are_found(ledger: Ledger) -> None:
    landed = [(make_landed(n, sha=f"{n:040x}"), NOON) for n in range(15)]
    ledger.record_landed(REPOSITORY, "main", landed, source=Source.POLL)
    assert len(ledger.find(REPOSITORY, "000")) == 10


def test_progress_counts_each_commit_where_it_stands(ledger: Ledger, leases: Leases) -> None:
    record(ledger, "analysed", "parked", "waiting", "untried")
    analyse(leases, "analysed")
    leases.park(claimed(leases, "parked"), Obstacle(code="model-refused"), NOON)
    leases.defer(claimed(leases, "waiting"), Obstacle(code="budget"), NOON, until=NOON)
    seeds = ("analysed", "parked", "waiting", "untried", "never recorded")
    found = ledger.progress(REPOSITORY, [make_sha(seed) for seed in seeds])
    assert found == Progress(analysed=1, parked=1, waiting=1, untried=1)
    assert ledger.progress(REPOSITORY, []) == Progress(analysed=0, parked=0, waiting=0, untried=0)


# Days


def test_a_close_makes_revision_1_and_the_same_content_no_other(ledger: Ledger) -> None:
    record(ledger, 1)
    revisions = [
        ledger.close(ledger.day_record(REPOSITORY, DAY), content, NOON)
        for content in ("first", "first", "second", "second", "first")
    ]
    assert revisions == [1, 1, 2, 2, 3]
    record_ = ledger.day_record(REPOSITORY, DAY)
    assert (record_.revision, record_.closed_at) == (3, NOON)


def test_a_day_without_commits_can_be_closed(ledger: Ledger) -> None:
    assert ledger.close(ledger.day_record(REPOSITORY, DAY), "empty", NOON) == 1
    assert ledger.days(REPOSITORY) == (DAY,)
    assert ledger.repositories() == (REPOSITORY,)


def test_a_change_between_reading_and_closing_keeps_the_closing_due(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    record(ledger, 1)
    read = ledger.day_record(REPOSITORY, DAY)
    analyse(leases, 1)
    now = ledger.calendar.closes_at(DAY)
    assert ledger.close(read, "one waits", now) == 1
    assert agenda.closings_due(now) == ((REPOSITORY, DAY),)
    assert ledger.close(ledger.day_record(REPOSITORY, DAY), "analysed", now) == 2
    assert agenda.closings_due(now + timedelta(days=9)) == ()


def test_a_change_while_something_waits_brings_the_closing_back_a_day_later(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    record(ledger, 1, 2)
    read = ledger.day_record(REPOSITORY, DAY)
    analyse(leases, 1)
    now = ledger.calendar.closes_at(DAY)
    ledger.close(read, "two wait", now)
    assert agenda.closings_due(now + timedelta(hours=23)) == ()
    assert agenda.closings_due(now + timedelta(hours=24)) == ((REPOSITORY, DAY),)


def test_an_analysis_of_a_closed_day_makes_it_due_once_nothing_is_pending(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    record(ledger, 1, 2)
    closed_at = ledger.calendar.closes_at(DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "two wait", closed_at)
    assert agenda.closings_due(closed_at + timedelta(days=9)) == ()
    later = closed_at + timedelta(hours=1)
    analyse(leases, 1, later)
    assert agenda.closings_due(closed_at + timedelta(hours=23, minutes=59)) == ()
    assert agenda.closings_due(closed_at + timedelta(hours=24)) == ((REPOSITORY, DAY),)
    analyse(leases, 2, later)
    assert agenda.closings_due(later) == ((REPOSITORY, DAY),)


def test_a_failure_long_after_the_closing_makes_the_day_due_now(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    record(ledger, 1)
    closed_at = ledger.calendar.closes_at(DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "one waits", closed_at)
    later = closed_at + timedelta(days=3)
    leases.defer(claimed(leases, 1, later), Obstacle(code="budget"), later, until=later)
    assert agenda.closings_due(later - timedelta(seconds=1)) == ()
    assert agenda.closings_due(later) == ((REPOSITORY, DAY),)


def test_two_that_close_at_once_make_one_revision(ledger: Ledger) -> None:
    record(ledger, 1)
    read = ledger.day_record(REPOSITORY, DAY)
    assert at_once(8, lambda _: ledger.close(read, "same", NOON)) == [1] * 8
    assert ledger.day_record(REPOSITORY, DAY).revision == 1


def test_of_two_that_close_with_different_content_one_gives_way(ledger: Ledger) -> None:
    record(ledger, 1)
    read = ledger.day_record(REPOSITORY, DAY)
    found = at_once(2, lambda number: ledger.close(read, f"content {number}", NOON))
    assert sorted(found) == [-1, 1]
    assert ledger.day_record(REPOSITORY, DAY).revision == 1


def test_who_read_before_another_closed_leaves_the_revision_alone(ledger: Ledger) -> None:
    stale = ledger.day_record(REPOSITORY, DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "first", NOON)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "second", NOON)
    before = snapshot(ledger.redis)
    assert ledger.close(stale, "stale", NOON + timedelta(hours=1)) == -1
    assert snapshot(ledger.redis) == before


def test_reading_again_what_git_says_is_no_change_of_the_day(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    analyse(leases, 1)
    version = ledger.day_record(REPOSITORY, DAY).version
    walked = make_landed(1, parents=(make_sha(0),))
    ledger.record_landed(REPOSITORY, "main", [(walked, NOON)], source=Source.POLL)
    assert ledger.day_record(REPOSITORY, DAY).version == version


# What it took


def test_a_call_recorded_twice_counts_once_on_its_own_day(ledger: Ledger) -> None:
    call = make_call()
    ledger.record_call(call)
    ledger.record_call(call)
    ledger.record_call(make_call(id="two", at=NOON + timedelta(hours=12)))
    assert ledger.calls(DAY) == (call,)
    assert ledger.overview(NOON).calls == (call,)


def test_the_overview_adds_up(ledger: Ledger, leases: Leases) -> None:
    record(ledger, *range(6))
    record(ledger, "early", at=NOON - timedelta(days=2))
    ledger.record_push(make_push(1, repository="octo/other"))
    analyse(leases, 0)
    analyse(leases, 1)
    leases.park(claimed(leases, 2), Obstacle(code="model-refused"), NOON)
    overview = ledger.overview(NOON)
    assert replace(overview, calls=()) == replace(
        overview, pending=5, analysed=2, parked=1, oldest_pending=NOON - timedelta(days=2), calls=()
    )
    assert_sound(ledger, NOON)
