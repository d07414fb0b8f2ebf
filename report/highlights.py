"""The few things of a day that a follower must know: as a model told them, by rule otherwise.

Importance and corrections always come from the entries, whoever wrote the texts.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from analysis.importance.triage import floor
from analysis.importance.urgency import urgency
from analysis.models import Importance, Sha
from analysis.storage.entry import Entry
from analysis.storage.highlights import Highlights
from analysis.words import Words
from report.highlight import Highlight, as_told, by_rule, corrections_of, highest

LIMIT = 7
FEW, ENOUGH = 5, 3
"""Places up to which commits of medium importance fill the list: those that ask for something, and any."""
Together = Sequence[Entry]
"""Commits that take one place."""


def basis_of(entries: Iterable[Entry]) -> str:
    """Tells these analyses from any others: a commit more, or one analysed again, and it is another."""
    return basis_from(
        (entry.sha, entry.analysis.analysed_at if entry.analysis else None) for entry in entries
    )


def basis_from(analysed: Iterable[tuple[Sha, datetime | None]]) -> str:
    """The same, of commits and when each was analysed."""
    lines = sorted(f"{sha} {instant}" for sha, instant in analysed)
    return sha256("\n".join(lines).encode()).hexdigest()


def standing(told: Highlights | None, entries: Sequence[Entry], words: Words) -> Highlights | None:
    """What a model told, if it told something, in this language and of these very analyses."""
    return fitting(told, lambda: basis_of(entries), words)


def fitting(told: Highlights | None, basis: Callable[[], str], words: Words) -> Highlights | None:
    """The same, where the basis of the analyses is found out only when it matters."""
    if told is None or not told.items or told.language != words.language:
        return None
    return told if told.basis == basis() else None


def choose_highlights(entries: Iterable[Entry], stories: Iterable[Together] = ()) -> tuple[Highlight, ...]:
    """By rule: high importance first, then medium that asks for something, then any if these are few.

    Args:
        entries: newest first; among equals that order stays.
        stories: commits that belong together; such a group takes one place.
    """
    places = _places(entries, stories)
    high = [place for place in places if highest(place) is Importance.HIGH]
    medium = [place for place in places if highest(place) is Importance.MEDIUM]
    asking = [place for place in medium if _asks(place[0])]
    chosen = [*high[:LIMIT], *asking[: max(0, FEW - len(high))]]
    others = [place for place in medium if not _asks(place[0])]
    return tuple(by_rule(place) for place in [*chosen, *others[: max(0, ENOUGH - len(chosen))]])


def told_highlights(
    told: Highlights, entries: Sequence[Entry], stories: Iterable[Together] = ()
) -> tuple[Highlight, ...]:
    """By a model, what matters first; where there is room, followed by what it forgot of high importance."""
    known = {entry.sha: entry for entry in entries}
    chosen: dict[Sha, Highlight] = {}
    for item in told.items:
        place = [known[sha] for sha in dict.fromkeys(item.shas) if sha in known]
        if place and highest(place) is not Importance.LOW and place[0].analysis:
            chosen.setdefault(place[0].sha, as_told(item, place))
    covered = {sha for highlight in chosen.values() for sha in highlight.shas}
    places = [place for place in _places(entries, stories) if covered.isdisjoint(_shas(place))]
    forgotten = [by_rule(place) for place in places if highest(place) is Importance.HIGH]
    return tuple(sorted([*chosen.values(), *forgotten][:LIMIT], key=_rank))


def join_highlights(parts: Iterable[Sequence[Highlight]]) -> tuple[Highlight, ...]:
    """Of several repositories in one list: what matters first, each repository in its turn."""
    told = [part for part in parts if part]
    if len(told) == 1:
        return tuple(told[0])
    turns = [(item, turn) for part in told for turn, item in enumerate(part)]
    together = [item for item, _ in sorted(turns, key=lambda each: (_rank(each[0]), each[1]))]
    high = sum(item.importance is Importance.HIGH for item in together)
    return tuple(together[: min(LIMIT, max(FEW, high))])


def _rank(highlight: Highlight) -> int:
    return highlight.importance.rank


def _places(entries: Iterable[Entry], stories: Iterable[Together]) -> list[list[Entry]]:
    """What cannot be skipped, alone or with its story; the most urgent first, within a place too."""
    story = {entry.sha: number for number, together in enumerate(stories) for entry in together}
    places: dict[int | Sha, list[Entry]] = {}
    for entry in sorted((entry for entry in entries if entry.sha in story or entry.matters), key=urgency):
        places.setdefault(story.get(entry.sha, entry.sha), []).append(entry)
    return [_led(place) for place in places.values()]


def _led(place: list[Entry]) -> list[Entry]:
    """What was reverted on the same day does not speak for the others."""
    shas = _shas(place)
    return sorted(
        place,
        key=lambda entry: any(
            each.sha in shas for each in corrections_of(entry) if each.kind == "reverted-by"
        ),
    )


def _shas(place: Together) -> frozenset[Sha]:
    return frozenset(entry.sha for entry in place)


def _asks(entry: Entry) -> bool:
    """Whether something is to be done, or to be known whatever else."""
    analysis = entry.analysis
    return analysis is not None and (bool(analysis.advice) or floor(analysis.reasons) is not Importance.LOW)
