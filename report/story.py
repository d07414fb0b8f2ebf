"""How a commit belongs to others of its repository, as lines for its readers; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, get_args

from analysis.models import Sha
from analysis.storage.entry import Entry, Relation
from analysis.storage.link import RelationKind
from analysis.words import Words

SHOWN = 5
"""Other commits that are named; the rest are counted."""
SUBJECT = 60
"""Characters of a subject; a longer one is cut."""
CORRECTIONS = ("reverted-by", "fixed-by")
"""What a commit brought was found to be wrong later: to be read before what was said of it."""

_ORDER = (*CORRECTIONS, *(kind for kind in get_args(RelationKind) if kind not in CORRECTIONS))
_LATER = frozenset({*CORRECTIONS, "relanded-by", "named-by", "undone-by"})
_SAME = frozenset({"same-change", "series"})
"""Which of both came first, only their days tell."""
_BY_LINES = frozenset({"fixes", "fixed-by", "undoes", "undone-by"})
_SAID = re.compile(r"#\d+|[0-9a-f]{7,40}")
_PLACE = "\0"


@dataclass(frozen=True)
class Other:
    """A commit that is named."""

    sha: Sha
    text: str
    """What follows the sha: its subject, its day and, where only lines show it, in which file. Plain text."""


@dataclass(frozen=True)
class Line:
    """One kind of relation: plain text, the commits, plain text."""

    before: str
    others: tuple[Other, ...] = ()
    after: str = ""
    correction: bool = False


Side = Literal["before", "beside", "after"]


def story_of(entry: Entry, words: Words) -> tuple[Line, ...]:
    """A line for each kind, corrections first, the newest commits first; at most five commits are named."""
    ranked = _ranked(entry.relations)
    lines = _lines(ranked[:SHOWN], words)
    if more := len(ranked[SHOWN:]):
        lines.append(Line(words("relation.more", count=more)))
    return tuple(lines)


def chapters_of(entry: Entry, words: Words) -> dict[Side, list[Line]]:
    """The whole story: what came before this commit, on the same day, and after it; none that is empty."""
    sides: dict[Side, list[Relation]] = {"before": [], "beside": [], "after": []}
    for relation in _ranked(entry.relations):
        sides[_side(relation, entry)].append(relation)
    return {side: _lines(relations, words) for side, relations in sides.items() if relations}


def _side(relation: Relation, entry: Entry) -> Side:
    if relation.kind in _SAME and relation.day == entry.day:
        return "beside"
    later = relation.day > entry.day if relation.kind in _SAME else relation.kind in _LATER
    return "after" if later else "before"


def _ranked(relations: Sequence[Relation]) -> list[Relation]:
    """What says most first, and of one kind the newest."""
    latest = relations[::-1]
    return sorted(latest, key=lambda relation: _ORDER.index(relation.kind))


def _lines(ranked: Iterable[Relation], words: Words) -> list[Line]:
    return [_line(kind, list(found), words) for kind, found in groupby(ranked, lambda each: each.kind)]


def _line(kind: RelationKind, relations: list[Relation], words: Words) -> Line:
    before, _, after = words(f"relation.{kind}", others=_PLACE).partition(_PLACE)
    others = tuple(Other(relation.sha, _text(relation, words)) for relation in relations)
    return Line(before, others, after, correction=kind in CORRECTIONS)


def _text(relation: Relation, words: Words) -> str:
    subject = relation.subject or words("digest.no-subject")
    shown = subject if len(subject) <= SUBJECT else f"{subject[: SUBJECT - 1].rstrip()}…"
    if relation.kind in _BY_LINES and relation.evidence and not _SAID.fullmatch(relation.evidence):
        return words("relation.item-in", subject=shown, date=relation.day, path=relation.evidence)
    return words("relation.item", subject=shown, date=relation.day)
