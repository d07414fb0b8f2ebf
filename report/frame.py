"""What the site shows around a digest, and a file that stands alone does not."""

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.watching import Watch
from report.digest import Digest
from report.issue import Issue
from report.selection import Selection

SOON, LATER = 10, 60
"""Seconds after which a page asks whether its day has changed: while something waits, and while it lasts."""


@dataclass(frozen=True)
class Frame:
    """Where the reader is, and what he chose."""

    issue: Issue
    selection: Selection
    today: date

    @property
    def watch(self) -> Watch | None:
        """The watch on whose page the reader is."""
        return self.selection.watch


def pause(digest: Digest, today: date) -> int:
    """Seconds until a page asks whether the day has changed; 0 for one of which nothing more is to come."""
    if digest.counts.pending:
        return SOON
    return LATER if digest.date >= today else 0


def read_to(last: date, today: date) -> date:
    """The last day that who reads up to a day has read to its end: today is not over."""
    return min(last, today - timedelta(days=1))
