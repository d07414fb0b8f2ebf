"""The counts of a day as the parts of a bar; pure."""

from collections.abc import Iterator

from report.digest import Counts

LEAST = 1.5
"""Hundredths of the bar that a part takes at least, so that it can be seen."""
GAP = 0.4
"""Hundredths between two parts: they are told apart by more than their colours."""


def tiers_in(counts: Counts) -> tuple[tuple[str, int], ...]:
    """High, medium, low, then what was not read yet; none that is empty."""
    every = {"high": counts.high, "medium": counts.medium, "low": counts.low, "unread": counts.unread}
    return tuple((tier, count) for tier, count in every.items() if count)


def shares(counts: Counts) -> Iterator[tuple[str, float, float]]:
    """Each part with where it begins and how long it is, in hundredths of the bar."""
    parts = tiers_in(counts)
    free = 100 - LEAST * len(parts) - GAP * (len(parts) - 1)
    at = 0.0
    for tier, count in parts:
        width = LEAST + free * count / counts.total
        yield tier, round(at, 2), round(width, 2)
        at += width + GAP
