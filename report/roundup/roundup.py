"""A range of days of the followed repositories as a value: what every form of it is rendered from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from functools import reduce
from operator import add
from typing import Literal

from pydantic import AwareDatetime

from analysis.calendar import Calendar
from analysis.language import Language
from analysis.models import Frozen, RepositoryName, Sha
from analysis.storage.spending import Spending
from analysis.watching import Watch
from report.addresses import without_addresses
from report.digest import Counts, Digest, RepositoryDigest, moment_of
from report.groups import stories
from report.muting import joined_muted
from report.roundup.areas import areas_of, joined_ground
from report.roundup.chosen import Noted, chosen_of, joined_chosen
from report.roundup.leaf import Leaf
from report.roundup.reversals import Reversal, reversals_of
from report.roundup.series import Series, series_of
from report.roundup.span import Span
from report.roundup.trend import Before, Trend, buckets_of
from report.selection import EVERYTHING, Selection
from report.skippable import skippable

LISTED = 31
"""Days of a range of which every commit is listed; of a longer one those of high importance are."""
TOLD = 150
"""Commits that are told in full; of more, each has a line."""

Listing = Literal["told", "lines", "high"]
"""How commits are listed: each in full, each in a line, or in a line those that matter most."""


class DayCount(Frozen):
    """A day that has a page."""

    date: date
    counts: Counts
    closed: bool


class RepositoryRoundup(Frozen):
    """One repository's part of the range."""

    whole: RepositoryDigest
    """The range as if it were one day; `commits` are those that are listed."""
    told: bool
    """Whether a model's words are among the highlights."""
    highlights: tuple[Noted, ...]
    series: tuple[Series, ...]
    reversals: tuple[Reversal, ...]
    days: tuple[DayCount, ...]
    """Newest first."""
    trend: Trend

    @property
    def name(self) -> RepositoryName:
        """`owner/name`."""
        return self.whole.name

    def on(self, day: date) -> RepositoryDigest:
        """What is listed of one day."""
        commits = tuple(entry for entry in self.whole.commits if entry.day == day)
        return self.whole.model_copy(update={"commits": commits})


class Roundup(Frozen):
    """What landed from one day to another, both included."""

    span: Span
    today: date
    timezone: str
    language: Language
    generated_at: AwareDatetime
    listing: Listing
    repositories: tuple[RepositoryRoundup, ...]
    selection: str = ""
    """What was chosen, in short, when not every commit counts."""
    watch: Watch | None = None
    """The watch that chose."""
    filter: str = ""
    """What was chosen beside it."""

    @property
    def whole(self) -> Digest:
        """The range as if it were one day, its last one."""
        return Digest(
            date=self.span.last,
            timezone=self.timezone,
            language=self.language,
            generated_at=self.generated_at,
            repositories=tuple(repository.whole for repository in self.repositories),
            selection=self.selection,
        )

    @property
    def counts(self) -> Counts:
        """Of all repositories together."""
        return reduce(add, (repository.whole.counts for repository in self.repositories), Counts())

    @property
    def highlights(self) -> tuple[Noted, ...]:
        """Of all repositories together."""
        return joined_chosen({repository.name: repository.highlights for repository in self.repositories})

    @property
    def days(self) -> tuple[DayCount, ...]:
        """Of all repositories together, newest first; a day is closed when it is everywhere."""
        found: dict[date, DayCount] = {}
        for day in (day for repository in self.repositories for day in repository.days):
            known = found.get(day.date, day.model_copy(update={"counts": Counts()}))
            found[day.date] = DayCount(
                date=day.date, counts=known.counts + day.counts, closed=known.closed and day.closed
            )
        return tuple(found[day] for day in sorted(found, reverse=True))


@dataclass(frozen=True)
class Source:
    """What a range is built from."""

    span: Span
    today: date
    leaves: Mapping[RepositoryName, Sequence[Leaf]]
    before: Mapping[RepositoryName, Before] = field(default_factory=dict)
    selection: Selection = EVERYTHING


def build_roundup(source: Source, *, calendar: Calendar, language: Language) -> Roundup:
    """Order, count and choose; `generated_at` is the last instant at which anything of the range changed."""
    leaves = [leaf for each in source.leaves.values() for leaf in each]
    instants = [leaf.changed_at for leaf in leaves if leaf.changed_at]
    otherwise = calendar.bounds(source.span.first)[0]
    return Roundup(
        span=source.span,
        today=source.today,
        timezone=calendar.zone.key,
        language=language,
        generated_at=max(instants, default=otherwise).astimezone(UTC),
        listing=_listing(source.span, sum(leaf.counts.total for leaf in leaves)),
        repositories=tuple(_build(name, each, source) for name, each in source.leaves.items()),
        selection=str(source.selection),
        watch=source.selection.watch,
        filter=source.selection.filter,
    )


def _listing(span: Span, commits: int) -> Listing:
    if len(span) > LISTED:
        return "high"
    return "told" if commits <= TOLD else "lines"


def _build(name: RepositoryName, leaves: Sequence[Leaf], source: Source) -> RepositoryRoundup:
    whole = _whole(name, leaves, source)
    shown = whole.shown
    reversals = reversals_of(source.span, [turn for leaf in leaves for turn in leaf.turns])
    certain = stories(shown)
    candidates = (item for leaf in leaves for item in leaf.highlights)
    highlights = chosen_of(candidates, reversals.cancelled, certain)
    groups = [group for leaf in leaves for group in leaf.groups]
    series = series_of(shown, certain, groups, reversals.cancelled)
    opened = {item.day for item in highlights}
    can_be_skipped = skippable(shown, _spoken_of(highlights, series))
    return RepositoryRoundup(
        whole=whole.model_copy(update={"skippable": can_be_skipped}),
        told=any(leaf.told for leaf in leaves if leaf.day in opened),
        highlights=highlights,
        series=series,
        reversals=reversals.items,
        days=tuple(sorted(map(_day_count, leaves), key=lambda day: day.date, reverse=True)),
        trend=_trend(name, leaves, source),
    )


def _whole(name: RepositoryName, leaves: Sequence[Leaf], source: Source) -> RepositoryDigest:
    listed = (without_addresses(entry) for leaf in leaves for entry in leaf.entries)
    commits = tuple(sorted(listed, key=moment_of, reverse=True))
    return RepositoryDigest(
        name=name,
        counts=reduce(add, (leaf.counts for leaf in leaves), Counts()),
        spending=reduce(add, (leaf.record.spending for leaf in leaves), Spending()),
        commits=commits,
        muted=joined_muted((leaf.muted for leaf in leaves), {entry.sha for entry in commits}),
        folds=source.selection == EVERYTHING,
    )


def _spoken_of(highlights: Iterable[Noted], series: Iterable[Series]) -> frozenset[Sha]:
    in_highlights = {sha for item in highlights for sha in item.shas}
    return frozenset(in_highlights | {step.sha for each in series for step in each.steps})


def _day_count(leaf: Leaf) -> DayCount:
    return DayCount(date=leaf.day, counts=leaf.counts, closed=leaf.record.closed_at is not None)


def _trend(name: RepositoryName, leaves: Sequence[Leaf], source: Source) -> Trend:
    counts = {leaf.day: leaf.counts for leaf in leaves}
    return Trend(
        buckets=buckets_of(source.span, counts, source.today),
        areas=areas_of(joined_ground(leaf.ground for leaf in leaves)),
        before=source.before.get(name),
    )
