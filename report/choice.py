"""What a selection means of many days, without reading them in full."""

from collections.abc import Mapping, Sequence
from datetime import date

from analysis.storage.skim import Skim
from report.selection import Selection
from report.shelf import Shelf


def chosen_on(
    shelf: Shelf, repository: str, days: Sequence[date], selection: Selection
) -> Mapping[date, Sequence[Skim]]:
    """The commits of these days that were asked for; the repository is one that can be meant."""
    skims = shelf.annals.skims(repository, days, selection.needles)
    return {day: tuple(filter(selection.matches, commits)) for day, commits in skims.items()}
