"""What a text in Markdown says that can be looked up in the commit, in the order in which it stands; pure.

Only what is unmistakable is a claim: a wrong mark on a true one costs more trust than a false one missed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from analysis.claims.abbreviations import abbreviations_in
from analysis.claims.claim import Claim, Kind
from analysis.claims.code_names import kind_of_code, kind_of_word, words_of
from analysis.claims.figures import figures_in
from analysis.text.layout import Layout, Span
from analysis.text.spelling import plainly

MOST = 2_000
"""Claims of one text that are looked at."""

_WORD = re.compile(r"[A-Za-z0-9_./:#@+-]{2,}(?:\(\))?")
_END = re.compile(r"[.:/#@+-]+$")
_DISTINCT = frozenset({Kind.FLAG, Kind.VARIABLE, Kind.PATH})
"""What is looked up of a block of code: the rest may be an example."""


def claims_in(text: str) -> tuple[Claim, ...]:
    """Paths, flags, variables, symbols, versions, numbers, code, abbreviations spelt out."""
    layout = Layout(text)
    prose = plainly(layout.prose)
    sorts = (_in_code(layout), _in_fences(layout), _in_prose(layout, prose))
    found = [claim for claims in sorts for claim in islice(claims, MOST)]
    return tuple(_clear_of_others(list(_outermost(found))))[:MOST]


def _in_code(layout: Layout) -> Iterator[Claim]:
    for span in layout.code:
        code = layout.text[span.start : span.stop].strip()
        if kind := kind_of_code(plainly(code)):
            yield Claim(kind, code, span.start, span.stop, layout.behind(span.behind))


def _in_fences(layout: Layout) -> Iterator[Claim]:
    for span in layout.fences:
        code = plainly(layout.text[span.start : span.stop])
        for word in dict.fromkeys(words_of(code)):
            if (kind := kind_of_word(word)) in _DISTINCT:
                yield Claim(kind, word, *_place(span, code, word), span.behind, fenced=True)


def _in_prose(layout: Layout, prose: str) -> Iterator[Claim]:
    for start, stop in abbreviations_in(prose):
        yield _claim(Kind.ABBREVIATION, layout, start, stop)
    for match in _WORD.finditer(prose):
        for start, stop in _alternatives(match):
            if kind := kind_of_word(prose[start:stop]):
                yield _claim(kind, layout, start, stop)
    for kind, start, stop in figures_in(prose):
        yield _claim(kind, layout, start, stop)


def _claim(kind: Kind, layout: Layout, start: int, stop: int) -> Claim:
    return Claim(kind, layout.text[start:stop], start, stop, layout.behind(stop))


def _alternatives(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A word without the punctuation at its end; `--on/--off` are two."""
    start, word = match.start(), _END.sub("", match[0])
    parts = word.split("/") if word.startswith("--") else [word]
    for part in parts:
        yield start, start + len(part)
        start += len(part) + 1


def _outermost(claims: list[Claim]) -> Iterator[Claim]:
    """Without those that begin inside another one."""
    reached = -1
    for claim in sorted(claims, key=lambda each: (each.start, -each.stop)):
        if claim.start >= reached or claim.fenced:
            yield claim
            reached = max(reached, claim.stop)


def _clear_of_others(claims: list[Claim]) -> Iterator[Claim]:
    """With marks that do not stand within another claim, where code and prose touch."""
    starts = [claim.start for claim in claims]
    for claim in claims:
        other = claims[bisect_left(starts, claim.behind) - 1]
        inside = not claim.fenced and other.start < claim.behind < other.stop
        yield replace(claim, behind=other.behind) if inside else claim


def _place(span: Span, code: str, word: str) -> tuple[int, int]:
    start = span.start + code.index(word)
    return start, start + len(word)
