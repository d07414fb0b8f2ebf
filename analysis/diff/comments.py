"""The comments among the changed lines of a patch, by what begins a comment in a file's language; pure."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from analysis.diff.hunks import exchanges
from analysis.diff.sides import Sides

_HASH = re.compile(r"\s*#(?![!\[]|include|define|if|else|endif|pragma|undef)(.*)")
_SLASHES = re.compile(r"\s*(?://|/\*|\*(?!\w))(.*)")
_DASHES = re.compile(r"\s*--(.*)")
_SUFFIXES = (
    (_HASH, "py pyi rb sh bash yml yaml toml pl r ex exs nix tf conf"),
    (_SLASHES, "c h cc cpp hpp rs go js ts jsx tsx mjs java kt scala cs swift proto css scss php"),
    (_DASHES, "sql lua hs"),
)
_MARKS = {suffix: mark for mark, suffixes in _SUFFIXES for suffix in suffixes.split()}


def comments(sides: Sides) -> Iterator[str]:
    """What changed lines say that are comments from their first character on."""
    mark = _mark(sides.path)
    if mark:
        yield from (found[1] for line in sides.changed() if (found := mark.fullmatch(line)))


def only_comments(sides: Sides) -> bool:
    """Whether nothing but comments, blank lines and blanks at the ends of lines changes."""
    changes = list(exchanges(sides.text))
    return bool(changes) and all(
        code_lines(sides.path, change.removed) == code_lines(sides.path, change.added) for change in changes
    )


def code_lines(path: str, lines: Iterable[str]) -> list[str]:
    """Those of a file's lines that are neither blank nor comments, without blanks at their ends."""
    mark = _mark(path)
    return [line.rstrip() for line in lines if line.strip() and not (mark and mark.fullmatch(line))]


def _mark(path: str) -> re.Pattern[str] | None:
    return _MARKS.get(PurePosixPath(path).suffix[1:].lower())
