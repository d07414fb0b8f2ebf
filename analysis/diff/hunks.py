"""The parts of one file's patch: its header, its hunks, and the lines that were exchanged for one another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HUNK = re.compile(r"^(?=@@)", re.MULTILINE)
_RUN = re.compile(r"(?:^-.*\n)+(?:^\+.*\n?)*|(?:^\+.*\n?)+", re.MULTILINE)


@dataclass(frozen=True)
class Exchange:
    """Neighbouring lines that were removed and what was put in their place, without `-` and `+`."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


def split_patch(text: str) -> tuple[str, tuple[str, ...]]:
    """The header (from `diff --git` on) and the hunks, each with its `@@` line.

    Joined again they are the text: inside a hunk every line starts with a blank, `+`, `-` or a backslash.
    """
    header, *hunks = _HUNK.split(text)
    return header, tuple(hunks)


def exchanges(text: str) -> Iterator[Exchange]:
    """Every run of changed lines in a patch; a combined patch (of a merge) has none."""
    for hunk in split_patch(text)[1]:
        if hunk.startswith("@@@"):
            continue
        for run in _RUN.finditer(hunk):
            lines = run[0].split("\n")
            removed = tuple(line[1:] for line in lines if line.startswith("-"))
            added = tuple(line[1:] for line in lines if line.startswith("+"))
            yield Exchange(removed, added)
