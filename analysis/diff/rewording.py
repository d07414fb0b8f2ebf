"""Whether a patch changes anything but where lines stand, or what a sentence in quotes says; pure."""

import re
from collections import Counter
from collections.abc import Iterable

from analysis.diff.comments import code_lines
from analysis.diff.hunks import exchanges
from analysis.diff.sides import Sides

_MOVED = 0.98
"""The share of lines that come back elsewhere, from which on a patch is a move."""
_REWORDED = 0.15
"""The share of lines that say the same otherwise, from which on a patch is about what is said."""
_LEAST = 10
"""Lines that go; two that change places may well be another behaviour."""
_SENTENCE = re.compile(r"\"[^\"\n]*[A-Za-z] [^\"\n]*\"|'[^'\n]*[A-Za-z] [^'\n]*'|`[^`\n]*[A-Za-z] [^`\n]*`")
"""A literal with words in it, which is said to somebody; `"gpt-4"` is a value."""


def only_moved(files: Iterable[Sides]) -> bool:
    """Whether nearly every line that goes comes back, in these files together, and none comes besides."""
    removed: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for sides in files:
        for exchange in exchanges(sides.text):
            removed.update(filter(None, map(str.strip, exchange.removed)))
            added.update(filter(None, map(str.strip, exchange.added)))
    total = removed.total() + added.total()
    return removed.total() >= _LEAST and 2 * (removed & added).total() >= _MOVED * total


def only_removed(files: Iterable[Sides]) -> bool:
    """Whether lines go and none comes but comments and such as went elsewhere."""
    gone, come = _exchanged(files)
    return bool(gone) and not come


def only_texts(sides: Sides) -> bool:
    """Whether lines are exchanged for such as differ in sentences only."""
    changes = list(exchanges(sides.text))
    return bool(changes) and all(_mute(each.removed) == _mute(each.added) for each in changes)


def reworded(files: Iterable[Sides]) -> bool:
    """Whether a good part of the changed lines differs in sentences only."""
    gone, come = _exchanged(files)
    muted = Counter(_mute(gone.elements())) & Counter(_mute(come.elements()))
    return muted.total() > 0 and 2 * muted.total() >= _REWORDED * (gone.total() + come.total())


def _exchanged(files: Iterable[Sides]) -> tuple[Counter[str], Counter[str]]:
    """Lines of code that go and that come, without those that only move."""
    removed: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for sides in files:
        for exchange in exchanges(sides.text):
            removed.update(map(str.strip, code_lines(sides.path, exchange.removed)))
            added.update(map(str.strip, code_lines(sides.path, exchange.added)))
    return removed - added, added - removed


def _mute(lines: Iterable[str]) -> list[str]:
    return [_SENTENCE.sub('""', line) for line in lines]
