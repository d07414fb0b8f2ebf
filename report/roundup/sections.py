"""The parts of a range's page: what is listed of each day, or of each month when it is long; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add

from analysis.models import Importance
from analysis.storage.entry import Entry
from report.digest import Counts
from report.roundup.roundup import DayCount, RepositoryRoundup, Roundup
from report.roundup.span import Span, month_of

Tier = tuple[Importance | None, tuple[Entry, ...]]


@dataclass(frozen=True)
class DaySection:
    """The commits of one day of one repository, by importance."""

    day: DayCount
    tiers: tuple[Tier, ...]


@dataclass(frozen=True)
class MonthSection:
    """The commits of one month that are listed, and how many more there are of their kind."""

    month: Span
    count: int
    entries: tuple[Entry, ...]

    @property
    def more(self) -> int:
        """Commits that are not listed."""
        return self.count - len(self.entries)


@dataclass(frozen=True)
class Month:
    """The days of one month, newest first."""

    month: Span
    counts: Counts
    days: tuple[DayCount, ...]


def days_of(repository: RepositoryRoundup) -> tuple[DaySection, ...]:
    """Newest first; days on which nothing landed are left out."""
    return tuple(
        DaySection(day, repository.on(day.date).tiers()) for day in repository.days if day.counts.total
    )


def months_of(repository: RepositoryRoundup, roundup: Roundup) -> tuple[MonthSection, ...]:
    """Newest first; of a selection every commit counts, else those of high importance that are not folded."""
    sections = []
    for month in calendar_of(repository.days):
        listed = [entry for entry in repository.whole.commits if entry.day in month.month]
        entries = tuple(entry for entry in repository.whole.shown if entry.day in month.month)
        folded = len(listed) - len(entries)
        count = (month.counts.total if roundup.selection else month.counts.high) - folded
        if count:
            sections.append(MonthSection(month.month, count, entries))
    return tuple(sections)


def calendar_of(days: Iterable[DayCount]) -> tuple[Month, ...]:
    """Days, which are newest first, by their months."""
    months = groupby(days, lambda day: month_of(day.date))
    return tuple(_month(month, tuple(found)) for month, found in months)


def _month(month: Span, days: Sequence[DayCount]) -> Month:
    return Month(month, reduce(add, (day.counts for day in days), Counts()), tuple(days))
