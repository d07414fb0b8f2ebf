"""What a reader must know of how one analysis came about, in a few plain words each."""

from collections.abc import Iterator

from analysis.entry import Entry, State
from analysis.models import FileCoverage
from analysis.words import Words

NAMED = 3
"""Files named in a note; the rest are counted."""


def notes_on(entry: Entry, words: Words) -> tuple[str, ...]:
    """Plain text, one item each: waiting, parked, made by rules, cut, a merge; often none at all."""
    return (*_on_state(entry, words), *_on_facts(entry, words), *_on_coverage(entry, words))


def obstacle_text(entry: Entry, words: Words) -> str:
    """Why a commit waits or is parked, with the detail in brackets; empty when nothing is known."""
    if entry.obstacle is None:
        return ""
    key = f"obstacle.{entry.obstacle.code}"
    reason = words(key) if words.has(key) else entry.obstacle.code
    if not entry.obstacle.detail:
        return reason
    return words("digest.note.detail", reason=reason, detail=entry.obstacle.detail)


def _on_state(entry: Entry, words: Words) -> Iterator[str]:
    if entry.state is not State.ANALYSED:
        why = obstacle_text(entry, words)
        yield words(f"digest.note.{entry.state}-why", why=why) if why else words(f"digest.note.{entry.state}")
    if entry.analysis is None:
        yield words("digest.note.unread")
    elif entry.model is None:
        yield words("digest.note.rules" if entry.state is State.ANALYSED else "digest.note.provisional")


def _on_facts(entry: Entry, words: Words) -> Iterator[str]:
    if entry.facts is None:
        return
    if entry.facts.merged:
        yield words("digest.note.merge", count=entry.facts.merged)
    if entry.facts.at_history_edge:
        yield words("digest.note.edge")
    if entry.facts.capped:
        yield words("digest.note.capped")


def _on_coverage(entry: Entry, words: Words) -> Iterator[str]:
    missing = entry.analysis.coverage.missing() if entry.analysis else ()
    if not missing:
        return
    named = words("digest.list-comma").join(_covered(file, words) for file in missing[:NAMED])
    more = words("digest.note.more", count=len(missing) - NAMED) if len(missing) > NAMED else ""
    yield words("digest.note.cut", count=len(missing), files=named + more)


def _covered(file: FileCoverage, words: Words) -> str:
    key = f"coverage.{file.why}"
    why = words(key) if words.has(key) else file.why
    return words("digest.note.detail", reason=file.path, detail=why) if why else file.path
