"""An excerpt made shorter: whole hunks where possible, whole lines otherwise."""

from collections.abc import Callable, Iterator, Sequence

from analysis.diff.excerpt import Excerpt, Hunk, gap

Count = Callable[[str], int]
"""Text -> tokens, without a network."""

CHARACTERS_PER_TOKEN = 8
"""More than a tokenizer packs into a token of code: a text that is longer per token cannot fit."""
STRIDE = 32
"""Lines that are counted at once."""
FULL = 20
"""A room of which less than a twentieth is left is full: no smaller hunk is looked for."""


def fits(text: str, tokens: int, count: Count) -> bool:
    """Whether a text has no more tokens; a long one is not counted."""
    return len(text) <= tokens * CHARACTERS_PER_TOKEN and count(text) <= tokens


def clip(excerpt: Excerpt, tokens: int, count: Count) -> Excerpt | None:
    """As much of a file's patch as fits; None when not even one line of a hunk does.

    Whole hunks in order; when they take less than half of the room, also the first lines of one that does
    not fit.
    """
    if fits(excerpt.text, tokens, count):
        return excerpt
    mark = count(gap(excerpt.total, excerpt.total, excerpt.total))
    several = excerpt.hunks if len(excerpt.hunks) > 1 else ()  # a single one does not fit either
    kept, left = _whole_hunks(several, tokens - count(excerpt.header) - mark, mark, count)
    if left > tokens // 2 or not kept:
        kept += _first_lines(excerpt.hunks, kept, left - 2 * mark, count)
    return excerpt.only(sorted(kept, key=lambda hunk: hunk.number)) if kept else None


def runs(hunk: Hunk, tokens: int, count: Count) -> Iterator[Hunk]:
    """A hunk in as few runs of lines as it takes; it ends before a line that alone does not fit."""
    if fits(hunk.text, tokens, count):
        yield hunk
        return
    lines = hunk.lines
    marks = count(hunk.run(lines, 2, 2).text)
    start = 0
    while start < hunk.size and (stop := start + fitting(lines[start:], tokens - marks, count)) > start:
        yield hunk.run(lines, start, stop)
        start = stop


def fitting(lines: Sequence[str], tokens: int, count: Count) -> int:
    """How many of the first lines fit, counted by strides; one by one where not even one stride fits."""
    for stride in (STRIDE, 1):
        taken, left = 0, tokens
        while (block := lines[taken : taken + stride]) and (cost := count("".join(block))) <= left:
            taken += len(block)
            left -= cost
        if taken:
            return taken
    return 0


def _whole_hunks(hunks: Sequence[Hunk], room: int, mark: int, count: Count) -> tuple[list[Hunk], int]:
    """Those that fit, in order, and the tokens that are left; a mark is paid for wherever one is skipped."""
    kept, left = list[Hunk](), room
    for hunk in hunks:
        skipped = hunk.number - (kept[-1].number if kept else 0) > 1
        here = left - (mark if skipped else 0)
        if fits(hunk.text, here, count):
            kept.append(hunk)
            left = here - count(hunk.text)
        if left < room // FULL:
            break
    return kept, left


def _first_lines(hunks: Sequence[Hunk], kept: Sequence[Hunk], tokens: int, count: Count) -> list[Hunk]:
    """Of the first hunk that is not kept; none if nothing fits below its `@@` line."""
    missing = next((hunk for hunk in hunks if hunk not in kept), None)
    run = next(runs(missing, tokens, count), None) if missing else None
    return [run] if run and run.stop > 1 else []
