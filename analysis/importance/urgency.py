"""Which commits of a day a reader must hear of first; pure."""

from analysis.importance.weights import FLOOR
from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.storage.glance import Glance

Urgency = tuple[int, int, bool, int]
"""Sorts commits, the most urgent first."""


def urgency(commit: Entry | Glance) -> Urgency:
    """How urgent a commit is; those that nobody has judged come last.

    By importance, then what may never be low (security, breaking, data loss), then whether something is to be
    done, then by size.
    """
    analysis = commit.analysis
    rank = commit.importance.rank if commit.importance else 3
    if analysis is None:
        return rank, 3, True, 0
    serious = any(reason.rule in FLOOR for reason in analysis.reasons)
    least = Importance.MEDIUM if serious else Importance.LOW
    return rank, least.rank, not analysis.advice, -_lines(commit)


def _lines(commit: Entry | Glance) -> int:
    files = commit.facts.files if commit.facts else ()
    return sum((file.additions or 0) + (file.deletions or 0) for file in files)
