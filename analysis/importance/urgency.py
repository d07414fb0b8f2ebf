"""Which commits of a day a reader must hear of first; pure."""

from collections.abc import Iterable

from analysis.importance.weights import FLOOR
from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.storage.glance import Glance

Urgency = tuple[int, int, bool, int]
"""Sorts commits, the most urgent first."""


def urgency(entry: Entry) -> Urgency:
    """How urgent a commit is; those without an analysis come last.

    By importance, then what may never be low (security, breaking, data loss), then whether something is to be
    done, then by size.
    """
    analysis, facts = entry.analysis, entry.facts
    if analysis is None:
        return _urgency(None, (), asks=False, lines=0)
    lines = facts.additions + facts.deletions if facts else 0
    rules = (reason.rule for reason in analysis.reasons)
    return _urgency(analysis.importance, rules, asks=bool(analysis.advice), lines=lines)


def urgency_at(glance: Glance) -> Urgency:
    """The same, of a commit at a glance."""
    lines = sum(lines for _, lines, _ in glance.files)
    return _urgency(glance.importance, glance.rules, asks=glance.asks, lines=lines)


def _urgency(importance: Importance | None, rules: Iterable[str], *, asks: bool, lines: int) -> Urgency:
    if importance is None:
        return 3, 3, True, 0
    floor = Importance.LOW if FLOOR.isdisjoint(rules) else Importance.MEDIUM
    return importance.rank, floor.rank, not asks, -lines
