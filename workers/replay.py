"""What other weights would make of stored commits: the triage given again, and compared with what stands."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from analysis.importance.triage import replay
from analysis.importance.weights import Weights
from analysis.models import CommitFacts, Importance, Reason, Verdict
from analysis.storage.entry import Entry
from analysis.storage.ledger import Ledger
from workers.counted import counted

DECIDING = 4
"""Reasons of a new verdict that are shown, the weightiest first."""
LONGEST_LINE = 100
"""Characters of a subject or of one rule's evidence that are shown."""


@dataclass(frozen=True)
class Move:
    """A commit that these weights put on another level."""

    facts: CommitFacts
    old: Importance
    new: Verdict

    def lines(self, weights: Weights) -> Iterator[str]:
        """`low -> medium  1a2b3c4  subject`, and below it the reasons that decide."""
        yield f"{self.old} -> {self.new.importance}  {self.facts.sha[:7]}  {_shown(self.facts.subject)}"
        yield "    " + "; ".join(_argued(reason, weights) for reason in self.new.reasons[:DECIDING])


@dataclass(frozen=True)
class Comparison:
    """The stored commits of some days, judged again."""

    repository: str
    weights: Weights
    moves: tuple[Move, ...]
    judged: int
    unread: int
    """Recorded, but not read from git yet: there is nothing to judge."""

    @classmethod
    def of(cls, repository: str, entries: Iterable[Entry], weights: Weights) -> "Comparison":
        """Judge the facts and signs that the entries hold; pure."""
        moves, judged, unread = [], 0, 0
        for entry in entries:
            if entry.facts is None or entry.rules is None:
                unread += 1
                continue
            judged += 1
            verdict = replay(entry.facts, entry.rules.reasons, weights)
            if verdict.importance is not entry.rules.importance:
                moves.append(Move(entry.facts, entry.rules.importance, verdict))
        return cls(repository, weights, tuple(moves), judged, unread)

    def text(self) -> str:
        """Each move, then how many there are of each sort; one line when there is none."""
        lines = [line for move in self.moves for line in move.lines(self.weights)]
        return "\n".join([*lines, self._counts()])

    def _counts(self) -> str:
        unread = f"; {self.unread} not read yet" if self.unread else ""
        if not self.moves:
            return f"no commit of {self.repository} would move, of {self.judged} that were judged{unread}"
        sorts = Counter(f"{move.old} -> {move.new.importance}" for move in self.moves)
        named = ", ".join(f"{count} {sort}" for sort, count in sorts.most_common())
        return f"{len(self.moves)} of {counted(self.judged, 'commit')} would move: {named}{unread}"


def stored(ledger: Ledger, repository: str, first: date, last: date) -> Iterator[Entry]:
    """The entries of these days, both included, in the order in which they landed."""
    for day in sorted(day for day in ledger.days(repository) if first <= day <= last):
        yield from sorted(ledger.day(repository, day), key=lambda entry: (entry.landed_at, entry.sha))


def _argued(reason: Reason, weights: Weights) -> str:
    evidence = f" ({_shown(reason.evidence)})" if reason.evidence else ""
    return f"{reason.rule} {weights.of(reason.rule):+}{evidence}"


def _shown(text: str) -> str:
    """In one line that no terminal obeys."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
