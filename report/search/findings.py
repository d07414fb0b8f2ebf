"""What a search has found, and how far it has looked: values."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from analysis.storage.entry import Entry


class End(StrEnum):
    """Why a search ended."""

    ALL = "all"
    """Every day was searched."""
    MOST = "most"
    """As much was found as one page shows."""
    TIME = "time"
    """It would have taken too long."""


@dataclass(frozen=True)
class FoundDay:
    """One day on which something was found."""

    day: date
    commits: tuple[Entry, ...]
    """Newest first by the author's time, as in the day's digest."""
    more: int = 0
    """Commits that were found beside them."""


@dataclass(frozen=True)
class Findings:
    """Newest day first."""

    days: tuple[FoundDay, ...] = ()
    searched: int = 0
    """Commits of the days that were searched; each of these days was searched whole."""
    back_to: date | None = None
    """The oldest of them; None when there is none."""
    end: End = End.ALL

    @property
    def shown(self) -> int:
        """Commits that are shown."""
        return sum(len(day.commits) for day in self.days)

    @property
    def found(self) -> int:
        """Commits on all days, also those that are not shown."""
        return sum(len(day.commits) + day.more for day in self.days)

    def and_of(self, day: date, size: int, found: FoundDay | None) -> Self:
        """The same once an older day of so many commits has been searched too."""
        days = (*self.days, found) if found else self.days
        return replace(self, days=days, searched=self.searched + size, back_to=day)

    def ended(self, end: End, *, last: date) -> Self:
        """Why it ended, unless it has come to the last day."""
        return self if self.back_to == last else replace(self, end=end)
