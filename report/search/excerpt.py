"""Where words stand in a text, and the part of it around the first of them; pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST = 150
"""Characters of an excerpt."""
BEFORE = 50
"""Of them, at most so many stand before what was found."""
NEAR = 12
"""Characters that are given up so as not to begin or end inside a word."""

Place = tuple[int, int]
"""Where something begins and where it has ended."""


@dataclass(frozen=True)
class Run:
    """A part of a line of plain text."""

    text: str
    found: bool = False
    """Whether it is what was searched."""


def places(text: str, words: Iterable[str]) -> list[Place]:
    """Where folded words stand in a text, whatever its case; in order, and those that touch are one."""
    folded, owners = _folded(text)
    found = sorted(
        (owners[match.start()], owners[match.end() - 1] + 1)
        for word in words
        for match in re.finditer(r"\s+".join(map(re.escape, word.split())), folded)
    )
    joined: list[Place] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def runs(text: str, words: Iterable[str]) -> tuple[Run, ...]:
    """A whole line, with the words marked."""
    return tuple(_runs(text, places(text, words)))


def excerpt(texts: Sequence[str], words: Sequence[str]) -> tuple[Run, ...]:
    """A line around the first place in the text that has most of the words; empty if none has any."""
    best = max(texts, key=lambda text: sum(bool(places(text, [word])) for word in words), default="")
    found = places(best, words)
    return _around(best, found) if found else ()


def beginning(text: str) -> tuple[Run, ...]:
    """As much of a text as an excerpt shows."""
    return _around(text, [(0, 0)]) if text else ()


def _around(text: str, found: Sequence[Place]) -> tuple[Run, ...]:
    first = max(0, found[0][0] - BEFORE)
    gap = text.find(" ", first, min(first + NEAR, found[0][0])) if first else -1
    start = gap + 1 if gap >= 0 else first
    end = _end(text, start, least=found[0][1])
    shown = [(at - start, min(last, end) - start) for at, last in found if at < end]
    line = list(_runs(text[start:end], shown))
    before, after = [Run("…")] if start else [], [Run("…")] if end < len(text) else []
    return (*before, *line, *after)


def _end(text: str, start: int, *, least: int) -> int:
    """Where the excerpt ends: at a blank, if one is near."""
    end = max(start + LONGEST, least)
    gap = text.rfind(" ", max(least, end - NEAR), end + 1) if end < len(text) else -1
    return gap if gap >= 0 else end


def _runs(text: str, found: Iterable[Place]) -> Iterator[Run]:
    at = 0
    for start, end in found:
        yield from [Run(text[at:start])] if at < start else []
        yield from [Run(text[start:end], found=True)] if start < end else []
        at = end
    yield from [Run(text[at:])] if at < len(text) else []


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text with its case folded, and for each character of that which one of the text it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = [char.casefold() for char in text]
    return "".join(parts), [at for at, part in enumerate(parts) for _ in part]
