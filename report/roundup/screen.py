"""What a range opens with, of all its repositories together; pure."""

from dataclasses import dataclass

from analysis.models import Importance, RepositoryName, Sha
from report.digest import importance_of
from report.roundup.chosen import Noted
from report.roundup.reversals import Reversal
from report.roundup.roundup import Roundup
from report.roundup.series import Series, unsaid_series
from report.skippable import Skippable

MOST_REVERSALS = 8
"""That are told; the rest are counted."""


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
    highlights = roundup.highlights
    said = {(item.repository, sha) for item in highlights for sha in item.shas}
    series = tuple(
        (part.name, each)
        for part in roundup.repositories
        for each in unsaid_series(part.series, {sha for name, sha in said if name == part.name})
    )
    undone = [(part.name, each) for part in roundup.repositories for each in part.reversals]
    series = tuple(told for told in series if not any(_covers(each, told) for each in undone))
    said |= {(name, step.sha) for name, each in series for step in each.steps}
    said |= {(name, sha) for name, each in undone for sha in (each.sha, each.undone.sha)}
    return Screen(
        highlights=highlights,
        series=series,
        reversals=tuple(undone[:MOST_REVERSALS]),
        more_reversals=len(undone[MOST_REVERSALS:]),
        skippable=tuple(
            (each.name, each.whole.skippable) for each in roundup.repositories if each.whole.skippable
        ),
        **_left(roundup, said),
    )


def _covers(reversal: tuple[RepositoryName, Reversal], series: tuple[RepositoryName, Series]) -> bool:
    """Whether a story is no more than that something was taken back, and perhaps landed again."""
    (name, undone), (of, told) = reversal, series
    shas = {undone.sha, undone.undone.sha, *([undone.again.sha] if undone.again else [])}
    return name == of and not told.more and shas.issuperset(step.sha for step in told.steps)


def _left(roundup: Roundup, said: set[tuple[RepositoryName, Sha]]) -> dict[str, int]:
    """Nothing is left of a long range: its high commits are what is listed."""
    if roundup.listing == "high":
        return {}
    tiers = [importance_of(each) for each in roundup.whole.commits if (each.repository, each.sha) not in said]
    return {"left_high": tiers.count(Importance.HIGH), "left_medium": tiers.count(Importance.MEDIUM)}
