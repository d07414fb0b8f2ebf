"""What is shown of one file's patch: hunks, or runs of their lines, with marks where something is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.diff.hunks import split_patch
from analysis.models import Patch
from analysis.text.visible import visible

LONGEST_LINE = 1_000
"""Characters of one line that are shown; a longer one was made by a program."""

_LONG_LINE = re.compile(rf"^(.{{{LONGEST_LINE}}}).+$", re.MULTILINE)
_HUNKS_MISSING = "[... hunks {} to {} of {} not shown here]\n"
_LINES_MISSING = "[... {} lines not shown here]\n"


@dataclass(frozen=True)
class Hunk:
    """One hunk of a patch, or a run of its lines."""

    number: int
    """Among the hunks of its file, counted from 1."""
    text: str
    size: int
    """Lines that the hunk has, its `@@` line included."""
    start: int
    """The first line that is here, counted from 0."""
    stop: int
    """The line after the last one that is here."""
    cut: bool
    """A line has lost its tail."""

    @property
    def lines(self) -> list[str]:
        """Those of its text, each with its line break."""
        return [f"{line}\n" for line in self.text.removesuffix("\n").split("\n")]

    def run(self, lines: Sequence[str], start: int, stop: int) -> "Hunk":
        """Some of its `lines`, behind its `@@` line."""
        before = [lines[0], _LINES_MISSING.format(start - 1)] if start > 1 else lines[:start]
        after = [_LINES_MISSING.format(self.size - stop)] if stop < self.size else []
        text = "".join([*before, *lines[start:stop], *after])
        return replace(self, text=text, start=start, stop=stop)


@dataclass(frozen=True)
class Excerpt:
    """One file's patch, or the part of it that is shown in one place."""

    path: str
    header: str
    """From the `diff --git` line to the first hunk."""
    hunks: tuple[Hunk, ...]
    """In order, each once."""
    total: int
    """Hunks that the file's patch has."""

    @property
    def text(self) -> str:
        """From its `diff --git` line on; where hunks are missing, there is a mark."""
        pieces, last = [self.header], 0
        for hunk in self.hunks:
            pieces += self._gap(last + 1, hunk.number)
            pieces.append(hunk.text)
            last = hunk.number
        return "".join([*pieces, *self._gap(last + 1, self.total + 1)])

    def only(self, hunks: Sequence[Hunk]) -> "Excerpt":
        """The same file with these hunks."""
        return replace(self, hunks=tuple(hunks))

    def _gap(self, first: int, after: int) -> list[str]:
        return [gap(first, after - 1, self.total)] if first < after else []


def excerpt_of(patch: Patch) -> Excerpt:
    """The whole patch as it is shown and counted, without the tails of its longest lines."""
    header, hunks = split_patch(visible(patch.text))
    numbered = (_hunk(number, text) for number, text in enumerate(hunks, 1))
    return Excerpt(patch.path, _without_tails(header), tuple(numbered), len(hunks))


def gap(first: int, last: int, total: int) -> str:
    """The mark for hunks that are missing."""
    return _HUNKS_MISSING.format(first, last, total)


def _hunk(number: int, text: str) -> Hunk:
    shown = _without_tails(text)
    size = text.count("\n") + (not text.endswith("\n"))
    return Hunk(number, shown, size, start=0, stop=size, cut=shown != text)


def _without_tails(text: str) -> str:
    return _LONG_LINE.sub(r"\1 [... line cut]", text)
