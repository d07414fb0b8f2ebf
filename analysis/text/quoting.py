"""Somebody else's words inside Markdown of ours: they read the same and mark up nothing; and the way back."""

import re

from analysis.text.sentences import cut
from analysis.text.unseen import one_line

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~!&])")
_BLOCK = re.compile(r"^(\d{0,9})([-+=.)]|#(?=#{0,5}(?:\s|$)))")
"""What would begin a list or a heading, or underline one, at the start of a line."""
_MARKS = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)\s+|`+|\*\*|\\(?=[!-/:-@\[-`{-~])", re.MULTILINE)
_SPAN = re.compile(r"((?<!`)`[^`]+`(?!`))")
_RUNS = re.compile(r"`+")


def plain(text: str, limit: int) -> str:
    """The text in one line, cut at a number of characters; code spans stay, all other marks are escaped."""
    line = " ".join(one_line(text).split())
    parts = _SPAN.split(cut(line, limit))
    escaped = "".join(part if at % 2 else _MARKUP.sub(r"\\\1", part) for at, part in enumerate(parts))
    return _BLOCK.sub(r"\1\\\2", escaped)


def unmarked(markdown: str) -> str:
    """Markdown as one line of text, without the marks of lists, code and emphasis."""
    return one_line(_MARKS.sub("", markdown))


def code(text: str) -> str:
    """A code span that holds the text, whatever backticks are in it (CommonMark 0.31, 6.1)."""
    line = one_line(text)
    fence = "`" * (max((len(run) for run in _RUNS.findall(line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line.strip() else ""
    return f"{fence}{pad}{line}{pad}{fence}"
