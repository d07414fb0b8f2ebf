"""The files that a digest in parts is written to: `day.md`, `day.2.md` ..."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

LONGEST_LINE = 1_000
"""Characters that are read of a first line: no title of ours has as many."""


def write_sheets(texts: Sequence[str], first: Path) -> tuple[Path, ...]:
    """One file for each part, in their order; what stands there is overwritten.

    Raises:
        OSError: a file cannot be written.
    """
    rest = [first.with_name(f"{first.stem}.{number}{first.suffix}") for number in range(2, len(texts) + 1)]
    for file, text in zip((first, *rest), texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return (first, *rest)


def remove_surplus(first: Path, count: int, is_part: Callable[[int, str], bool]) -> tuple[Path, ...]:
    """Take away what an earlier, longer run left beyond so many files; returns what was removed, in order.

    Args:
        first: the first file.
        count: how many there are now.
        is_part: whether a number and a first line are those of a part that is written here. A file of
            another name or with another first line is somebody's own; so is a link, wherever it leads.

    Raises:
        OSError: a file cannot be removed.
    """
    found = sorted((number, file) for number, file in _numbered(first) if number > count)
    surplus = tuple(file for number, file in found if is_part(number, _first_line(file)))
    for file in surplus:
        file.unlink(missing_ok=True)
    return surplus


def _numbered(first: Path) -> Iterator[tuple[int, Path]]:
    """Plain files beside the first that are called as its parts are; there are no more than 9,999."""
    name = re.compile(rf"{re.escape(first.stem)}\.([1-9][0-9]{{0,3}}){re.escape(first.suffix)}")
    for file in first.parent.iterdir():
        match = name.fullmatch(file.name)
        if match and file.is_file() and not file.is_symlink():
            yield int(match[1]), file


def _first_line(file: Path) -> str:
    """Empty for a file that may not be read."""
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            return text.readline(LONGEST_LINE).removesuffix("\n")
    except PermissionError:
        return ""
