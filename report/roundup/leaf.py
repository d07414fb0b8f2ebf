"""One day of one repository, pressed to what a range needs of it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from analysis.importance.urgency import urgency
from analysis.models import Importance, Sha
from analysis.storage.entry import DayRecord, Entry
from analysis.storage.glance import Glance
from analysis.storage.highlights import Group, Highlights
from analysis.words import Words
from report.addresses import without_addresses
from report.digest import Counts, counts_of, moment_of
from report.highlights import basis_from, fitting
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
    changed_at: datetime | None = None
    """The last instant at which anything of the day changed."""

    @property
    def day(self) -> date:
        """Which day it is."""
        return self.record.day


def told_of(record: DayRecord, commits: Sequence[Glance], words: Words) -> Highlights | None:
    """What a model told of a day, if that stands."""
    return without_addresses(fitting(record.highlights, lambda: _basis(commits), words))


def wanted(commits: Iterable[Glance], told: Highlights | None) -> tuple[Sha, ...]:
    """The commits of a day in a long range of which the words matter."""
    spoken_of = {sha for item in told.items for sha in item.shas} if told else set[Sha]()
    return tuple(
        commit.sha for commit in commits if commit.importance is Importance.HIGH or commit.sha in spoken_of
    )


def leaf_of(
    record: DayRecord, commits: Sequence[Glance], entries: Iterable[Entry], told: Highlights | None
) -> Leaf:
    """Press a day.

    Args:
        record: what the ledger keeps of it beside its commits.
        commits: all, or what a reader chose.
        entries: those of them that may be spoken of.
        told: what a model told of it, if that stands.
    """
    newest_first = tuple(sorted(entries, key=moment_of, reverse=True))
    return Leaf(
        record=record,
        counts=counts_of((commit.importance, commit.state) for commit in commits),
        ground=ground_of(commit.files for commit in commits),
        highlights=noted_on(record.day, told, newest_first),
        groups=told.groups if told else (),
        told=told is not None,
        turns=tuple(turns_of(record.day, commits)),
        entries=newest_first,
        changed_at=_last_change(record, commits),
    )


def trimmed(leaves: Iterable[Leaf], most: int) -> tuple[Leaf, ...]:
    """Days that list no more than so many commits of each month together, the most urgent ones."""
    every = tuple(leaves)
    months: dict[tuple[int, int], list[Entry]] = {}
    for leaf in every:
        months.setdefault((leaf.day.year, leaf.day.month), []).extend(leaf.entries)
    kept = {entry.sha for month in months.values() for entry in sorted(month, key=urgency)[:most]}
    return tuple(
        replace(leaf, entries=tuple(entry for entry in leaf.entries if entry.sha in kept)) for leaf in every
    )


def _basis(commits: Iterable[Glance]) -> str:
    return basis_from((commit.sha, commit.analysed_at) for commit in commits)


def _last_change(record: DayRecord, commits: Iterable[Glance]) -> datetime | None:
    instants = [
        instant for commit in commits for instant in (commit.landed_at, commit.analysed_at) if instant
    ]
    return max([*instants, *([record.closed_at] if record.closed_at else [])], default=None)
