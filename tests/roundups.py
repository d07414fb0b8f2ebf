"""Ranges of days out of entries, for tests of what is rendered."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from builders import make_analysis, make_entry, make_sha
from shelf import make_library

from analysis.models import FileChange, Importance
from analysis.storage.entry import Entry, Relation, State
from analysis.watching import Watch
from report.roundup.reader import read_roundup
from report.roundup.roundup import TOLD, Roundup
from report.roundup.span import parse_span
from report.selection import Selection

MONDAY = date(2026, 1, 12)
WEEK = "2026-W03"
LONG = "2026-01-01..2026-02-28"
"""A range with the same days that is too long to list everything."""
LATER = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
"""When all of it is over."""


def on(number: int, seed: object, **fields: Any) -> Entry:
    """A commit of the nth day after that Monday; a negative number is of the week before."""
    landed_at = datetime(2026, 1, 12, 4, 0, tzinfo=UTC) + timedelta(days=number)
    day = MONDAY + timedelta(days=number)
    return make_entry(seed=seed, day=day, **{"landed_at": landed_at, "authored_at": landed_at} | fields)


def related(
    kind: Any, seed: object, number: int = 0, subject: str = "feat: something"
) -> tuple[Relation, ...]:
    """How a commit belongs to that of a seed, on the nth day after that Monday."""
    day = MONDAY + timedelta(days=number)
    return (Relation(kind=kind, sha=make_sha(seed), day=day, subject=subject),)


def make_roundup(
    entries: Iterable[Entry],
    *,
    span: str = WEEK,
    repositories: Sequence[str] = (),
    query: dict[str, str] | None = None,
    watch: Watch | None = None,
    **fields: Any,
) -> Roundup:
    """A range of the days of these entries, long after it; `fields` go into the library."""
    library = make_library(entries, **{"clock": lambda: LATER} | fields)
    selection = Selection.parse(query or {}, watch)
    return read_roundup(library, parse_span(span), repositories, selection=selection)


def at(number: int) -> Callable[[], datetime]:
    """The clock stands at noon of the nth day after that Monday."""
    return lambda: datetime(2026, 1, 12, 4, 0, tzinfo=UTC) + timedelta(days=number)


LOWS = [on(day % 7, ("low", day), importance=Importance.LOW) for day in range(TOLD)]
"""So many commits that with one more each has a line."""


def everything() -> list[Entry]:
    """Two repositories with all that a page can hold."""
    return [
        *(on(day, (day, tier), importance=tier) for day in range(3) for tier in Importance),
        on(0, "feature", relations=related("reverted-by", "revert", 1)),
        on(1, "revert", relations=related("reverts", "feature")),
        on(2, "again", relations=related("relands", "feature")),
        on(2, "old revert", relations=related("reverts", "old", -9)),
        on(3, "series", importance=Importance.LOW, relations=related("series", (0, Importance.HIGH))),
        on(4, "unread", analysis=None, facts=None, state=State.PENDING),
        on(0, "other", repository="octo/other", files=(FileChange(path="README.md", status="A"),)),
    ]


def hostile_range(text: str) -> list[Entry]:
    """Somebody's text in every place that it can get to."""
    analysis = make_analysis(summary="一句。", type=f"x {text}")
    fields: dict[str, Any] = {"subject": text, "author": text, "body": text, "analysis": analysis}
    relations = related("reverts", "gone", -9, subject=text)
    files = (FileChange(path=f"src/{text}/x.py" if text else "x", status="M", additions=1, deletions=0),)
    return [
        on(0, 1, relations=relations, files=files, **fields),
        on(1, 2, relations=related("series", 1, subject=text), **fields),
        on(1, 3, importance=Importance.LOW, subject=text),
    ]
