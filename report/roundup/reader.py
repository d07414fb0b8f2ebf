"""Ranges out of the ledger's days; of a long one only what matters is parsed in full, a month at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import groupby

from analysis.models import Importance
from analysis.storage.entry import DayRecord, Entry
from analysis.storage.glance import Glance
from analysis.watching import Watch
from report.choice import chosen_on
from report.digest import StoredDay, counts_of
from report.library import Library
from report.refusals import Refused
from report.roundup.leaf import Leaf, leaf_of, most_urgent, spoken_of, told_of
from report.roundup.roundup import LISTED, Roundup, Source, build_roundup
from report.roundup.span import InvalidSpan, Span, parse_span
from report.roundup.trend import Before
from report.selection import EVERYTHING, Selection

MOST_LISTED = 300
"""Commits that a long range lists, shared out among its months and repositories."""
FEWEST_LISTED = 3
"""Of one month of one repository."""
CLOSEST = 5
"""Days that are offered in place of a range with nothing in it."""


def span_named(
    library: Library, text: str, repositories: Sequence[str] = (), watch: Watch | None = None
) -> Span:
    """The range that an address names, of these repositories, of all or of a watch.

    Raises:
        Refused: 400, with what was meant where that can be told.
    """
    try:
        return parse_span(text)
    except InvalidSpan as invalid:
        name = repositories[0] if len(repositories) == 1 else None
        instead = invalid.instead
        choices = {str(instead): library.page_links.roundup(instead, name, watch)} if instead else {}
        raise Refused(HTTPStatus.BAD_REQUEST, invalid.key, invalid.fields, choices) from None


def read_roundup(
    library: Library, span: Span, repositories: Sequence[str] = (), *, selection: Selection = EVERYTHING
) -> Roundup:
    """A range, of all repositories when none is named.

    Raises:
        Refused: 404 for a repository that does not exist, and for a range none of whose days does.
    """
    names = tuple(dict.fromkeys(library.repository(name) for name in repositories))
    days = library.days(names)
    expect(library, span, days, names, selection.watch)
    found = names or sorted({name for day, each in days.items() if day in span for name in each})
    reader = _Reader(library, span, selection, len(found))
    source = Source(
        span=span,
        today=library.today,
        leaves={name: reader.leaves(name) for name in found},
        before={name: before for name in found if (before := reader.before(name))},
        selection=selection,
    )
    return build_roundup(source, calendar=library.calendar, language=library.language)


def expect(
    library: Library,
    span: Span,
    days: Iterable[date],
    names: Sequence[str],
    watch: Watch | None = None,
) -> None:
    """Look whether there is such a range, for one repository, for all or for a watch.

    Raises:
        Refused: 404 when none of the days there are is in it, nor today.
    """
    known = tuple(days)
    if span.first <= library.today and any(day in span for day in (library.today, *known)):
        return
    key = "span-future" if span.first > library.today else "span-empty"
    name = names[0] if len(names) == 1 else None
    closest = sorted(known, key=lambda day: max(span.first - day, day - span.last))[:CLOSEST]
    choices = {str(day): library.page_links.digest(day, name, watch) for day in sorted(closest, reverse=True)}
    raise Refused(HTTPStatus.NOT_FOUND, key, {"span": span}, choices | library.home())


@dataclass(frozen=True)
class _Reader:
    """Reads one range."""

    library: Library
    span: Span
    selection: Selection
    repositories: int
    """How many share the room there is."""

    @property
    def long(self) -> bool:
        """Whether only what matters is listed."""
        return len(self.span) > LISTED

    def leaves(self, repository: str) -> tuple[Leaf, ...]:
        """Its days, oldest first."""
        days = sorted(day for day in self.library.ledger.days(repository) if day in self.span)
        if not self.long:
            return self._every(repository, days)
        months = [tuple(month) for _, month in groupby(days, lambda day: (day.year, day.month))]
        most = max(FEWEST_LISTED, MOST_LISTED // (self.repositories * max(1, len(months))))
        return tuple(leaf for month in months for leaf in self._some(repository, month, most))

    def before(self, repository: str) -> Before | None:
        """How much landed in the range before, if the repository was followed all the while.

        Nothing for a long range, whose past is longer than anyone remembers, nor for a selection. A range
        of which no day was recorded may lie in a gap between two backfills: that is not known to be empty.
        """
        ledger, span = self.library.ledger, self._span_before()
        days = ledger.days(repository)
        recorded = [day for day in days if day in span]
        if self.long or self.selection != EVERYTHING or not recorded or min(days) > span.first:
            return None
        found = ledger.annals.glances(repository, recorded)
        marks = ((commit.importance, commit.state) for commits in found.values() for commit in commits)
        return Before(first=span.first, last=span.last, counts=counts_of(marks))

    def _span_before(self) -> Span:
        """As many days of it as have come of this one."""
        span, today = self.span, self.library.today
        if today >= span.last:
            return span.before
        come = Span(span.first, today)
        return come.before if span.kind == "days" else span.before.beginning(len(come))

    def _every(self, repository: str, days: Sequence[date]) -> tuple[Leaf, ...]:
        """Days with every commit that was chosen.

        The records are read first, here and below, so that what a model told is never of later commits.
        """
        ledger, words = self.library.ledger, self.library.words
        records = ledger.annals.records(repository, days)
        leaves = []
        for record in records:
            entries = self.selection.choose(ledger.day(repository, record.day))
            commits = tuple(map(Glance.of, entries))
            leaves.append(leaf_of(self._stored(record, entries), commits, told_of(record, commits, words)))
        return tuple(leaves)

    def _some(self, repository: str, month: Sequence[date], most: int) -> tuple[Leaf, ...]:
        """The days of a month with its most urgent commits; of a selection any, else those that are high."""
        ledger, words = self.library.ledger, self.library.words
        records = ledger.annals.records(repository, month)
        days = self._glances(repository, month)
        told = {record.day: told_of(record, days[record.day], words) for record in records}
        worth = (commit for commits in days.values() for commit in commits if self._is_worth(commit))
        listed = most_urgent(worth, most)
        wanted = listed.union(*map(spoken_of, told.values()))
        entries = ledger.entries(repository, sorted(wanted))
        of_day = {day: [entry for entry in entries if entry.day == day] for day in month}
        return tuple(
            leaf_of(self._stored(record, of_day[record.day]), days[record.day], told[record.day], listed)
            for record in records
        )

    def _stored(self, record: DayRecord, entries: Sequence[Entry]) -> StoredDay:
        return self.library.stored(record, entries, self.selection)

    def _glances(self, repository: str, days: Sequence[date]) -> Mapping[date, Sequence[Glance]]:
        ledger = self.library.ledger
        if not self.selection.chooses:
            return ledger.annals.glances(repository, days)
        return chosen_on(ledger, repository, days, self.selection)

    def _is_worth(self, commit: Glance) -> bool:
        return self.selection != EVERYTHING or commit.importance is Importance.HIGH
