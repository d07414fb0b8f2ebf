"""What a digest opens with, of all its repositories together, in the few lines a busy reader has time for."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.models import Importance, RepositoryName, Sha
from analysis.storage.highlights import Group
from analysis.words import Words
from report.digest import Counts, Digest, RepositoryDigest
from report.groups import unsaid
from report.highlight import Highlight
from report.highlights import join_highlights
from report.skippable import Skippable

DETAILS = 3
"""Lines under one highlight."""
MOST_NAMED = 8
"""Shas of one kind that are named; the rest are counted."""


@dataclass(frozen=True)
class FirstScreen:
    """The day in short; of a single commit, or of what a reader chose, there is nothing to be shortened."""

    highlights: tuple[Highlight, ...] = ()
    groups: tuple[tuple[RepositoryName, Group], ...] = ()
    skippable: tuple[tuple[RepositoryName, tuple[Skippable, ...]], ...] = ()
    calm: str = ""
    """A key under `digest.highlights.` when nothing is of high importance."""
    left_high: int = 0
    """Commits of high importance that are not spoken of here."""
    left_medium: int = 0

    @property
    def skipped(self) -> int:
        """Commits that can be skipped."""
        return sum(len(each.shas) for _, kinds in self.skippable for each in kinds)


def first_screen_of(digest: Digest) -> FirstScreen:
    """The highlights of all repositories, then groups, then what can be skipped; none of a selection."""
    shown = digest.shown
    if digest.selection or len(shown) < 2:  # noqa: PLR2004 - one commit is its own highlight
        return FirstScreen()
    highlights = join_highlights([repository.highlights for repository in digest.repositories])
    said = {(item.repository, sha) for item in highlights for sha in item.shas}
    groups = tuple((part.name, group) for part in digest.repositories for group in _unsaid(part, said))
    said |= {(name, part.sha) for name, group in groups for part in group.parts}
    left = [each.importance for each in shown if (each.repository, each.sha) not in said]
    return FirstScreen(
        highlights=highlights,
        groups=groups,
        skippable=tuple((part.name, part.skippable) for part in digest.repositories if part.skippable),
        calm=calm_of(digest.counts, highlights),
        left_high=left.count(Importance.HIGH),
        left_medium=left.count(Importance.MEDIUM),
    )


def calm_of(counts: Counts, highlights: Sequence[Highlight]) -> str:
    """The last part of a key under `digest.highlights.`, where nothing is of high importance; else empty.

    High is what must be known, medium is worth knowing, low can be skipped (docs/triage.md). Nothing is said
    of commits that were not read at all.

    Args:
        counts: of all that landed.
        highlights: what is listed below the sentence.
    """
    if counts.high or counts.unread == counts.total:
        return ""
    if highlights:
        return "calm-so-far-worth" if counts.unread else "calm-worth"
    if counts.unread:
        return "calm-so-far"
    return "calm" if counts.medium or counts.pending else "calm-skippable"


def details_of(item: Highlight, words: Words) -> tuple[str, ...]:
    """What is said under a headline, the most useful first, each one line of Markdown."""
    basis = "basis-reader" if item.by_reader else "basis"
    told = {"who": item.who, "action": item.action, "risk": item.risk, basis: item.basis}
    lines = (words(f"digest.highlights.{name}", text=text) for name, text in told.items() if text)
    return tuple(lines)[: DETAILS - min(len(item.corrections), DETAILS)]


def read_at_once(item: Highlight) -> int:
    """How many of these lines say who is affected and what is to be done; one at least."""
    return max(1, bool(item.who) + bool(item.action))


def left_text(screen: FirstScreen, words: Words) -> str:
    """How many commits that matter are not spoken of; empty when all are."""
    counts = {"left-high": screen.left_high, "left-medium": screen.left_medium}
    named = [words(f"digest.highlights.{key}", count=count) for key, count in counts.items() if count]
    return words("digest.highlights.left", counts=words("digest.list-comma").join(named)) if named else ""


def kind_text(kind: str, words: Words) -> str:
    """What a kind of skippable commits is called."""
    key = f"rules.type.{kind}"
    name = words(key if words.has(key) else f"rules.kind.{kind}")
    return name[:1].upper() + name[1:]


def named(shas: tuple[Sha, ...], words: Words) -> tuple[tuple[Sha, ...], str]:
    """The first shas, and how many more there are."""
    more = len(shas) - MOST_NAMED
    return shas[:MOST_NAMED], words("digest.note.more", count=more) if more > 0 else ""


def _unsaid(part: RepositoryDigest, said: set[tuple[RepositoryName, Sha]]) -> tuple[Group, ...]:
    return unsaid(part.groups, {sha for name, sha in said if name == part.name})
