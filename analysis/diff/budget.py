"""Which patches the model sees: whole, in part or not at all, within a number of tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.diff.clip import CHARACTERS_PER_TOKEN, Count, clip, fits
from analysis.diff.coverage import coverage_of
from analysis.diff.excerpt import Excerpt
from analysis.diff.readable import readable_in, what_counts
from analysis.models import Commit, Coverage

FAIR_PART = 300
"""Tokens that a file should get when not all fit: rather fewer files than smaller parts."""
MADE_ALONE = 2_000
"""Tokens of a commit that a program made: its beginning shows what it is about."""


@dataclass(frozen=True)
class Selection:
    """What goes into the prompt, and what that leaves out."""

    patches: tuple[str, ...]
    """Each from its `diff --git` line on, cut at the border of a hunk where that is possible."""
    coverage: Coverage
    """Every file of the commit."""


def choose_patches(
    commit: Commit, *, max_tokens: int, count: Count, exclude_paths: Sequence[str] = ()
) -> Selection:
    """Everything if it fits; else what carries the change first, whole files before parts of files.

    Lock, generated, vendored and minified files are only named, unless they are short or all there is; when
    not all fits, deleted ones are named too. Excluded ones are never read.
    """
    count = cache(count)
    readable = readable_in(commit, count, exclude_paths)
    shown, tokens = readable.excerpts, min(max_tokens, MADE_ALONE) if readable.made_only else max_tokens
    if not _fit(shown.values(), tokens, count):
        readable = what_counts(commit, readable)
        shown = share(readable.by_weight(commit.files), readable.excerpts, tokens, count)
    texts = tuple(excerpt.text for excerpt in shown.values())
    return Selection(texts, coverage_of(commit, shown.values(), readable.unread))


def share(
    order: Sequence[Sequence[str]], excerpts: Mapping[str, Excerpt], tokens: int, count: Count
) -> dict[str, Excerpt]:
    """Room for each group of paths in turn; within one, as many whole files as leave the others their part.

    Returns:
        What is shown of each file that is shown, in the order of `excerpts`.
    """
    shown: dict[str, Excerpt] = {}
    for group in order:
        admitted = _admitted((excerpts[path] for path in group), tokens, count)
        by_size = sorted(admitted, key=lambda excerpt: len(excerpt.text))
        for others, excerpt in zip(range(len(by_size) - 1, -1, -1), by_size, strict=True):
            whole = fits(excerpt.text, tokens - FAIR_PART * others, count)
            room = tokens if whole else tokens // (others + 1)
            if clipped := clip(excerpt, room, count):
                shown[excerpt.path] = clipped
                tokens -= count(clipped.text)
    return {path: shown[path] for path in excerpts if path in shown}


def _admitted(waiting: Iterable[Excerpt], tokens: int, count: Count) -> list[Excerpt]:
    """As many of the first files as can each have their fair part, or all of a smaller one; at least one."""
    admitted = list[Excerpt]()
    for excerpt in waiting:
        long = len(excerpt.text) > FAIR_PART * CHARACTERS_PER_TOKEN
        tokens -= FAIR_PART if long else min(FAIR_PART, count(excerpt.text))
        if tokens < 0 and admitted:
            break
        admitted.append(excerpt)
    return admitted


def _fit(excerpts: Iterable[Excerpt], tokens: int, count: Count) -> bool:
    for text in (excerpt.text for excerpt in excerpts):
        tokens -= count(text) if len(text) <= tokens * CHARACTERS_PER_TOKEN else tokens + 1
        if tokens < 0:
            return False
    return True
