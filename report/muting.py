"""What of a day is muted: counted like everything else, folded into one line, and in no one's way; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from analysis.models import Frozen, Sha
from analysis.storage.entry import Entry
from analysis.storage.highlights import Highlights
from analysis.watching import Mute, mute_of
from analysis.words import Words
from report.addresses import without_addresses


class Muted(Frozen):
    """The commits of one mute."""

    name: str
    shas: tuple[Sha, ...]


def muted_in(entries: Iterable[Entry], mutes: Collection[Mute]) -> tuple[Muted, ...]:
    """What is muted, by the first mute that folds it; the most frequent first."""
    found: dict[str, list[Sha]] = {}
    for entry in entries if mutes else ():
        if name := mute_of(entry, mutes):
            found.setdefault(name, []).append(entry.sha)
    return _most_first(found)


def joined_muted(parts: Iterable[Iterable[Muted]], listed: Collection[Sha]) -> tuple[Muted, ...]:
    """Of several days in one, as far as they are listed; the most frequent first."""
    found: dict[str, tuple[Sha, ...]] = {}
    for each in (each for part in parts for each in part):
        shas = tuple(sha for sha in each.shas if sha in listed)
        found[each.name] = (*found.get(each.name, ()), *shas)
    return _most_first({name: shas for name, shas in found.items() if shas})


def unmuted(entries: Iterable[Entry], muted: Iterable[Muted]) -> tuple[Entry, ...]:
    """The entries that are not muted."""
    silent = {sha for each in muted for sha in each.shas}
    return tuple(entry for entry in entries if entry.sha not in silent)


def told_without(told: Highlights | None, muted: Iterable[Muted]) -> Highlights | None:
    """What a model told of a day, without what it told of commits that are muted; None if that was all."""
    silent = {sha for each in muted for sha in each.shas}
    if told is None or not silent:
        return told
    items = tuple(item for item in told.items if not item.shas or item.shas[0] not in silent)
    return told.model_copy(update={"items": items}) if items else None


def _most_first(found: Mapping[str, Sequence[Sha]]) -> tuple[Muted, ...]:
    told = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple(without_addresses(Muted(name=name, shas=tuple(shas))) for name, shas in told)


def muted_text(muted: Collection[Muted], words: Words) -> str:
    """`12 muted: robots 9, docs 3`."""
    parts = (words("muted.part", name=each.name, count=len(each.shas)) for each in muted)
    count = sum(len(each.shas) for each in muted)
    return words("muted.line", count=count, parts=words("digest.list-comma").join(parts))
