from datetime import date, timedelta

from builders import NOON, REPOSITORY, make_sha
from invariants import assert_sound, snapshot
from landings import analyse, at_once, claimed, make_landed, make_push, record

from analysis.storage.agenda import Agenda
from analysis.storage.census import Overview, Progress
from analysis.storage.entry import Obstacle, Source, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger

DAY = date(2026, 1, 9)


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
    assert_sound(ledger)


def test_what_was_never_recorded_is_none_or_empty(ledger: Ledger) -> None:
    assert ledger.entry(REPOSITORY, make_sha(1)) is None
    assert ledger.day(REPOSITORY, DAY) == ()
    assert ledger.days(REPOSITORY) == ()
    assert ledger.find(REPOSITORY, "a") == ()
    assert ledger.day_record(REPOSITORY, DAY).revision == 0
    assert ledger.census.overview().oldest_pending is None


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
    record(ledger, "analysed", "parked", "waiting", "untried", "queued")
    analyse(leases, "analysed")
    leases.park(claimed(leases, "parked"), Obstacle(code="model-refused"), NOON)
    leases.defer(claimed(leases, "waiting"), Obstacle(code="budget"), NOON, until=NOON)
    leases.defer(claimed(leases, "queued"), Obstacle(code="queued"), NOON, until=NOON)
    seeds = ("analysed", "parked", "waiting", "untried", "queued", "never recorded")
    found = ledger.census.progress(REPOSITORY, [make_sha(seed) for seed in seeds])
    assert found == Progress(analysed=1, parked=1, waiting=1, untried=2)
    assert ledger.census.progress(REPOSITORY, []) == Progress(analysed=0, parked=0, waiting=0, untried=0)


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
    assert agenda.closings_due(later + timedelta(hours=23, minutes=59)) == ()
    assert agenda.closings_due(later + timedelta(hours=24)) == ((REPOSITORY, DAY),)
    analyse(leases, 2, later)
    assert agenda.closings_due(later) == ((REPOSITORY, DAY),)


def test_work_long_after_the_closing_makes_the_day_due_when_it_is_done_or_a_day_later(
    ledger: Ledger, leases: Leases, agenda: Agenda
) -> None:
    record(ledger, 1, 2, 3)
    closed_at = ledger.calendar.closes_at(DAY)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "three wait", closed_at)
    later = closed_at + timedelta(days=3)
    leases.defer(claimed(leases, 1, later), Obstacle(code="budget"), later, until=later)
    analyse(leases, 2, later + timedelta(hours=1))
    assert agenda.closings_due(later + timedelta(hours=23)) == ()
    assert agenda.closings_due(later + timedelta(hours=24)) == ((REPOSITORY, DAY),)
    for seed in (1, 3):
        analyse(leases, seed, later + timedelta(hours=2))
    assert agenda.closings_due(later + timedelta(hours=2)) == ((REPOSITORY, DAY),)


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


def test_the_overview_adds_up(ledger: Ledger, leases: Leases) -> None:
    record(ledger, *range(6))
    record(ledger, "early", at=NOON - timedelta(days=2))
    ledger.record_push(make_push(1, repository="octo/other"))
    analyse(leases, 0)
    analyse(leases, 1)
    leases.park(claimed(leases, 2), Obstacle(code="model-refused"), NOON)
    assert ledger.census.overview() == Overview(
        pending=5, analysed=2, parked=1, oldest_pending=NOON - timedelta(days=2)
    )
    assert_sound(ledger)
