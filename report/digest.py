"""One day of the followed repositories as a value: what every form of the digest is rendered from."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from analysis.calendar import Calendar
from analysis.language import Language
from analysis.models import Frozen, Importance, RepositoryName
from analysis.storage.entry import DayRecord, Entry, State
from analysis.storage.highlights import Group, Highlights
from analysis.storage.skim import Skim
from analysis.storage.spending import Spending
from analysis.words import Words, words_for
from report.addresses import without_addresses
from report.groups import same_thing, stories, told_groups
from report.highlight import Highlight
from report.highlights import choose_highlights, standing, told_highlights
from report.muting import Muted, told_without, unmuted
from report.skippable import Skippable, skippable


class Counts(Frozen):
    """How many commits landed, by importance and by state; one that nobody has judged has none yet."""

    total: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    pending: int = 0
    parked: int = 0

    @property
    def analysed(self) -> int:
        """Commits that neither wait nor are parked."""
        return self.total - self.pending - self.parked

    @property
    def unread(self) -> int:
        """Commits that git has not been asked about yet, so that not even the rules have spoken."""
        return self.total - self.high - self.medium - self.low

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: value + getattr(other, name) for name, value in self})


class RepositoryDigest(Frozen):
    """One repository's part of the day."""

    name: RepositoryName
    revision: int = 0
    """0 until the day has been closed."""
    rebuilt: bool = False
    counts: Counts = Counts()
    spending: Spending = Spending()
    """What all calls for the whole day took, those that failed included."""
    told: Highlights | None = None
    """What a model told of the day, if the highlights and groups are its; None: they are by rule."""
    highlights: tuple[Highlight, ...] = ()
    groups: tuple[Group, ...] = ()
    skippable: tuple[Skippable, ...] = ()
    landed: int = 0
    """Commits of the whole day, of which a selection shows some."""
    commits: tuple[Entry, ...] = ()
    """Newest first by the author's time."""
    muted: tuple[Muted, ...] = ()
    folds: bool = True
    """Whether what is muted is folded: what a reader asked for is shown."""

    @property
    def folded(self) -> tuple[Muted, ...]:
        """What is counted, and told in one line."""
        return self.muted if self.folds else ()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The commits that are not folded."""
        return unmuted(self.commits, self.folded)

    @property
    def silent(self) -> tuple[Entry, ...]:
        """The commits that are folded."""
        shown = {entry.sha for entry in self.shown}
        return tuple(entry for entry in self.commits if entry.sha not in shown)

    def tier(self, importance: Importance | None) -> tuple[Entry, ...]:
        """Of the shown commits those of that importance, newest first; None for what nobody has judged."""
        return tuple(entry for entry in self.shown if entry.importance is importance)

    def tiers(self) -> tuple[tuple[Importance | None, tuple[Entry, ...]], ...]:
        """The tiers that show commits: high, medium, low, then what has not been read yet."""
        every = [(importance, self.tier(importance)) for importance in (*Importance, None)]
        return tuple((importance, tier) for importance, tier in every if tier)


class Digest(Frozen):
    """What landed on one day of REPORT_TIMEZONE."""

    date: dt.date
    timezone: str
    language: Language
    generated_at: AwareDatetime
    repositories: tuple[RepositoryDigest, ...] = ()
    selection: str = ""
    """The filter, as the reader wrote it, when not every commit of the day is listed."""

    @property
    def counts(self) -> Counts:
        """Of all repositories together."""
        return reduce(add, (repository.counts for repository in self.repositories), Counts())

    @property
    def landed(self) -> int:
        """Commits of the whole day in all repositories, of which a selection shows some."""
        return sum(repository.landed for repository in self.repositories)

    @property
    def spending(self) -> Spending:
        """Of all repositories together."""
        return reduce(add, (repository.spending for repository in self.repositories), Spending())

    @property
    def commits(self) -> tuple[Entry, ...]:
        """Of all repositories, one after the other."""
        return tuple(entry for repository in self.repositories for entry in repository.commits)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """Those of them that are not folded."""
        return tuple(entry for repository in self.repositories for entry in repository.shown)

    @property
    def listed(self) -> tuple[RepositoryDigest, ...]:
        """The repositories that have a section; a selection leaves out those of which it chose nothing."""
        return tuple(each for each in self.repositories if each.commits or not self.selection)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which times are shown."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class StoredDay:
    """What the ledger keeps of one day of one repository."""

    record: DayRecord
    entries: tuple[Entry, ...] = ()
    landed: int | None = None
    """How many entries there are when these are a selection of them."""
    muted: tuple[Muted, ...] = ()
    """What of the entries is muted."""
    folds: bool = True
    """Whether that is folded: what a reader asked for is not."""

    @property
    def folded(self) -> tuple[Muted, ...]:
        """What takes no part in what the day tells."""
        return self.muted if self.folds else ()


def build_digest(
    day: dt.date,
    stored: Sequence[StoredDay],
    *,
    calendar: Calendar,
    language: Language,
    selection: str = "",
) -> Digest:
    """Order and count a day; e-mail addresses are hidden here, once for all forms.

    `generated_at` is the last instant at which anything of the day changed, not the time of this call: the
    same content gives the same bytes, so that they can be cached and compared.
    """
    return Digest(
        date=day,
        timezone=calendar.zone.key,
        language=language,
        generated_at=_last_change(stored, otherwise=calendar.bounds(day)[0]),
        repositories=tuple(_build_repository(part, words_for(language)) for part in stored),
        selection=selection,
    )


def _build_repository(stored: StoredDay, words: Words) -> RepositoryDigest:
    newest_first = sorted(stored.entries, key=moment_of, reverse=True)
    commits = tuple(without_addresses(entry) for entry in newest_first)
    standing_words = standing(stored.record.highlights, stored.entries, words)
    told = told_without(without_addresses(standing_words), stored.folded)
    return RepositoryDigest(
        name=stored.record.repository,
        revision=stored.record.revision,
        rebuilt=stored.record.rebuilt,
        counts=_count(commits),
        spending=stored.record.spending,
        told=told,
        landed=len(commits) if stored.landed is None else stored.landed,
        commits=commits,
        muted=stored.muted,
        folds=stored.folds,
        **_opening(unmuted(commits, stored.folded), told),
    )


def _opening(commits: Sequence[Entry], told: Highlights | None) -> dict[str, Any]:
    """What the day opens with: its highlights, what belongs together, what can be skipped."""
    certain = stories(commits)
    highlights = told_highlights(told, commits, certain) if told else choose_highlights(commits, certain)
    groups = told_groups(told, commits, certain) if told else same_thing(commits, certain)
    shown = {sha for highlight in highlights for sha in highlight.shas}
    shown |= {part.sha for group in groups for part in group.parts}
    return {"highlights": highlights, "groups": groups, "skippable": skippable(commits, shown)}


def moment_of(entry: Entry | Skim) -> tuple[dt.datetime, dt.datetime, str]:
    """The author's time; the rest decides between equals, since the ledger's order means nothing."""
    return entry.landed.authored_at, entry.landed_at, entry.sha


def counts_of(marks: Iterable[tuple[Importance | None, State]]) -> Counts:
    """Count commits by their importance, None while there is no analysis, and their state."""
    found = tuple(marks)
    tiers, states = [tier for tier, _ in found], [state for _, state in found]
    return Counts(
        total=len(found),
        high=tiers.count(Importance.HIGH),
        medium=tiers.count(Importance.MEDIUM),
        low=tiers.count(Importance.LOW),
        pending=states.count(State.PENDING),
        parked=states.count(State.PARKED),
    )


def _count(entries: Iterable[Entry]) -> Counts:
    return counts_of((entry.importance, entry.state) for entry in entries)


def _last_change(stored: Iterable[StoredDay], *, otherwise: dt.datetime) -> dt.datetime:
    instants = []
    for part in stored:
        instants += [entry.landed_at for entry in part.entries]
        instants += [entry.analysis.analysed_at for entry in part.entries if entry.analysis]
        instants += [entry.correction.corrected_at for entry in part.entries if entry.correction]
        instants += [part.record.closed_at] if part.record.closed_at else []
    return max(instants, default=otherwise).astimezone(dt.UTC)
