"""What of a day can be skipped, by kind: a line for those who want to be sure."""

from collections.abc import Collection, Iterable

from analysis.diff.paths import SKIPPABLE, Kind, kind_of_file
from analysis.importance.titles import ChangeType, parse_title
from analysis.models import Frozen, Importance, Sha
from analysis.storage.entry import Entry

_AS_TYPE = {
    Kind.DOCS: ChangeType.DOCS,
    Kind.TEST: ChangeType.TEST,
    Kind.CI: ChangeType.CI,
    Kind.LOCK: ChangeType.DEPENDENCY,
}
_ALONE = SKIPPABLE | {Kind.LOCK}
"""Kinds of files that say what a commit is, if it touches nothing else."""


class Skippable(Frozen):
    """Commits of low importance of one kind."""

    kind: str
    """A key under `rules.type.` or `rules.kind.` in the words."""
    shas: tuple[Sha, ...]


def skippable(entries: Iterable[Entry], shown: Collection[Sha]) -> tuple[Skippable, ...]:
    """The commits of low importance that were not spoken of, the most frequent kind first."""
    kinds: dict[str, list[Sha]] = {}
    for entry in entries:
        if entry.importance is Importance.LOW and entry.sha not in shown:
            kinds.setdefault(_kind(entry), []).append(entry.sha)
    found = (Skippable(kind=kind, shas=tuple(shas)) for kind, shas in kinds.items())
    return tuple(sorted(found, key=lambda each: -len(each.shas)))


def _kind(entry: Entry) -> str:
    """By its files where they are all of one kind, else as its title claims."""
    if entry.facts and entry.facts.merged:
        return ChangeType.MERGE.value
    kinds = {kind_of_file(file) for file in entry.facts.files} if entry.facts else set()
    if len(kinds) == 1 and kinds <= _ALONE:
        kind = kinds.pop()
        return _AS_TYPE[kind].value if kind in _AS_TYPE else kind.value
    return parse_title(entry.landed.subject).type.value
