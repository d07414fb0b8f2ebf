"""The days of one month as a calendar shows them: how much landed on each, and how busy that is. Pure."""

import calendar
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, log1p

from report.issue import Issue

BUSIEST = 4
"""The levels above 0."""
MONDAY_FIRST = calendar.Calendar()


@dataclass(frozen=True)
class Cell:
    """One day of the month."""

    day: date
    size: int | None = None
    """Commits that landed; None where there is no digest."""
    level: int = 0
    """From 0, where nothing landed, to 4 for the busiest of the month; each is some times the one before, so
    that one day that is out of all proportion does not make the others look the same."""


@dataclass(frozen=True)
class Month:
    """A month in weeks that begin on Monday; None stands for the days of its neighbours."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]

    @property
    def total(self) -> int:
        """Commits that landed in it."""
        return sum(cell.size or 0 for week in self.weeks for cell in week if cell)


@dataclass(frozen=True)
class MonthPage:
    """A month of one repository or of all, and where to go from it."""

    month: Month
    today: date
    repository: str | None = None
    names: tuple[str, ...] = ()
    """The repositories that have days in it."""
    before: date | None = None
    """The first day of the month before it among those that have days."""
    after: date | None = None


def first_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def months_of(days: Iterable[date]) -> tuple[date, ...]:
    """The first days of the months that these days lie in, newest first."""
    return tuple(sorted({first_of(day) for day in days}, reverse=True))


def within(issues: Iterable[Issue], months: Collection[date]) -> tuple[Issue, ...]:
    """The issues of some months, which are given by their first days."""
    return tuple(issue for issue in issues if first_of(issue.day) in months)


def month_of(first: date, sizes: Mapping[date, int]) -> Month:
    """A month by its first day; `sizes` has the days with a digest, and the commits that landed on each."""
    most = max((size for day, size in sizes.items() if first_of(day) == first), default=0)
    weeks = MONDAY_FIRST.monthdayscalendar(first.year, first.month)
    return Month(
        first,
        tuple(tuple(_cell(first.replace(day=n), sizes, most) if n else None for n in week) for week in weeks),
    )


def _cell(day: date, sizes: Mapping[date, int], most: int) -> Cell:
    size = sizes.get(day)
    return Cell(day, size, ceil(BUSIEST * log1p(size) / log1p(most)) if size else 0)
