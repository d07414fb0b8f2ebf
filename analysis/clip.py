"""A patch made shorter: whole hunks where possible, whole lines otherwise, and a mark for what went."""

import re
from bisect import bisect_right
from collections.abc import Callable

from analysis.hunks import split_patch

Count = Callable[[str], int]
"""Text -> tokens, without a network."""

LONGEST_LINE = 1_000
"""Characters of one line that are shown; a longer one was made by a program."""
CHARACTERS_PER_TOKEN = 8
"""More than a tokenizer packs into a token of code: a text that is longer per token cannot fit."""

_LONG_LINE = re.compile(rf"^(.{{{LONGEST_LINE}}}).+$", re.MULTILINE)
_MARK = "[... {} lines left out]\n"


def cut_long_lines(text: str) -> str:
    """The text without the tails of its longest lines; the same text when there are none."""
    return _LONG_LINE.sub(r"\1 [... line cut]", text)


def clip(text: str, tokens: int, count: Count) -> str:
    """As much of a patch as fits, or an empty text when not even its first lines do."""
    if len(text) <= tokens * CHARACTERS_PER_TOKEN and count(text) <= tokens:
        return text
    header, hunks = split_patch(text)
    left = tokens - count(header + _MARK)
    kept = header + _whole_hunks(hunks, left, count)
    return kept if "\n@@" in kept else _first_lines(text, tokens, count)


def _whole_hunks(hunks: tuple[str, ...], left: int, count: Count) -> str:
    kept, gone = [], 0
    for hunk in hunks:
        cost = count(hunk) if len(hunk) <= left * CHARACTERS_PER_TOKEN else left + 1
        if cost > left:
            gone += hunk.count("\n")
            continue
        if gone:
            kept.append(_MARK.format(gone))
            cost += count(_MARK)
        kept.append(hunk)
        left, gone = left - cost, 0
    return "".join(kept) + (_MARK.format(gone) if gone else "")


def _first_lines(text: str, tokens: int, count: Count) -> str:
    """As many whole lines as fit, found by counting the tokens of ever closer beginnings."""
    lines = text[: tokens * CHARACTERS_PER_TOKEN].split("\n")[:-1]
    fitting = bisect_right(range(1, len(lines) + 1), tokens, key=lambda number: count(_cut(lines, number, 0)))
    if not any(line.startswith("@@") for line in lines[: max(0, fitting - 1)]):
        return ""
    return _cut(lines, fitting, text.count("\n") - fitting)


def _cut(lines: list[str], number: int, gone: int) -> str:
    return "\n".join(lines[:number]) + "\n" + _MARK.format(gone)
