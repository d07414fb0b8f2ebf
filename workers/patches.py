"""What `git diff-tree` prints, as files and patches: read up to a cap, whatever bytes the paths hold.

With `-z` the listings come first, as NUL-separated fields with the paths as they are; then, after an empty
field, the patches. They are in the order of the listing, which is how the two are joined.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal, cast

from analysis.models import FileChange, Patch
from workers.pretty import cut_text, text

HEADER = re.compile(rb"^diff --(?:git|cc) ", re.MULTILINE)
Status = Literal["A", "C", "D", "M", "R", "T"]
Lines = tuple[int | None, int | None]
"""Added and deleted; None for a binary file."""

ABSENT = "000000"
PAIR = 2
ESCAPES = {7: b"a", 8: b"b", 9: b"t", 10: b"n", 11: b"v", 12: b"f", 13: b"r", 34: b'"', 92: b"\\"}
PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True)
class ReadLimits:
    """How much of one commit is read."""

    patch_bytes: int = 8_000_000
    """Of all patches together."""
    file_bytes: int = 2_000_000
    """Of one file's patch."""
    files: int = 30_000
    seconds: float = 120
    """For everything, the fetch included."""


@dataclass(frozen=True)
class Diff:
    """What a commit changed."""

    files: tuple[FileChange, ...] = ()
    patches: tuple[Patch, ...] = ()
    raw: bytes = b""
    """The patches as git printed them, up to the cap."""
    capped: bool = False
    """There were more files or longer patches than the limits allow."""


@dataclass(frozen=True)
class _Listed:
    """One file as the raw listing names it."""

    path: bytes
    status: Status
    old_path: bytes | None
    modes: tuple[str, ...]

    def change(self, additions: int | None, deletions: int | None) -> FileChange:
        return FileChange(
            path=text(self.path),
            old_path=None if self.old_path is None else text(self.old_path),
            status=self.status,
            additions=additions,
            deletions=deletions,
            old_mode=self.modes[0],
            new_mode=self.modes[-1],
        )


class _Fields:
    """A stream as NUL-terminated fields, then as what is left of it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer, self._position = b"", 0

    def next(self) -> bytes | None:
        """The next field; None at the end."""
        while (end := self._buffer.find(b"\0", self._position)) < 0:
            chunk = next(self._chunks, None)
            if chunk is None:
                return None
            self._buffer, self._position = self._buffer[self._position :] + chunk, 0
        field, self._position = self._buffer[self._position : end], end + 1
        return field

    def required(self) -> bytes:
        """The next field of a record that has begun."""
        return self.next() or b""

    def rest(self, limit: int) -> bytes:
        """At most one byte more than the limit: enough to tell that there is more."""
        kept = bytearray(self._buffer[self._position :])
        while len(kept) <= limit and (chunk := next(self._chunks, None)) is not None:
            kept += chunk
        return bytes(kept[: limit + 1])


def read_diff(chunks: Iterator[bytes], limits: ReadLimits) -> Diff:
    """The output of `diff-tree -z --raw --numstat -p` for a commit with one parent or none."""
    fields = _Fields(chunks)
    listed, counts, more = _read_listing(fields, limits.files)
    raw, capped = _read_capped(fields, limits.patch_bytes)
    pieces = iter(_pieces(raw))
    owned = ((file, b"".join(islice(pieces, 2 if file.status == "T" else 1))) for file in listed)
    patches = [_patch(file, own, limits, at_cap=capped and raw.endswith(own)) for file, own in owned if own]
    files = [file.change(*lines) for file, lines in zip(listed, counts, strict=True)]
    return Diff(tuple(files), tuple(patches), raw, capped or more)


def read_merge(chunks: Iterator[bytes], limits: ReadLimits) -> Diff:
    """The output of `diff-tree -z --raw --cc -p` for a merge: the files with hunks that no parent has.

    The listing also names files that git merged by itself; those have no patch. Lines count as added when no
    parent has them, and as deleted when every parent has.
    """
    fields = _Fields(chunks)
    listed, _, more = _read_listing(fields, limits.files)
    raw, capped = _read_capped(fields, limits.patch_bytes)
    named = {b"diff --cc " + quoted(file.path): file for file in listed}
    files, patches = [], []
    for piece in _pieces(raw):
        if file := named.get(piece.partition(b"\n")[0]):
            files.append(file.change(*_count_by_hand(piece, len(file.modes) - 1)))
            patches.append(_patch(file, piece, limits, at_cap=capped and raw.endswith(piece)))
    return Diff(tuple(files), tuple(patches), raw, capped or more)


def quoted(path: bytes) -> bytes:
    """A path as git writes it in a patch's header (core.quotePath): in C's quotes if it has unusual bytes."""
    escaped = b"".join(_escaped(byte) for byte in path)
    return path if escaped == path else b'"' + escaped + b'"'


def _escaped(byte: int) -> bytes:
    if byte in ESCAPES:
        return b"\\" + ESCAPES[byte]
    return bytes([byte]) if byte in PRINTABLE else b"\\%03o" % byte


def _read_listing(fields: _Fields, limit: int) -> tuple[list[_Listed], list[Lines], bool]:
    """The files and their lines, up to a number of files, and whether there are more."""
    listed, counts, more = list[_Listed](), list[Lines](), False
    while record := fields.next():
        if record.startswith(b":"):
            file = _listed(record, fields)
            more = more or len(listed) >= limit
            if not more:
                listed.append(file)
        else:
            counts.append(_lines(record, fields))
    return listed, counts[:limit], more


def _listed(record: bytes, fields: _Fields) -> _Listed:
    """A record `:100644 100755 SHA SHA R086` and the paths behind it; a merge has a colon per parent."""
    parents = len(record) - len(record.lstrip(b":"))
    parts = record.decode("ascii").lstrip(":").split(" ")
    modes, letters = tuple(parts[: parents + 1]), parts[-1]
    old_path = fields.required() if parents == 1 and letters[0] in "RC" else None
    return _Listed(fields.required(), _status(letters, modes), old_path, modes)


def _status(letters: str, modes: tuple[str, ...]) -> Status:
    """Of a merge git gives one letter per parent: what they agree on, else what became of the file."""
    if len(modes) == PAIR:
        return cast("Status", letters[0])
    if modes[-1] == ABSENT:
        return "D"
    return "A" if set(modes[:-1]) == {ABSENT} else "M"


def _lines(record: bytes, fields: _Fields) -> Lines:
    """Added, deleted and the path, by tabs; for a rename the path is empty and both follow as fields."""
    additions, deletions, path = record.split(b"\t", 2)
    if not path:
        fields.required()
        fields.required()
    return (None, None) if additions == b"-" else (int(additions), int(deletions))


def _read_capped(fields: _Fields, limit: int) -> tuple[bytes, bool]:
    raw = fields.rest(limit)
    return raw[:limit], len(raw) > limit


def _pieces(raw: bytes) -> list[bytes]:
    """One piece for each `diff` header; a line of a hunk cannot look like one, as it begins with a sign."""
    starts = [match.start() for match in HEADER.finditer(raw)]
    return [raw[start:end] for start, end in pairwise([*starts, len(raw)])]


def _patch(file: _Listed, piece: bytes, limits: ReadLimits, *, at_cap: bool) -> Patch:
    limit = min(limits.file_bytes, len(piece) - at_cap)
    return Patch(path=text(file.path), text=cut_text(piece, limit), truncated=len(piece) > limit)


def _count_by_hand(piece: bytes, parents: int) -> Lines:
    header, _, hunks = piece.partition(b"\n@@")
    if b"\nBinary files " in header:
        return None, None
    signs = [line[:parents] for line in hunks.split(b"\n")]
    return signs.count(b"+" * parents), signs.count(b"-" * parents)
