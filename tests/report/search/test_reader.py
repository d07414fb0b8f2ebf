"""Over the real ledger, against the exact comparison with every entry."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from builders import NOON, make_analysis, make_correction, make_entry, make_sha
from days import CALENDAR, DAY
from filled import fill
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelf import TODAY

from analysis.models import FileChange, Importance
from analysis.storage.entry import Entry
from analysis.storage.ledger import Ledger
from report.library import Library
from report.refusals import Refused
from report.search.findings import End, Findings
from report.search.query import Query
from report.search.reader import AT_ONCE, MOST, Searcher
from report.selection import Selection

WORDS = ("Straße", "ÄRGER", "超时", '"no"', "back\\slash", "a\tb", "ﬁsh", "model", "path", "\x1bescape", "K")


def back(days: int, seed: object, **fields: Any) -> Entry:
    """A commit that landed so many days before the builders' noon."""
    at = NOON - timedelta(days=days)
    return make_entry(seed=seed, landed_at=at, authored_at=at, day=DAY - timedelta(days=days), **fields)


def library(ledger: Ledger, **fields: Any) -> Library:
    return Library(ledger, CALENDAR, clock=lambda: TODAY, **fields)


def search(
    ledger: Ledger, *, tick: Iterator[float] | None = None, fields: Any = None, **asked: str
) -> Findings:
    clock = tick or count(0, 0)
    query = Query(Selection.parse(asked), asked.get("repository"), day(asked.get("before")))
    return Searcher(library(ledger, **fields or {}), lambda: next(clock)).search(query)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def subjects(findings: Findings) -> list[str]:
    return [entry.landed.subject for found in findings.days for entry in found.commits]


def test_what_is_found_comes_newest_first_and_day_by_day(ledger: Ledger) -> None:
    fill(
        ledger,
        [
            back(0, 1, subject="slow one", repository="octo/other"),
            back(0, 2, subject="quick one"),
            back(2, 3, subject="another", analysis=make_analysis(summary="It is SLOW.")),
            back(3, 4, subject="last", author="Ada Slow"),
        ],
    )
    found = search(ledger, q="slow")
    assert [(each.day, len(each.commits), each.more) for each in found.days] == [
        (DAY, 1, 0),
        (DAY - timedelta(days=2), 1, 0),
        (DAY - timedelta(days=3), 1, 0),
    ]
    assert subjects(found) == ["slow one", "another", "last"]
    assert (found.end, found.searched, found.back_to) == (End.ALL, 4, DAY - timedelta(days=3))
    assert subjects(search(ledger, q="slow", repository="octo/other")) == ["slow one"]
    assert subjects(search(ledger, q="slow", before=str(DAY))) == ["another", "last"]
    assert subjects(search(ledger, author="ada")) == ["last"]


def test_all_words_must_be_in_a_commit_but_anywhere(ledger: Ledger) -> None:
    fill(
        ledger,
        [
            back(0, 1, subject="one two"),
            back(1, 2, subject="two", body="the one"),
            back(2, 3, subject="one only"),
        ],
    )
    assert subjects(search(ledger, q="One  TWO")) == ["one two", "two"]
    assert subjects(search(ledger, q=f"{make_sha(3)[:8]} only")) == ["one only"]


def test_words_in_quotes_stand_together(ledger: Ledger) -> None:
    fill(
        ledger,
        [
            back(0, 1, subject="the lock file"),
            back(1, 2, subject="another", body="It writes the lock\nfile."),
            back(2, 3, subject="a file to lock"),
        ],
    )
    assert subjects(search(ledger, q='"LOCK  file"')) == ["the lock file", "another"]
    assert subjects(search(ledger, q="“lock file” the")) == ["the lock file", "another"]
    assert subjects(search(ledger, q='"file"')) == ["the lock file", "another", "a file to lock"]
    assert subjects(search(ledger, q='"lock file')) == []


def test_it_stops_when_its_time_is_over_and_says_how_far_it_came(ledger: Ledger) -> None:
    fill(ledger, [back(n // AT_ONCE, n, subject=f"number {n}") for n in range(2 * AT_ONCE)])
    ticks = iter([0.0, 0.9, 1.9])
    found = search(ledger, tick=ticks, q="number 1500")
    assert (found.end, found.searched, found.days) == (End.TIME, AT_ONCE, ())
    assert found.back_to == DAY
    assert next(ticks) == 1.9
    onward = search(ledger, q="number 1500", before=str(found.back_to))
    assert (subjects(onward), onward.end) == (["number 1500"], End.ALL)


def test_time_that_is_over_with_the_last_day_stops_nothing(ledger: Ledger) -> None:
    fill(ledger, [back(0, 1)])
    assert search(ledger, tick=iter([0.0, 9.0]), q="nowhere").end is End.ALL


def test_it_stops_when_a_page_is_full_and_leaves_no_day_half_told(ledger: Ledger) -> None:
    fill(ledger, [back(n // (MOST - 10), n, subject="the same") for n in range(3 * MOST)])
    found = search(ledger, q="same")
    assert [(len(each.commits), each.more) for each in found.days] == [(MOST - 10, 0), (10, MOST - 20)]
    assert (found.shown, found.found, found.end) == (MOST, 2 * MOST - 20, End.MOST)
    onward = search(ledger, q="same", before=str(found.back_to))
    assert found.found + onward.found == 3 * MOST
    assert [(len(each.commits), each.more) for each in onward.days] == [(MOST - 10, 0), (10, 20)]


def test_a_page_that_is_full_with_the_last_day_is_complete(ledger: Ledger) -> None:
    fill(ledger, [back(n, n, subject="the same") for n in range(MOST)])
    assert search(ledger, q="same").end is End.ALL


def test_an_empty_ledger_has_nothing_to_search(ledger: Ledger) -> None:
    assert search(ledger, q="x") == Findings()


def test_private_repositories_are_searched_by_those_who_may_read_them(ledger: Ledger) -> None:
    fill(ledger, [back(0, 1, repository="octo/secret", subject="the plan"), back(0, 2, subject="a plan")])
    private = {"private": frozenset({"octo/secret"})}
    beyond = search(ledger, q="plan", fields=private)
    assert (subjects(beyond), beyond.searched) == (["a plan"], 1)
    with pytest.raises(Refused) as refused:
        search(ledger, q="plan", repository="octo/secret", fields=private)
    assert refused.value.status == 404
    assert len(subjects(search(ledger, q="plan", fields=private | {"here": True}))) == 2
    assert len(subjects(search(ledger, q="plan", fields=private | {"report_token": "t"}))) == 2


def test_addresses_stay_hidden(ledger: Ledger) -> None:
    fill(ledger, [back(0, 1, subject="thanks to ada@example.org", author="Ada <ada@example.org>")])
    (entry,) = search(ledger, q="thanks").days[0].commits
    assert (entry.landed.subject, entry.landed.author) == ("thanks to ada@…", "Ada")
    for asked in ({"q": "ada@e"}, {"q": "example.org"}, {"author": "example.org"}):
        assert search(ledger, **asked).days == ()


def random_entries() -> list[Entry]:
    return [
        back(
            n % 5,
            n,
            repository=("octo/engine", "octo/other")[n % 2],
            subject=f"{word} {WORDS[n % 3]}",
            body=f"\n{WORDS[n % 7]}x",
            author=f"{WORDS[n % 4]} One",
            files=(FileChange(path=f"src/{WORDS[n % 5]}/{n}.py", old_path=f"lib/{n}", status="R"),),
            importance=list(Importance)[n % 3],
            analysis=None
            if n % 4 == 3
            else make_analysis(
                source=("model", "rules")[n % 2],
                importance=list(Importance)[n % 3],
                summary=f"`{WORDS[n % 9]}`.",
            ),
            facts=None if n % 8 == 7 else make_entry(seed=n).facts,
            correction=make_correction() if n % 6 == 0 else None,
        )
        for n, word in enumerate(WORDS * 3)
    ]


PIECES = st.lists(
    st.sampled_from(
        [*WORDS, "strasse", "Ärg", "fi", "k", "no", "\\", "超", "escape", "one", "504", "x", "."]
    ),
    max_size=2,
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    q=PIECES,
    author=st.sampled_from(["", "", "one", "STRASSE", "nobody"]),
    path=st.sampled_from(["", "", "src", "src/ÄRGER/", "src/*/1*.py", "lib/4", "*path*"]),
    importance=st.sampled_from(["", "high", "low,medium"]),
)
def test_it_finds_whatever_the_filter_of_a_day_finds(ledger: Ledger, **asked: str) -> None:
    if not ledger.repositories():
        fill(ledger, random_entries())
    selection = Selection.parse(asked)
    every = [
        entry
        for name in ledger.repositories()
        for when in ledger.days(name)
        for entry in ledger.day(name, when)
    ]
    expected = {(entry.repository, entry.sha) for entry in selection.choose(every)}
    found = Searcher(library(ledger), lambda: 0.0, most=1_000).search(Query(selection))
    assert {(entry.repository, entry.sha) for each in found.days for entry in each.commits} == expected
    assert (found.searched, found.end) == (len(every), End.ALL)
