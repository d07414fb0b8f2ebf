"""One issue: a day of one repository or of all, and the days around it; nothing of it has been read yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Issue:
    """What an address of a digest leads to."""

    day: date
    asked: tuple[str, ...] = ()
    """The repositories that were asked for; empty for all."""
    names: tuple[str, ...] = ()
    """Those of them that have something on that day."""
    beside: tuple[str, ...] = ()
    """All repositories that have something on that day."""
    before: date | None = None
    """The day before it among those there are."""
    after: date | None = None

    @property
    def repository(self) -> str | None:
        """The one repository that it is of; None for an issue of several or of all."""
        return self.asked[0] if len(self.asked) == 1 else None


def issues_of(days: Mapping[date, tuple[str, ...]], asked: Sequence[str] = ()) -> tuple[Issue, ...]:
    """The issues of these repositories, or of all, newest first.

    Args:
        days: the days there are, newest first, each with its repositories.
        asked: as the days spell them.
    """
    wanted = frozenset(asked)
    told = [
        (day, tuple(name for name in names if not wanted or name in wanted)) for day, names in days.items()
    ]
    found = [(day, names) for day, names in told if names]
    dates = [day for day, _ in found]
    return tuple(
        Issue(day, tuple(asked), names, days[day], before, after)
        for (day, names), before, after in zip(found, [*dates[1:], None], [None, *dates], strict=False)
    )


def days_by_name(issues: Iterable[Issue]) -> dict[str, list[date]]:
    """Each repository with those of its days that the issues tell of."""
    days: dict[str, list[date]] = {}
    for issue in issues:
        for name in issue.names:
            days.setdefault(name, []).append(issue.day)
    return days
