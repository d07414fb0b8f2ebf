"""What was taken back within a range: whatever came and went in it leaves nothing; pure.

It goes by what the ledger knows of commits that belong together: who reverts whom, and who lands what again.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field

from analysis.models import Frozen, Importance, Sha
from analysis.storage.entry import Relation
from analysis.storage.glance import Glance
from report.addresses import without_addresses
from report.roundup.span import Span

TURNS = frozenset({"reverts", "relands"})


class Turn(NamedTuple):
    """A commit of the range that takes back or brings back another, of whatever day."""

    sha: Sha
    day: date
    importance: Importance | None
    relation: Relation


class Undone(Frozen):
    """The other commit."""

    sha: Sha
    day: date
    subject: str


class Again(Frozen):
    """Where it landed once more."""

    sha: Sha
    day: date


class Reversal(Frozen):
    """A commit that took another back, and was not taken back itself."""

    sha: Sha
    day: date
    undone: Undone
    inside: bool
    """The other landed within the range as well, so that both come to nothing."""
    restored: bool = False
    """It took a revert back: what that had undone stands."""
    again: Again | None = None
    importance: Importance | None = Field(default=None, exclude=True)


class Reversals(NamedTuple):
    """Of one repository."""

    items: tuple[Reversal, ...] = ()
    """What mattered most first, then the newest."""
    cancelled: frozenset[Sha] = frozenset()
    """Commits that left nothing behind."""


def turns_of(day: date, commits: Iterable[Glance]) -> Iterator[Turn]:
    """What the commits of a day take back or bring back."""
    for commit in commits:
        for relation in commit.relations:
            if relation.kind in TURNS:
                yield Turn(commit.sha, day, commit.importance, without_addresses(relation))


def reversals_of(span: Span, turns: Sequence[Turn]) -> Reversals:
    """What of it stands at the end of the range."""
    reverts = [turn for turn in turns if turn.relation.kind == "reverts"]
    again = {
        turn.relation.sha: Again(sha=turn.sha, day=turn.day)
        for turn in turns
        if turn.relation.kind == "relands"
    }
    undoes: dict[Sha, set[Sha]] = {}
    for turn in reverts:
        undoes.setdefault(turn.sha, set()).add(turn.relation.sha)
    standing = _standing(undoes)
    last_word = [turn for turn in reverts if turn.sha in standing]
    undone = {turn.sha: turn.relation for turn in reverts}
    items = (_reversal(turn, span, undone, again) for turn in last_word)
    ranked = sorted(items, key=lambda item: (_rank(item), -item.day.toordinal(), item.sha, item.undone.sha))
    return Reversals(tuple(ranked), _cancelled(span, last_word))


def _standing(undoes: Mapping[Sha, set[Sha]]) -> frozenset[Sha]:
    """The reverts that were not reverted: whoever is decided last decides first, however long the chain."""
    open_on = Counter(target for targets in undoes.values() for target in targets if target in undoes)
    ready = deque(sha for sha in undoes if not open_on[sha])
    standing, undone = set[Sha](), set[Sha]()
    while ready:
        sha = ready.popleft()
        if sha not in undone:
            standing.add(sha)
            undone |= undoes[sha]
        for target in undoes[sha] & undoes.keys():
            open_on[target] -= 1
            if not open_on[target]:
                ready.append(target)
    return frozenset(standing)


def _reversal(turn: Turn, span: Span, undone: Mapping[Sha, Relation], again: Mapping[Sha, Again]) -> Reversal:
    restored = undone.get(turn.relation.sha)
    other = restored or turn.relation
    once_more = again.get(other.sha)
    return Reversal(
        sha=turn.sha,
        day=turn.day,
        undone=Undone(sha=other.sha, day=other.day, subject=other.subject),
        inside=turn.relation.day in span,
        restored=restored is not None,
        again=once_more if once_more and once_more.sha != turn.sha else None,
        importance=turn.importance,
    )


def _cancelled(span: Span, last_word: Sequence[Turn]) -> frozenset[Sha]:
    inside = [turn for turn in last_word if turn.relation.day in span]
    of_before = {turn.sha for turn in last_word if turn.relation.day not in span}
    return frozenset({turn.relation.sha for turn in inside} | ({turn.sha for turn in inside} - of_before))


def _rank(item: Reversal) -> int:
    return item.importance.rank if item.importance else len(Importance)
