"""One day of one repository, pressed to what a range needs of it; pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from analysis.importance.urgency import urgency
from analysis.models import Sha
from analysis.storage.entry import DayRecord, Entry
from analysis.storage.glance import Glance
from analysis.storage.highlights import Group, Highlights
from analysis.words import Words
from report.addresses import without_addresses
from report.digest import Counts, StoredDay, counts_of, moment_of
from report.highlights import basis_from, fitting
from report.muting import Muted, told_without, unmuted
from report.roundup.areas import Ground, ground_of
from report.roundup.chosen import Noted, noted_on
from report.roundup.reversals import Turn, turns_of


@dataclass(frozen=True)
class Leaf:
    """A day of a repository."""

    record: DayRecord
    counts: Counts
    ground: Ground = field(default_factory=dict)
    highlights: tuple[Noted, ...] = ()
    groups: tuple[Group, ...] = ()
    """What a model saw several commits do together."""
    told: bool = False
    """Whether the highlights are a model's; else they are by rule."""
    turns: tuple[Turn, ...] = ()
    entries: tuple[Entry, ...] = ()
    """The commits that may be listed, newest first by the author's time; of a long range not all."""
    muted: tuple[Muted, ...] = ()
    """What of these is muted."""
    changed_at: datetime | None = None
    """The last instant at which anything of the day changed."""

    @property
    def day(self) -> date:
        """Which day it is."""
        return self.record.day


def told_of(record: DayRecord, commits: Sequence[Glance], words: Words) -> Highlights | None:
    """What a model told of a day, if that stands."""
    return without_addresses(fitting(record.highlights, lambda: _basis(commits), words))


def spoken_of(told: Highlights | None) -> frozenset[Sha]:
    """The commits of which a model told."""
    return frozenset(sha for item in told.items for sha in item.shas) if told else frozenset()


def most_urgent(commits: Iterable[Glance], most: int) -> frozenset[Sha]:
    """So many commits of which a long range has the words."""
    return frozenset(commit.sha for commit in sorted(commits, key=urgency)[:most])


def leaf_of(
    stored: StoredDay,
    commits: Sequence[Glance],
    told: Highlights | None,
    listed: Collection[Sha] | None = None,
) -> Leaf:
    """Press a day.

    Args:
        stored: its record, and the commits that may be spoken of.
        commits: all, or what a reader chose.
        told: what a model told of it, if that stands.
        listed: those that are listed; None for all that may be spoken of.
    """
    record, folded = stored.record, stored.folded
    newest_first = tuple(sorted(stored.entries, key=moment_of, reverse=True))
    told = told_without(told, folded)
    return Leaf(
        record=record,
        counts=counts_of((commit.importance, commit.state) for commit in commits),
        ground=ground_of(commit.files for commit in commits),
        highlights=noted_on(record.day, told, unmuted(newest_first, folded)),
        groups=told.groups if told else (),
        told=told is not None,
        turns=tuple(turns_of(record.day, commits)),
        entries=tuple(entry for entry in newest_first if listed is None or entry.sha in listed),
        muted=stored.muted,
        changed_at=_last_change(record, commits),
    )


def _basis(commits: Iterable[Glance]) -> str:
    return basis_from(
        (commit.sha, commit.analysis.analysed_at if commit.analysis else None) for commit in commits
    )


def _last_change(record: DayRecord, commits: Iterable[Glance]) -> datetime | None:
    instants = [commit.landed_at for commit in commits]
    instants += [commit.analysis.analysed_at for commit in commits if commit.analysis]
    instants += [commit.correction.corrected_at for commit in commits if commit.correction]
    return max([*instants, *([record.closed_at] if record.closed_at else [])], default=None)
