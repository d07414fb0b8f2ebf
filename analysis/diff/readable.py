"""Which patches of a commit may be read at all, and which of them carry the change; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.diff.clip import Count, fits
from analysis.diff.excerpt import Excerpt, excerpt_of
from analysis.diff.paths import UNREAD, Kind, kind_of_file, shut_out
from analysis.models import Commit, FileChange

SHORT = 300
"""Tokens up to which the patch of a file that a program made is worth its price."""
CARRYING = frozenset({Kind.CORE, Kind.BUILD})


@dataclass(frozen=True)
class Readable:
    """The patches that may be shown, in git's order, and why those of other files are not."""

    excerpts: Mapping[str, Excerpt]
    unread: Mapping[str, str]
    """Path -> a key under `coverage.` in the words."""
    kinds: Mapping[str, Kind]

    @property
    def made(self) -> dict[str, str]:
        """The files that a program made or that come from elsewhere, each with its kind."""
        return {path: self.kinds[path].value for path in self.excerpts if self.kinds[path] in UNREAD}

    @property
    def made_only(self) -> bool:
        """There is nothing else."""
        return len(self.made) == len(self.excerpts)

    def naming(self, unread: Mapping[str, str]) -> "Readable":
        """The same, with these files named only."""
        left = {path: each for path, each in self.excerpts.items() if path not in unread}
        return replace(self, excerpts=left, unread={**self.unread, **unread})

    def by_weight(self, files: Iterable[FileChange]) -> tuple[list[str], list[str]]:
        """Paths of the files that carry the change, and of the others; each the most changed first."""
        sized = sorted(files, key=lambda file: -((file.additions or 0) + (file.deletions or 0)))
        paths = [file.path for file in sized if file.path in self.excerpts]
        carrying = [path for path in paths if self.kinds[path] in CARRYING]
        return carrying, [path for path in paths if self.kinds[path] not in CARRYING]


def readable_in(commit: Commit, count: Count, exclude_paths: Sequence[str]) -> Readable:
    """What is neither shut out nor binary; of what a program made only what is short, or all there is."""
    unread = {file.path: why for file in commit.files if (why := _unreadable(file, exclude_paths))}
    excerpts = {patch.path: excerpt_of(patch) for patch in commit.patches if patch.path not in unread}
    kinds = {file.path: kind_of_file(file) for file in commit.files if file.path in excerpts}
    readable = Readable(excerpts, unread, kinds)
    if readable.made_only:
        return readable
    made = readable.made.items()
    return readable.naming({path: why for path, why in made if not fits(excerpts[path].text, SHORT, count)})


def what_counts(commit: Commit, readable: Readable) -> Readable:
    """For when there is not room for all: without the files of which a line says as much as their patch."""
    deleted = {file.path: "deleted" for file in commit.files if file.status == "D"}
    unread = deleted if readable.made_only else readable.made | deleted
    left = readable.naming({path: why for path, why in unread.items() if path in readable.excerpts})
    return replace(left, excerpts={path: each for path, each in left.excerpts.items() if each.hunks})


def carries(file: FileChange) -> bool:
    """Whether a file is what runs or is built, and not about it."""
    return kind_of_file(file) in CARRYING


def _unreadable(file: FileChange, exclude_paths: Sequence[str]) -> str:
    if any(shut_out(path, exclude_paths) for path in (file.path, file.old_path) if path):
        return "excluded"
    return "binary" if file.binary else ""
