"""The front page: the newest days as they open, and the months as calendars. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.watching import Watch
from report.digest import Digest
from report.highlight import Highlight
from report.highlights import join_highlights
from report.issue import Issue
from report.months import Month, months_of

MONTHS = 2
"""Calendars that are shown; older months are listed."""


@dataclass(frozen=True)
class Front:
    """Of one repository or of all."""

    today: date
    repository: str | None = None
    names: tuple[str, ...] = ()
    """All repositories that may be read."""
    newest: Issue | None = None
    digests: tuple[Digest, ...] = ()
    """What it opens with."""
    months: tuple[Month, ...] = ()
    older: tuple[date, ...] = ()
    """The first days of the months that are not shown."""
    watches: tuple[Watch, ...] = ()
    """Those that look at what is shown."""


def leading(issues: Sequence[Issue], today: date) -> tuple[Issue, ...]:
    """What opens the front page: the newest day and, while that is not over, the one before it."""
    return tuple(issues[: 2 if issues and issues[0].day >= today else 1])


def split_months(issues: Sequence[Issue]) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The first days of the months that are shown, and of those that are listed; newest first."""
    months = months_of(issue.day for issue in issues)
    return months[:MONTHS], months[MONTHS:]


def highlights_of(digest: Digest) -> tuple[Highlight, ...]:
    """The highlights of a day, also where it has one commit only."""
    return join_highlights([repository.highlights for repository in digest.repositories])
