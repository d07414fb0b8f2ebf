"""What a repository's own `.gitattributes` say of changed files: generated, vendored, or neither.

Only linguist's attributes count, as GitHub reads them for its diffs. Git itself applies the files, with those
of folders and their macros: they are laid out as a work tree of their own, since before 2.43 git cannot read
them from a commit.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from analysis.models import FileChange, Sha
from workers.gitstream import BareRepository, GitFailed, GitTimedOut

Mark = Literal["generated", "vendored", "neither"]

NAME = ".gitattributes"
GENERATED, VENDORED = "linguist-generated", "linguist-vendored"
YES, NO = frozenset({b"set", b"true"}), frozenset({b"unset", b"false"})
REGULAR = frozenset({b"100644", b"100755"})
"""Modes: git does not follow a link of that name either."""
MOST_FOLDERS = 200
"""Folders that are looked into, the outermost first."""
MOST_FILES = 20
MOST_BYTES = 500_000
"""Of all of them: nobody writes longer ones."""
SECONDS = 15.0
"""For all of it; what a file is called tells enough without."""


class UnreadableAttributes(Exception):
    """They are too long, not there, or lie where no work tree can have them."""


def marked(files: Sequence[FileChange], sha: Sha, repository: BareRepository) -> tuple[FileChange, ...]:
    """The files with what the repository says of them at that commit; as they are if that cannot be known.

    Args:
        files: of the commit.
        sha: its name.
        repository: holds the commit's trees, and may fetch the attributes' text.
    """
    deadline = min(repository.deadline, time.monotonic() + SECONDS)
    try:
        marks = _marks([file.path for file in files], sha, replace(repository, deadline=deadline))
    except (GitFailed, GitTimedOut, UnreadableAttributes, OSError):
        return tuple(files)
    return tuple(
        file.model_copy(update={"marked": marks[file.path]}) if file.path in marks else file for file in files
    )


def _marks(paths: Sequence[str], sha: Sha, repository: BareRepository) -> dict[str, Mark]:
    """The mark of each path that has one; most repositories say nothing of linguist."""
    listed = _listed(paths, sha, repository) if paths else {}
    texts = _texts(tuple(listed.values()), repository) if listed else ()
    if not any(b"linguist-" in text for text in texts):
        return {}
    tree = repository.folder.with_name("attributes")
    for path, text in zip(listed, texts, strict=True):
        _lay_out(path, text, tree)
    return dict(_checked(paths, tree, repository))


def _listed(paths: Iterable[str], sha: Sha, repository: BareRepository) -> dict[bytes, bytes]:
    """The object of each file of attributes, by its path, in a folder above one of the paths."""
    folders = {folder for path in paths for folder in PurePosixPath(path).parents}
    outermost = sorted(folders, key=lambda folder: (len(folder.parts), folder))[:MOST_FOLDERS]
    names = (str(folder / NAME) for folder in outermost)
    listing = repository.run("--literal-pathspecs", "ls-tree", "-z", sha, "--", *names)
    described = (record.split(b"\t", 1) for record in listing.split(b"\0") if record)
    objects = {path: what.split(b" ") for what, path in described}
    regular = {path: name for path, (mode, _, name) in objects.items() if mode in REGULAR}
    return dict(islice(regular.items(), MOST_FILES))


def _texts(names: Sequence[bytes], repository: BareRepository) -> tuple[bytes, ...]:
    """What these objects hold; git fetches them.

    Raises:
        UnreadableAttributes: they are too long, or one is missing.
    """
    raw = bytearray()
    with (
        _input(b"".join(name + b"\n" for name in names), repository) as stdin,
        repository.stream("cat-file", "--batch", stdin=stdin) as chunks,
    ):
        for chunk in chunks:
            raw += chunk
            if len(raw) > MOST_BYTES:
                raise UnreadableAttributes
    return tuple(_contents(bytes(raw)))


def _contents(raw: bytes) -> Iterator[bytes]:
    """Each object is its name, type and size in one line, its content, and a line break."""
    while raw:
        header, _, rest = raw.partition(b"\n")
        size = header.rpartition(b" ")[2]
        if not size.isdigit():
            raise UnreadableAttributes
        yield rest[: int(size)]
        raw = rest[int(size) + 1 :]


def _lay_out(path: bytes, text: bytes, tree: Path) -> None:
    """One file of attributes in our tree; its path is somebody else's.

    Raises:
        UnreadableAttributes: it leads out of the tree, or into a repository.
    """
    parts = os.fsdecode(path).split("/")
    if {"", ".", "..", ".git"} & {part.lower() for part in parts}:
        raise UnreadableAttributes
    file = tree.joinpath(*parts)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)


def _checked(paths: Sequence[str], tree: Path, repository: BareRepository) -> Iterator[tuple[str, Mark]]:
    """Git's answer: path, attribute and value in turn, for each path in the order it was asked."""
    command = (f"--work-tree={tree}", "check-attr", "--stdin", "-z", GENERATED, VENDORED)
    with _input(b"".join(path.encode() + b"\0" for path in paths), repository) as stdin:
        values = repository.run(*command, stdin=stdin).split(b"\0")[2::3]
    for path, generated, vendored in zip(paths, values[::2], values[1::2], strict=True):
        if mark := _mark(generated, vendored):
            yield path, mark


def _mark(generated: bytes, vendored: bytes) -> Mark | None:
    if generated in YES:
        return "generated"
    if vendored in YES:
        return "vendored"
    return "neither" if NO & {generated, vendored} else None


@contextmanager
def _input(content: bytes, repository: BareRepository) -> Iterator[BinaryIO]:
    """A file for git to read from: a pipe that both ends fill would have to be written and read at once."""
    file = repository.folder.with_name("names")
    file.write_bytes(content)
    with file.open("rb") as stdin:
        yield stdin
