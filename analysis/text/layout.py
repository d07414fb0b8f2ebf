"""Where code, links and emphasis are in a model's Markdown, and where words of ours may be put in; pure.

As in `report/prose.py`, a code span ends on the line on which it begins. Everything takes linear time.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

BLANK = "\0"
"""Stands in the prose for each character of code and addresses."""

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_LINK = re.compile(r"(?P<label>!?\[[^\[\]\n]*\])(?P<address>\([^()\n]*\))")
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s\0<>()（）。，、；]+")
_EMPHASIS = re.compile(r"[*_]+|\n")
_CHARACTER = re.compile(r"[^\n]")
_REST = re.compile(r"(?:[A-Za-z0-9']|[_./:#@+-]+(?=[A-Za-z0-9]))*")
"""What is left of a word: put into it, a mark would make two words of one."""


class Span(NamedTuple):
    """A code span's or a fence's content, and the first place after all of it."""

    start: int
    stop: int
    behind: int


@dataclass(frozen=True)
class Layout:
    """One text; positions count its characters."""

    text: str

    @cached_property
    def fences(self) -> tuple[Span, ...]:
        """Blocks of code, without the lines of their fences; one that is not closed is none."""
        spans: list[Span] = []
        fence, start, at = "", 0, 0
        for line in self.text.splitlines(keepends=True):
            opening = _FENCE.match(line)
            if fence and _closes(fence, line):
                spans.append(Span(start, at, at + len(line.rstrip("\r\n"))))
                fence = ""
            elif opening and not fence:
                fence, start = opening[1], at + len(line)
            at += len(line)
        return tuple(spans)

    @cached_property
    def code(self) -> tuple[Span, ...]:
        """The code spans outside fences."""
        text = _without(self.fences, self.text)
        return tuple(span for line in _lines(text) for span in _spans_of(text, *line))

    @cached_property
    def prose(self) -> str:
        """The text, as long as it is, with a blank for each character of code and of addresses."""
        text = _LINK.sub(lambda match: match["label"] + BLANK * len(match["address"]), self._uncoded)
        return _ADDRESS.sub(lambda match: BLANK * len(match[0]), text)

    def behind(self, at: int) -> int:
        """The first place from there on where words can be put in without changing what is marked up."""
        rest = _REST.match(self.text, at)
        at = rest.end() if rest else at
        at = self._closings.get(at, at)
        link = bisect_right(self._links, (at, 0)) - 1
        if link >= 0 and self._links[link][0] < at < self._links[link][1]:
            at = self._links[link][1]
        return self._closings.get(at, at)

    @cached_property
    def _uncoded(self) -> str:
        return _without(self.code, _without(self.fences, self.text))

    @cached_property
    def _links(self) -> list[tuple[int, int]]:
        return [match.span() for match in _LINK.finditer(self._uncoded)]

    @cached_property
    def _closings(self) -> dict[int, int]:
        """Start -> end of each run of marks that ends an emphasis (CommonMark 0.31, 6.2, simplified)."""
        closings: dict[int, int] = {}
        opened: set[str] = set()
        for match in _EMPHASIS.finditer(self.prose):
            opens, closes = self._flanks(*match.span())
            if match[0] == "\n":
                opened.clear()
            elif closes and match[0] in opened:
                opened.discard(match[0])
                closings[match.start()] = match.end()
            elif opens:
                opened.add(match[0])
        return closings

    def _flanks(self, start: int, stop: int) -> tuple[bool, bool]:
        """Whether a run of marks could open, and whether it could close an emphasis."""
        before, after = self.text[start - 1 : start] or "\n", self.text[stop : stop + 1] or "\n"
        left = not after.isspace() and (not _punctuation(after) or before.isspace() or _punctuation(before))
        right = not before.isspace() and (not _punctuation(before) or after.isspace() or _punctuation(after))
        if self.text[start] == "_":
            return left and (not right or _punctuation(before)), right and (not left or _punctuation(after))
        return left, right


def _without(spans: Iterable[Span], text: str) -> str:
    """The text with blanks for what is in the spans; line breaks stay."""
    pieces, last = list[str](), 0
    for start, stop, _ in spans:
        pieces += [text[last:start], _CHARACTER.sub(BLANK, text[start:stop])]
        last = stop
    return "".join([*pieces, text[last:]])


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)


def _spans_of(text: str, start: int, stop: int) -> Iterator[Span]:
    """A run of backticks and the next one of the same length (CommonMark 0.31, 6.1)."""
    runs = [match.span() for match in _TICKS.finditer(text, start, stop)]
    places: dict[int, list[int]] = {}
    for number, (left, right) in enumerate(runs):
        places.setdefault(right - left, []).append(number)
    number = 0
    while number < len(runs):
        left, right = runs[number]
        same = places[right - left]
        after = bisect_left(same, number + 1)
        escaped = right - left == 1 and text.startswith("\\", left - 1) and left > start
        if escaped or after == len(same):
            number += 1
            continue
        yield Span(right, runs[same[after]][0], runs[same[after]][1])
        number = same[after] + 1


def _closes(fence: str, line: str) -> bool:
    mark = line.strip()
    return mark.startswith(fence) and set(mark) == {fence[0]}


def _punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"
