"""Which patches the model sees: whole, in part or not at all, within a number of tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.clip import CHARACTERS_PER_TOKEN, Count, clip, cut_long_lines
from analysis.models import Commit, Coverage, FileChange, FileCoverage
from analysis.paths import UNREAD, Kind, kind_of, shut_out

FAIR_PART = 300
"""Tokens that a file should get when not all fit: rather fewer files than smaller parts."""
_CARRYING = frozenset({Kind.CORE, Kind.BUILD})


@dataclass(frozen=True)
class Selection:
    """What goes into the prompt, and what that leaves out."""

    patches: tuple[str, ...]
    """Each from its `diff --git` line on, cut at the border of a hunk where that is possible."""
    coverage: Coverage
    """Every file of the commit."""


def choose_patches(
    commit: Commit, *, max_tokens: int, count: Count, exclude_paths: tuple[str, ...] = ()
) -> Selection:
    """Everything if it fits; else what carries the change first, whole files before parts of files.

    Lock, generated, vendored, minified and deleted files are then only named. Excluded ones are never read.
    """
    unread = {file.path: why for file in commit.files if (why := _unreadable(file, exclude_paths))}
    texts = {patch.path: cut_long_lines(patch.text) for patch in commit.patches if patch.path not in unread}
    if not _fit(texts.values(), max_tokens, count):
        unread |= {
            file.path: why for file in commit.files if (why := unread.get(file.path) or _namable(file))
        }
        order = _by_weight([file for file in commit.files if file.path in texts and file.path not in unread])
        texts = _share(order, texts, max_tokens, count)
    return Selection(tuple(texts.values()), _coverage(commit, unread, texts))


def seen_by_rules(commit: Commit) -> Coverage:
    """What the rules read: every patch as it came from git."""
    unread = {file.path: "binary" for file in commit.files if file.binary}
    return _coverage(commit, unread, {patch.path: patch.text for patch in commit.patches})


def _unreadable(file: FileChange, exclude_paths: tuple[str, ...]) -> str:
    if any(shut_out(path, exclude_paths) for path in (file.path, file.old_path) if path):
        return "excluded"
    return "binary" if file.binary else ""


def _namable(file: FileChange) -> str:
    """Why a line about a file says as much as its patch, when there is not room for both."""
    kind = kind_of(file.path)
    if kind in UNREAD:
        return kind.value
    return "deleted" if file.status == "D" else ""


def _fit(texts: Iterable[str], tokens: int, count: Count) -> bool:
    for text in texts:
        tokens -= count(text) if len(text) <= tokens * CHARACTERS_PER_TOKEN else tokens + 1
        if tokens < 0:
            return False
    return True


def _by_weight(files: Sequence[FileChange]) -> list[list[str]]:
    """Paths of the files that carry the change, then of the others; each the most changed first."""
    sized = sorted(files, key=lambda file: -((file.additions or 0) + (file.deletions or 0)))
    carrying = [file.path for file in sized if kind_of(file.path) in _CARRYING]
    return [carrying, [file.path for file in sized if kind_of(file.path) not in _CARRYING]]


def _share(order: list[list[str]], texts: dict[str, str], tokens: int, count: Count) -> dict[str, str]:
    """Room for each group in turn; within a group what small files do not need is left to the large ones."""
    shown: dict[str, str] = {}
    for group in order:
        paths = sorted(group[: tokens // FAIR_PART], key=lambda path: len(texts[path]))
        for waiting, path in zip(range(len(paths), 0, -1), paths, strict=True):
            if text := clip(texts[path], tokens // waiting, count):
                shown[path] = text
                tokens -= count(text)
    return {path: shown[path] for path in texts if path in shown}


def _coverage(commit: Commit, unread: dict[str, str], texts: dict[str, str]) -> Coverage:
    patches = {patch.path: patch for patch in commit.patches}

    def seen(path: str) -> FileCoverage:
        patch, text = patches.get(path), texts.get(path)
        if path in unread:
            return FileCoverage(path=path, seen="none", why=unread[path])
        if patch is None:
            return FileCoverage(path=path, seen="none", why="capped") if commit.capped else _all_of(path)
        if text is None:
            return FileCoverage(path=path, seen="none", why="budget")
        if text != patch.text:
            why = "long-line" if text == cut_long_lines(patch.text) else "budget"
            return FileCoverage(path=path, seen="part", why=why)
        return FileCoverage(path=path, seen="part", why="capped") if patch.truncated else _all_of(path)

    return Coverage(files=tuple(seen(file.path) for file in commit.files))


def _all_of(path: str) -> FileCoverage:
    return FileCoverage(path=path, seen="whole")
