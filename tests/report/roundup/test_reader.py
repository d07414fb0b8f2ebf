from datetime import timedelta

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_correction, make_facts, make_sha
from days import CALENDAR
from landings import analyse, claimed, record
from roundups import LATER, LONG, MONDAY, at, make_roundup, on
from shelf import make_library

from analysis.models import FileChange, Importance
from analysis.storage.corrections import Corrections
from analysis.storage.entry import DayRecord, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.watching import Watch
from report.library import Library
from report.refusals import Refused
from report.roundup.reader import FEWEST_LISTED, MOST_LISTED, read_roundup, span_named
from report.roundup.roundup import TOLD
from report.roundup.span import parse_span
from report.selection import Selection

HIGH, MEDIUM, LOW = Importance
REPOSITORIES = (REPOSITORY, "octo/other")
YEAR = "2025-03-01..2026-02-28"


def test_a_range_has_the_commits_of_its_days_and_no_others() -> None:
    entries = [on(day, day) for day in range(-2, 9)]
    roundup = make_roundup(entries)
    assert [entry.sha for entry in roundup.whole.commits] == [make_sha(day) for day in range(6, -1, -1)]
    assert [day.counts.total for day in roundup.days] == [1] * 7
    assert roundup.counts.total == 7


def test_repositories_are_those_with_a_day_in_the_range_or_those_asked_for() -> None:
    entries = [
        on(0, "a", repository="octo/a"),
        on(1, "b", repository="octo/b"),
        on(9, "c", repository="octo/c"),
    ]
    assert [part.name for part in make_roundup(entries).repositories] == ["octo/a", "octo/b"]
    asked = make_roundup(entries, repositories=["OCTO/B", "octo/b"])
    assert [part.name for part in asked.repositories] == ["octo/b"]


@pytest.mark.parametrize(
    ("span", "key"),
    [("2026-W10", "span-future"), ("2024-W03", "span-empty"), ("2026-02-02..2026-02-03", "span-empty")],
)
def test_a_range_with_nothing_in_it_leads_to_the_closest_days(span: str, key: str) -> None:
    entries = [on(day, day) for day in range(7)]
    for repositories in ((), ("octo/engine",)):
        with pytest.raises(Refused) as caught:
            make_roundup(entries, span=span, repositories=repositories)
        assert (caught.value.status, caught.value.key) == (404, key)
        place = "/sub/reports/octo/engine" if repositories else "/sub/reports"
        closest = MONDAY if span == "2024-W03" else MONDAY + timedelta(days=6)
        assert caught.value.choices[str(closest)] == f"{place}/{closest}"
        assert len(caught.value.choices) == 6


def test_a_repository_that_is_private_or_unknown_does_not_exist() -> None:
    entries = [on(0, 1), on(0, 2, repository="octo/secret")]
    with pytest.raises(Refused):
        make_roundup(entries, repositories=["octo/nothing"])
    with pytest.raises(Refused):
        make_roundup(entries, repositories=["octo/secret"], private=frozenset({"octo/secret"}))
    assert len(make_roundup(entries, private=frozenset({"octo/secret"})).repositories) == 1


def test_today_and_closed_days_make_an_empty_range() -> None:
    closed = [DayRecord(repository="octo/engine", day=MONDAY, revision=1, closed_at=LATER)]
    roundup = make_roundup([], closed=closed)
    assert (roundup.counts.total, len(roundup.days), roundup.days[0].closed) == (0, 1, True)
    assert make_roundup([], span="2026-W09", clock=at(45)).repositories == ()


def test_what_is_no_range_says_what_was_meant_and_where_that_is() -> None:
    library = make_library([on(0, 1)])
    with pytest.raises(Refused) as caught:
        span_named(library, "2026-01-18..2026-01-12", ["octo/engine"])
    assert (caught.value.status, caught.value.key) == (400, "span-order")
    assert caught.value.choices == {"2026-W03": "/sub/reports/octo/engine/2026-W03"}


def test_short_ranges_tell_every_commit_larger_ones_have_a_line_for_each() -> None:
    for count, listing in ((TOLD, "told"), (TOLD + 1, "lines")):
        roundup = make_roundup([on(0, number, importance=LOW) for number in range(count)])
        assert roundup.listing == listing
        assert len(roundup.whole.commits) == count


def test_a_long_range_lists_what_is_high_and_counts_everything() -> None:
    entries = [on(day, (day, tier), importance=tier) for day in range(3) for tier in Importance]
    roundup = make_roundup(entries, span="2026-01-01..2026-02-01")
    assert roundup.listing == "high"
    assert {entry.sha for entry in roundup.whole.commits} == {make_sha((day, HIGH)) for day in range(3)}
    assert roundup.counts.model_dump() == {
        "total": 9,
        "high": 3,
        "medium": 3,
        "low": 3,
        "pending": 0,
        "parked": 0,
    }


def test_a_long_range_lists_no_more_than_so_many_the_most_urgent_of_each_month() -> None:
    many = [
        on(
            -7 * week,
            (week, number),
            files=(FileChange(path="a.py", status="M", additions=number, deletions=0),),
        )
        for week in range(40)
        for number in range(20)
    ]
    roundup = make_roundup(many, span=YEAR)
    assert len(roundup.whole.commits) <= MOST_LISTED
    months = len({(entry.day.year, entry.day.month) for entry in many})
    january = [entry for entry in roundup.whole.commits if (entry.day.year, entry.day.month) == (2026, 1)]
    assert len(january) == MOST_LISTED // months
    assert min(entry.facts.additions or 0 for entry in january if entry.facts) == 5
    shared = make_roundup([on(0, n, repository=f"octo/{n // 9}") for n in range(900)], span=YEAR)
    assert {len(part.whole.commits) for part in shared.repositories} == {FEWEST_LISTED}


def test_a_selection_chooses_commits_and_in_a_long_range_lists_all_that_it_chose() -> None:
    entries = [on(day, day, importance=LOW, author="Ada" if day % 2 else "Bob") for day in range(6)]
    for span in ("2026-W03", "2026-01-01..2026-02-28"):
        roundup = make_roundup(entries, span=span, query={"author": "ada"})
        assert {entry.landed.author for entry in roundup.whole.commits} == {"Ada"}
        assert (roundup.counts.total, roundup.selection) == (3, "author=ada")
    assert make_roundup(entries, query={"author": "nobody"}).counts.total == 0


def test_a_range_of_a_watch_knows_whose_it_is() -> None:
    watch = Watch(name="w", words=("race",), repositories=("octo/other",))
    entries = [
        on(day, (name, day), subject="fix: race", repository=name) for name in REPOSITORIES for day in (0, 1)
    ]
    for span in ("2026-W03", LONG):
        roundup = make_roundup(entries, span=span, watch=watch, repositories=["octo/other"])
        assert (roundup.watch, roundup.selection, roundup.counts.total) == (watch, "watch=w", 2)
        assert make_roundup(entries, span=span).watch is None


def test_the_week_before_is_compared_when_the_repository_was_followed_all_the_while() -> None:
    entries = [on(-8, "older"), on(-3, "before"), on(-2, "before, too", importance=LOW), on(0, "now")]
    before = make_roundup(entries).repositories[0].trend.before
    assert before is not None
    assert (str(before.first), str(before.last)) == ("2026-01-05", "2026-01-11")
    assert (before.counts.total, before.counts.high) == (2, 1)
    assert make_roundup(entries[1:]).repositories[0].trend.before is None
    assert make_roundup([entries[0], entries[-1]]).repositories[0].trend.before is None, "a gap is not zero"
    assert make_roundup(entries, query={"importance": "high"}).repositories[0].trend.before is None
    assert make_roundup(entries, span="2026-01-10..2026-02-28").repositories[0].trend.before is None


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ("2026-W03", "2026-01-05", "2026-01-07"),
        ("2026-01", "2025-12-01", "2025-12-14"),
        ("2026-01-10..2026-01-20", "2026-01-05", "2026-01-09"),
    ],
)
def test_while_a_range_lasts_as_many_days_are_compared_as_have_come(span: str, first: str, last: str) -> None:
    entries = [on(-60, "old"), on(-42, "a month before"), on(-7, "a week before"), on(0, "now")]
    before = make_roundup(entries, span=span, clock=at(2)).repositories[0].trend.before
    assert before is not None
    assert (str(before.first), str(before.last)) == (first, last)


def test_it_was_made_when_anything_of_it_changed_last() -> None:
    noon = LATER - timedelta(days=40)
    late = make_analysis(analysed_at=noon + timedelta(hours=3))
    waiting = on(1, 2, analysis=None, facts=None, state=State.PENDING)
    assert make_roundup([on(0, 1, analysis=late), waiting]).generated_at == noon + timedelta(hours=3)
    closed = [DayRecord(repository="octo/engine", day=MONDAY, revision=1, closed_at=LATER)]
    assert make_roundup([on(0, 1)], closed=closed).generated_at == LATER
    assert str(make_roundup([], span="2026-W09", clock=at(45)).generated_at) == "2026-02-22 16:00:00+00:00"


def test_addresses_are_hidden_everywhere() -> None:
    entries = [
        on(day, day, subject="fix: ask ada@example.org", author="Ada <ada@example.org>") for day in range(2)
    ]
    for span in ("2026-W03", "2026-01-01..2026-02-28"):
        assert "example.org" not in make_roundup(entries, span=span).model_dump_json()


@pytest.mark.parametrize("span", ["2026-W02", "2026-01-01..2026-03-31"])
def test_the_real_ledger_is_read_the_same_way(ledger: Ledger, leases: Leases, span: str) -> None:
    for day in range(3):
        record(ledger, *((day, number) for number in range(4)), at=NOON - timedelta(days=day))
        for number in range(3):
            analyse(leases, (day, number), NOON + timedelta(days=5))
        ledger.close(ledger.day_record(REPOSITORY, NOON.date() - timedelta(days=day)), f"{day}", NOON)
    entries = [entry for day in ledger.days(REPOSITORY) for entry in ledger.day(REPOSITORY, day)]
    closed = [ledger.day_record(REPOSITORY, day) for day in ledger.days(REPOSITORY)]
    library = Library(ledger, CALENDAR, clock=lambda: LATER)
    found = read_roundup(library, parse_span(span))
    assert found == make_roundup(entries, span=span, closed=closed)
    assert (found.counts.total, found.counts.high, found.counts.pending) == (12, 9, 3)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(watch=Watch(name="words", words=("nowhere", "Wait  OVER"))),
        Selection(watch=Watch(name="paths", paths=("Kernels/**/*.cu", "docs"))),
        Selection(watch=Watch(name="areas", areas=("old/*", "docs/"))),
        Selection(watch=Watch(name="top", areas=("*",))),
        Selection(watch=Watch(name="authors", authors=("Ada Straße",))),
        Selection(watch=Watch(name="tiers", importance=(HIGH, LOW))),
        Selection(watch=Watch(name="both", importance=(LOW,), paths=("**/*.cu",)), q="over"),
        Selection.parse({"importance": "low"}),
        Selection.parse({"importance": "high,medium", "path": "*.py"}),
    ],
    ids=str,
)
def test_a_long_range_finds_what_reading_every_commit_finds(
    ledger: Ledger, leases: Leases, selection: Selection
) -> None:
    old = FileChange(path="new/name.cu", old_path="old/name.py", status="R")
    for seed, fields in enumerate(
        [
            {"subject": "we wait\n over it", "author": "ADA STRASSE"},
            {"files": (FileChange(path="Kernels/deep/a.cu", status="M"), FileChange(path="x", status="M"))},
            {"files": (old,), "body": "WAIT over"},
            {"author": "A\u200bda Straße", "files": (FileChange(path="docs/a.md", status="A"),)},
        ]
    ):
        record(ledger, seed)
        analysis = make_analysis(source="rules", importance=list(Importance)[seed % 3])
        leases.record_read(claimed(leases, seed), make_facts(seed=seed, **fields), analysis)
    record(ledger, "unread", "corrected")
    leases.record_read(
        claimed(leases, "corrected"), make_facts(seed="corrected"), make_analysis(importance=HIGH)
    )
    said = make_correction(importance=LOW)
    assert Corrections(ledger).put(REPOSITORY, make_sha("corrected"), said)
    wanted = {entry.sha for entry in selection.choose(ledger.day(REPOSITORY, NOON.date()))}
    library = Library(ledger, CALENDAR, clock=lambda: LATER)
    found = read_roundup(library, parse_span(LONG), [REPOSITORY], selection=selection)
    assert wanted
    assert {entry.sha for entry in found.whole.commits} == wanted
    assert found.counts.total == len(wanted)
