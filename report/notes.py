"""What a reader must know of how one analysis came about, in a few plain words each."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from analysis.models import FileCoverage
from analysis.storage.entry import Entry, Obstacle, State
from analysis.words import Words

FAR_APART = 2
"""Steps between high and low."""
NAMED = 3
"""Files named in a note; the rest are counted."""
MOST_SPANS = 5
"""Runs of hunks that are listed."""


def notes_on(entry: Entry, words: Words) -> tuple[str, ...]:
    """Plain text, one item each: waiting, parked, made by rules, cut, a merge; often none at all."""
    return (
        *_on_state(entry, words),
        *_on_judgement(entry, words),
        *_on_facts(entry, words),
        *_on_coverage(entry, words),
    )


def correction_text(entry: Entry, words: Words) -> str:
    """What a reader says of its importance, in plain text, and what the analysis does; mostly empty."""
    correction = entry.correction
    if correction is None:
        return ""
    level = words(f"digest.level.{correction.importance}")
    if entry.analysis is None:
        return words("digest.note.corrected-unread", importance=level, note=correction.note)
    said = words(f"digest.level.{entry.analysis.importance}")
    return words("digest.note.corrected", importance=level, said=said, note=correction.note)


def obstacle_text(obstacle: Obstacle | None, words: Words) -> str:
    """Why a commit waits or is parked, with the detail in brackets; empty when nothing is known."""
    if obstacle is None:
        return ""
    key = f"obstacle.{obstacle.code}"
    reason = words(key) if words.has(key) else obstacle.code
    if not obstacle.detail:
        return reason
    return words("digest.note.detail", reason=reason, detail=obstacle.detail)


def seen_text(file: FileCoverage, words: Words) -> str:
    """How much of a file was seen, or why nothing; empty when there is nothing to say."""
    if file.seen == "part" and file.why == "budget" and file.hunks:
        return _hunks(file, words)
    return _why(file, words)


def _on_state(entry: Entry, words: Words) -> Iterator[str]:
    if entry.state is not State.ANALYSED:
        why = obstacle_text(entry.obstacle, words)
        yield words(f"digest.note.{entry.state}-why", why=why) if why else words(f"digest.note.{entry.state}")
    if entry.analysis is None:
        yield words("digest.note.unread")
    elif entry.model is None:
        yield words("digest.note.rules" if entry.state is State.ANALYSED else "digest.note.provisional")


def _on_judgement(entry: Entry, words: Words) -> Iterator[str]:
    """Where rules and model are two steps apart, what was asked for in brief, and what did not hold."""
    rules, model = entry.rules, entry.model
    if model is None:
        return
    if rules and model.claimed and abs(rules.importance.rank - model.claimed.rank) == FAR_APART:
        levels = {"rules": rules.importance, "model": model.claimed}
        named = {name: words(f"digest.level.{level}") for name, level in levels.items()}
        yield words("digest.note.disagree", **named)
    if model.depth == "brief":
        yield words("digest.note.brief")
    if model.grounding and (doubtful := len(model.grounding.unsupported)):
        yield words("digest.note.unsupported", count=doubtful)


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
    telling = sorted(missing, key=lambda file: (file.why != "budget", file.seen != "part"))
    named = words("digest.list-comma").join(_covered(file, words) for file in telling[:NAMED])
    more = words("digest.note.more", count=len(missing) - NAMED) if len(missing) > NAMED else ""
    yield words("digest.note.cut", count=len(missing), files=named + more)


def _covered(file: FileCoverage, words: Words) -> str:
    what = seen_text(file, words)
    return words("digest.note.detail", reason=file.path, detail=what) if what else file.path


def _why(file: FileCoverage, words: Words) -> str:
    key = f"coverage.{file.why}"
    return words(key) if words.has(key) else file.why


def _hunks(file: FileCoverage, words: Words) -> str:
    """`hunks 1–3, 7 of 12`; how many they are when that would be a long list."""
    if not file.hunks_seen:
        return words("coverage.lines")
    spans = list(_spans(file.hunks_seen))
    if len(spans) > MOST_SPANS:
        return words("coverage.count", count=file.hunks, seen=len(file.hunks_seen))
    seen = words("digest.list-comma").join(spans)
    return words("coverage.hunks", count=len(file.hunks_seen), seen=seen, total=file.hunks)


def _spans(numbers: Sequence[int]) -> Iterator[str]:
    """`1, 2, 3, 7` as `1–3` and `7`."""
    for _, run in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        first, *rest = [number for _, number in run]
        yield f"{first}–{rest[-1]}" if rest else str(first)
