"""What a range opens with, of all its repositories together; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis.models import Importance, RepositoryName, Sha
from report.roundup.chosen import Noted
from report.roundup.reversals import Reversal
from report.roundup.roundup import RepositoryRoundup, Roundup
from report.roundup.series import Series, unsaid_series
from report.skippable import Skippable

MOST_SERIES, MOST_REVERSALS = 7, 8
"""That are told of all repositories together; other reversals are counted."""
Told = TypeVar("Told")
Of = tuple[RepositoryName, Told]


@dataclass(frozen=True)
class Screen:
    """The range in short."""

    highlights: tuple[Noted, ...] = ()
    series: tuple[tuple[RepositoryName, Series], ...] = ()
    reversals: tuple[tuple[RepositoryName, Reversal], ...] = ()
    more_reversals: int = 0
    skippable: tuple[tuple[RepositoryName, tuple[Skippable, ...]], ...] = ()
    left_high: int = 0
    """Commits of high importance that are listed below and not spoken of here."""
    left_medium: int = 0

    @property
    def skipped(self) -> int:
        """Commits that can be skipped."""
        return sum(len(each.shas) for _, kinds in self.skippable for each in kinds)


def screen_of(roundup: Roundup) -> Screen:
    """The highlights, then series, what was taken back, and what can be skipped."""
    highlights, parts = roundup.highlights, roundup.repositories
    said = {(item.repository, sha) for item in highlights for sha in item.shas}
    series = _shared([_series(part, said) for part in parts], MOST_SERIES)
    undone = [[(part.name, each) for each in part.reversals] for part in parts]
    reversals = _shared(undone, MOST_REVERSALS)
    said |= {(name, step.sha) for name, each in series for step in each.steps}
    said |= {(name, sha) for name, each in reversals for sha in (each.sha, each.undone.sha)}
    return Screen(
        highlights=highlights,
        series=series,
        reversals=reversals,
        more_reversals=sum(map(len, undone)) - len(reversals),
        skippable=tuple((part.name, part.whole.skippable) for part in parts if part.whole.skippable),
        **_left(roundup, said),
    )


def _series(part: RepositoryRoundup, said: Collection[tuple[RepositoryName, Sha]]) -> list[Of[Series]]:
    """What adds something to the highlights and to what was taken back."""
    found = unsaid_series(part.series, {sha for name, sha in said if name == part.name})
    return [
        (part.name, each) for each in found if not any(_covers(undone, each) for undone in part.reversals)
    ]


def _shared(parts: Sequence[Sequence[Of[Told]]], most: int) -> tuple[Of[Told], ...]:
    """So many of all repositories, each in its turn; those of one stay together."""
    turns = sorted((turn, place) for place, part in enumerate(parts) for turn in range(len(part)))[:most]
    return tuple(parts[place][turn] for turn, place in sorted(turns, key=lambda each: (each[1], each[0])))


def _covers(reversal: Reversal, series: Series) -> bool:
    """Whether a story is no more than that something was taken back, and perhaps landed again."""
    shas = {reversal.sha, reversal.undone.sha, *([reversal.again.sha] if reversal.again else [])}
    return not series.more and shas.issuperset(step.sha for step in series.steps)


def _left(roundup: Roundup, said: set[tuple[RepositoryName, Sha]]) -> dict[str, int]:
    """Nothing is left of a long range: its high commits are what is listed."""
    if roundup.listing == "high":
        return {}
    tiers = [each.importance for each in roundup.whole.shown if (each.repository, each.sha) not in said]
    return {"left_high": tiers.count(Importance.HIGH), "left_medium": tiers.count(Importance.MEDIUM)}
