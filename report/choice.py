"""What a selection means of many days, without reading them in full."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from analysis.storage.skim import Skim
from report.issue import Issue, days_by_name
from report.selection import Selection
from report.shelf import Shelf


def chosen_on(
    shelf: Shelf, repository: str, days: Sequence[date], selection: Selection
) -> Mapping[date, Sequence[Skim]]:
    """The commits of these days that were asked for; the repository is one that can be meant."""
    skims = shelf.annals.skims(repository, days, selection.needles)
    return {day: tuple(filter(selection.matches, commits)) for day, commits in skims.items()}


def chosen_sizes(shelf: Shelf, issues: Iterable[Issue], selection: Selection) -> dict[date, int]:
    """How many commits of these days were asked for; days without any are left out."""
    sizes = Counter[date]()
    for name, days in days_by_name(issues).items():
        chosen = chosen_on(shelf, name, days, selection)
        sizes.update({day: len(commits) for day, commits in chosen.items() if commits})
    return dict(sizes)
