"""A commit that is too large for one prompt, in parts that each fit one; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil

from analysis.diff.budget import share
from analysis.diff.clip import Count, fits, runs
from analysis.diff.coverage import coverage_of
from analysis.diff.excerpt import Excerpt, Hunk, gap
from analysis.diff.readable import carries, readable_in, what_counts
from analysis.models import Commit, Coverage, Importance

MOST_PARTS = {Importance.HIGH: 40, Importance.MEDIUM: 8, Importance.LOW: 1}
"""Requests that a commit is worth before the one that brings their findings together."""
LEAST_ROOM = 1_000
"""Tokens of patches that a prompt must have room for, or reading by parts is not begun."""
FILL = 0.9
"""How full parts become when whole files and hunks are put into them."""


@dataclass(frozen=True)
class Part:
    """What is read in one request: whole files, or whole hunks of one, where that is possible."""

    excerpts: tuple[Excerpt, ...]

    @property
    def text(self) -> str:
        """Its patches, one behind the other."""
        return "\n".join(excerpt.text.rstrip("\n") for excerpt in self.excerpts)


@dataclass(frozen=True)
class Parts:
    """A commit taken apart, and what that leaves out."""

    parts: tuple[Part, ...]
    coverage: Coverage
    """Every file of the commit, over all parts."""


def worth_parts(commit: Commit, coverage: Coverage) -> bool:
    """Whether a single prompt had no room for something that carries the change."""
    cut = {file.path for file in coverage.files if file.why == "budget"}
    return any(file.path in cut and carries(file) for file in commit.files)


def split(
    commit: Commit, *, max_tokens: int, most: int, count: Count, exclude_paths: Sequence[str] = ()
) -> Parts:
    """As many parts as the files need that carry the change; the other files fill what is left in them.

    Args:
        commit: with its secrets masked.
        max_tokens: of the patches in one part.
        most: parts; what does not fit into them is left out, and the coverage says so.
        count: of tokens.
        exclude_paths: never read.
    """
    count = cache(count)
    readable = what_counts(commit, readable_in(commit, count, exclude_paths))
    carrying, others = readable.by_weight(commit.files)
    sizes = (count(readable.excerpts[path].text) for path in carrying)
    room = _room(sizes, max(1, int(max_tokens * FILL)), most)
    shown = share((carrying, others), readable.excerpts, room, count)
    first = frozenset(carrying)
    ordered = sorted(shown.values(), key=lambda excerpt: excerpt.path not in first)
    pieces = (piece for excerpt in ordered for piece in _pieces(excerpt, max_tokens, count))
    parts = _packed(pieces, max_tokens, count)[:most]
    seen = (excerpt for part in parts for excerpt in part.excerpts)
    return Parts(parts, coverage_of(commit, seen, readable.unread, parts=len(parts)))


def _room(sizes: Iterable[int], tokens: int, most: int) -> int:
    """Tokens of as many parts as all sizes together need; no more is added up than the most parts hold."""
    total = 0
    for size in sizes:
        total += size
        if total > tokens * most:
            break
    return tokens * min(most, ceil(total / tokens))


def _packed(pieces: Iterable[Excerpt], tokens: int, count: Count) -> tuple[Part, ...]:
    """Each piece in the first part that has room for it: neighbours stay together where they can."""
    left: list[int] = []
    contents: list[list[Excerpt]] = []
    for piece in pieces:
        size = count(piece.text)
        place = next((number for number, room in enumerate(left) if room >= size), len(left))
        if place == len(left):
            left.append(tokens)
            contents.append([])
        left[place] -= size
        contents[place].append(piece)
    return tuple(Part(tuple(content)) for content in contents)


def _pieces(excerpt: Excerpt, tokens: int, count: Count) -> Iterator[Excerpt]:
    """The excerpt, or as few of its hunks and runs of lines at a time as fit one part."""
    if fits(excerpt.text, tokens, count):
        yield excerpt
        return
    room = tokens - count(excerpt.header) - 2 * count(gap(excerpt.total, excerpt.total, excerpt.total))
    kept, left = list[Hunk](), room
    for run in (run for hunk in excerpt.hunks for run in runs(hunk, room, count)):
        cost = count(run.text)
        if cost > left:
            yield excerpt.only(kept)
            kept, left = [], room
        kept.append(run)
        left -= cost
    if kept:
        yield excerpt.only(kept)
