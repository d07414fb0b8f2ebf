"""Which commits of a day a reader must hear of first; pure."""

from analysis.importance.triage import floor
from analysis.storage.entry import Entry


def urgency(entry: Entry) -> tuple[int, int, bool, int]:
    """Sorts entries, the most urgent first; those that nobody has judged come last.

    By importance, then what may never be low (security, breaking, data loss), then whether something is to be
    done, then by size.
    """
    analysis, facts = entry.analysis, entry.facts
    rank = entry.importance.rank if entry.importance else 3
    if analysis is None:
        return rank, 3, True, 0
    size = facts.additions + facts.deletions if facts else 0
    return rank, floor(analysis.reasons).rank, not analysis.advice, -size
