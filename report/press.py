"""The press: what was rendered is kept, and rendered again only when what decides it has changed."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

LARGEST = 16_000_000
"""Bytes that are kept, packed: about 250 days of 100 commits."""
BESIDE = 2_000
"""Bytes that a key takes, roughly: many small pages are no less than a few large ones."""
LEVEL = 6
"""Of gzip: more takes longer and saves little."""


@dataclass(frozen=True)
class Copy:
    """A rendered text, packed."""

    tag: str
    """A hash of the text: the same text has the same one, whoever rendered it."""
    packed: bytes
    """By gzip, of UTF-8."""

    @classmethod
    def of(cls, text: str) -> "Copy":
        """Pack a text."""
        raw = text.encode()
        return cls(sha256(raw).hexdigest()[:32], gzip.compress(raw, LEVEL, mtime=0))

    @property
    def size(self) -> int:
        """Bytes that it takes while it is kept."""
        return len(self.packed) + BESIDE

    def unpacked(self) -> bytes:
        """The text in UTF-8."""
        return gzip.decompress(self.packed)


class Press:
    """Keeps the copies that were read last; threads may share it."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest, self._size = largest, 0
        self._kept: OrderedDict[Hashable, Copy] = OrderedDict()
        self._lock = Lock()

    def copy(self, key: Hashable, render: Callable[[], str]) -> Copy:
        """The copy that is kept under a key, else a new one of what is rendered now.

        Args:
            key: all that decides the text, read before what the text is rendered from.
            render: called only when there is no copy; by several threads at once if they come together.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        copy = Copy.of(render())
        with self._lock:
            self._keep(key, copy)
        return copy

    def _keep(self, key: Hashable, copy: Copy) -> None:
        before = self._kept.pop(key, None)
        self._kept[key] = copy
        self._size += copy.size - (before.size if before else 0)
        while self._size > self._largest and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size
