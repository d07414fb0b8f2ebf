"""Whether a patch changes anything but where lines stand, or what a sentence in quotes says; pure."""

import re
from collections import Counter
from collections.abc import Iterable

from analysis.diff.hunks import exchanges
from analysis.diff.sides import Sides

_MOVED = 0.98
"""The share of lines that come back elsewhere, from which on a patch is a move."""
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


def only_texts(sides: Sides) -> bool:
    """Whether lines are exchanged for such as differ in sentences only."""
    changes = list(exchanges(sides.text))
    return bool(changes) and all(_mute(each.removed) == _mute(each.added) for each in changes)


def _mute(lines: Iterable[str]) -> list[str]:
    return [_SENTENCE.sub('""', line) for line in lines]
