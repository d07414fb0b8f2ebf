"""Ranges of days out of entries, for tests of what is rendered."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from builders import make_entry, make_sha
from shelf import make_library

from analysis.storage.entry import Entry, Relation
from report.roundup.reader import read_roundup
from report.roundup.roundup import Roundup
from report.roundup.span import parse_span
from report.selection import Selection

MONDAY = date(2026, 1, 12)
WEEK = "2026-W03"
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
    **fields: Any,
) -> Roundup:
    """A range of the days of these entries, long after it; `fields` go into the library."""
    library = make_library(entries, **{"clock": lambda: LATER} | fields)
    selection = Selection.parse(query or {})
    return read_roundup(library, parse_span(span), repositories, selection=selection)


def at(number: int) -> Callable[[], datetime]:
    """The clock stands at noon of the nth day after that Monday."""
    return lambda: datetime(2026, 1, 12, 4, 0, tzinfo=UTC) + timedelta(days=number)
