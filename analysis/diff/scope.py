"""Where a commit takes place, from git alone: its files, or their folders when there are many; pure."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from analysis.diff.paths import Kind, kind_of_file
from analysis.language import Language
from analysis.models import CommitFacts, FileChange, ScopeItem
from analysis.text.quoting import code
from analysis.words import Words, words_for

MOST = 8
"""Places that are listed."""
DEPTH = 2
"""Folders of a path by which many files are grouped."""


def scope_of(commit: CommitFacts, language: Language) -> tuple[ScopeItem, ...]:
    """At most eight places, what carries the change first, each with what happened there in numbers."""
    words = words_for(language)
    if len(commit.files) <= MOST:
        weighed = sorted(commit.files, key=_weight)
        return tuple(ScopeItem(path=file.path, why=what_happened(file, words)) for file in weighed)
    folders = sorted(
        _folders(commit.files).items(), key=lambda each: sum(map(_changed, each[1])), reverse=True
    )
    return tuple(ScopeItem(path=path, why=_many(files, words)) for path, files in folders[:MOST])


def what_happened(file: FileChange, words: Words) -> str:
    """`added, +120 −0`, `renamed from a.py`, `binary` and so on, in the report's language."""
    fate = words(f"rules.status.{file.status}", old=code(file.old_path or ""))
    if file.submodule:
        return words("rules.scope.submodule", fate=fate)
    if file.binary:
        return words("rules.scope.binary", fate=fate)
    if _changed(file):
        return words("rules.scope.lines", fate=fate, additions=file.additions, deletions=file.deletions)
    return (
        words("rules.scope.mode", fate=fate)
        if file.old_mode != file.new_mode and file.status == "M"
        else fate
    )


def _many(files: list[FileChange], words: Words) -> str:
    if len(files) == 1:
        return what_happened(files[0], words)
    additions, deletions = (
        sum(file.additions or 0 for file in files),
        sum(file.deletions or 0 for file in files),
    )
    return words("rules.scope.many", count=len(files), additions=additions, deletions=deletions)


def _folders(files: Iterable[FileChange]) -> dict[str, list[FileChange]]:
    """Files under the first two folders of their path; a folder with one file is that file."""
    grouped: defaultdict[str, list[FileChange]] = defaultdict(list)
    for file in files:
        folders = PurePosixPath(file.path).parts[:-1][:DEPTH]
        grouped["/".join(folders) + "/" if folders else file.path].append(file)
    return {(path if len(inside) > 1 else inside[0].path): inside for path, inside in grouped.items()}


def _weight(file: FileChange) -> tuple[bool, int]:
    return kind_of_file(file) not in (Kind.CORE, Kind.BUILD), -_changed(file)


def _changed(file: FileChange) -> int:
    return (file.additions or 0) + (file.deletions or 0)
