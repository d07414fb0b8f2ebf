from datetime import date, datetime, timedelta

import pytest
from builders import NOON, make_entry, make_sha
from days import CALENDAR, DAY
from shelf import TODAY, make_library

from analysis.models import Landed, Push
from analysis.storage.entry import DayRecord
from analysis.storage.ledger import Ledger
from analysis.words import words_for
from report.library import Library
from report.refusals import Refused

TOMORROW, BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=1)


def test_a_day_with_commits_is_a_digest() -> None:
    digest = make_library([make_entry()]).digest(DAY)
    assert [repository.name for repository in digest.repositories] == ["octo/engine"]


def test_today_is_an_empty_digest_before_anything_landed() -> None:
    library = make_library([make_entry()])
    assert library.today == TOMORROW
    assert library.digest(TOMORROW).commits == ()
    assert [part.name for part in library.digest(TOMORROW, ["octo/engine"]).repositories] == ["octo/engine"]


def test_a_closed_day_without_commits_is_an_empty_digest() -> None:
    closed = DayRecord(repository="octo/engine", day=BEFORE, revision=1)
    library = make_library([make_entry()], closed=[closed])
    assert library.digest(BEFORE, ["octo/engine"]).counts.total == 0


@pytest.mark.parametrize(("day", "key"), [(date(2026, 1, 1), "day"), (date(2026, 2, 1), "day-future")])
def test_any_other_day_does_not_exist_and_the_closest_are_named(day: date, key: str) -> None:
    with pytest.raises(Refused) as caught:
        make_library([make_entry()]).digest(day)
    assert (caught.value.status, caught.value.key) == (404, key)
    assert caught.value.choices[str(DAY)] == f"/sub/reports/{DAY}"


@pytest.mark.parametrize(
    ("day", "key"),
    [(date(2025, 12, 10), "day-dropped"), (date(2025, 12, 11), "day"), (date(2026, 2, 1), "day-future")],
)
def test_a_day_that_is_not_kept_any_longer_says_so(day: date, key: str) -> None:
    library = make_library([make_entry()], keep_days=30)
    with pytest.raises(Refused) as caught:
        library.digest(day)
    assert (caught.value.status, caught.value.key) == (404, key)
    line = caught.value.line(words_for("en"))
    assert ("kept for 30 days" in line) == (key == "day-dropped")


def test_a_commit_that_is_not_kept_any_longer_says_so() -> None:
    library = make_library([make_entry()])
    gone = make_sha("gone")
    library.ledger.gone.add(("octo/engine", gone))
    with pytest.raises(Refused) as caught:
        library.commit("octo/engine", gone)
    assert (caught.value.status, caught.value.key) == (404, "sha-dropped")
    assert f"{gone} of octo/engine is no longer kept" in caught.value.line(words_for("en"))


def test_names_ignore_case_and_unknown_ones_do_not_exist() -> None:
    library = make_library([make_entry()])
    assert library.repository("OCTO/Engine") == "octo/engine"
    with pytest.raises(Refused):
        library.repository("octo/other")


def test_a_private_repository_exists_only_behind_a_token() -> None:
    entries = [make_entry(), make_entry(repository="octo/secret")]
    private = frozenset({"Octo/Secret"})
    open_library = make_library(entries, private=private)
    assert open_library.repositories() == ("octo/engine",)
    assert [part.name for part in open_library.digest(DAY).repositories] == ["octo/engine"]
    for read in (open_library.repository, lambda name: open_library.commit(name, entries[1].sha)):
        with pytest.raises(Refused):
            read("octo/secret")
    locked = make_library(entries, private=private, report_token="a token")
    assert locked.repositories() == ("octo/engine", "octo/secret")


def test_neighbours_are_the_closest_days_there_are() -> None:
    days = [DAY - timedelta(days=9), DAY, DAY + timedelta(days=1)]
    library = make_library([make_entry(seed=day, day=day) for day in days])
    issue, newest = library.issue(DAY), library.issue(days[2])
    assert (issue.before, issue.after) == (days[0], days[2])
    assert (newest.before, newest.after) == (DAY, None)


def test_recent_issues_are_of_days_that_are_over() -> None:
    library = make_library([make_entry(seed=day, day=day) for day in (DAY, TOMORROW)])
    assert [issue.day for issue in library.recent(5)] == [DAY]


def test_a_commit_is_found_by_the_beginning_of_its_sha() -> None:
    one, two = (make_entry(sha="0d3ff44" + end * 33) for end in "ab")
    library = make_library([one, two])
    assert library.commit("octo/engine", one.sha[:8]) == one
    for prefix, key in (("0d3ff44", "sha-ambiguous"), ("fffffff", "sha-unknown")):
        with pytest.raises(Refused) as caught:
            library.commit("octo/engine", prefix)
        assert caught.value.key == key


def test_the_real_ledger_is_read_the_same_way(ledger: Ledger) -> None:
    landed = Landed(
        sha=make_sha(1), subject="feat: new", author="Author One", authored_at=NOON, committed_at=NOON
    )
    ledger.record_push(
        Push(
            delivery="d1",
            repository="octo/engine",
            branch="main",
            before=make_sha(0),
            after=landed.sha,
            pushed_at=NOON,
            commits=(landed,),
        )
    )
    clock: datetime = TODAY
    library = Library(ledger, CALENDAR, clock=lambda: clock)
    digest = library.digest(DAY)
    assert digest.counts.model_dump() == {
        "total": 1,
        "high": 0,
        "medium": 0,
        "low": 0,
        "pending": 1,
        "parked": 0,
    }
    assert library.commit("octo/engine", landed.sha[:7]).landed == landed
