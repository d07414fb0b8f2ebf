"""What a watch has caught: its newest commits, day by day; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.importance.urgency import urgency
from analysis.storage.entry import Entry
from analysis.text.sentences import first_sentence, repeats
from analysis.watching import Watch
from analysis.words import Words
from report.digest import Digest
from report.highlight import DETAIL
from report.issue import Issue
from report.months import Month

MOST = 20
"""Commits of one day that are told; the rest have the day's own page."""
EXAMPLE = """[[watches]]
name = "kernels"
title = "CUDA kernels"
paths = ["csrc/**"]
words = ["deadlock", "race"]
importance = ["high", "medium"]
"""
"""How one is written, for who has none."""


@dataclass(frozen=True)
class Caught:
    """How much a watch has caught lately."""

    watch: Watch
    commits: int = 0
    newest: date | None = None


@dataclass(frozen=True)
class WatchPage:
    """The newest days on which a watch caught something."""

    watch: Watch
    repositories: tuple[str, ...]
    """Those that it looks at and that may be read."""
    looked: int
    """Days that were looked through."""
    digests: tuple[Digest, ...] = ()
    today: date | None = None
    months: tuple[Month, ...] = ()
    """What was caught on each day of the newest months."""
    older: tuple[date, ...] = ()
    """The first days of the months that are not shown."""

    @property
    def newest(self) -> Issue | None:
        """The last day on which anything was caught."""
        return Issue(self.digests[0].date) if self.digests else None

    def conditions(self, words: Words) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What it looks for: the name of each field, and its values; a repository only if it may be read."""
        given = dict(self.watch.given())
        if "repositories" in given:
            given["repositories"] = self.repositories
        if "importance" in given:
            given["importance"] = tuple(words(f"pages.tier.{tier}") for tier in given["importance"])
        return tuple((words(f"watches.field.{name}"), values) for name, values in given.items() if values)


def caught_by(watch: Watch, days: Sequence[tuple[date, Sequence[Entry]]]) -> Caught:
    """How much of some days, the newest first, a watch means."""
    counts = [(day, sum(map(watch.matches, entries))) for day, entries in days]
    newest = next((day for day, count in counts if count), None)
    return Caught(watch, sum(count for _, count in counts), newest)


def foremost_in(digest: Digest) -> tuple[Entry, ...]:
    """The commits of a day that are told of, the most urgent first."""
    return tuple(sorted(digest.commits, key=urgency)[:MOST])


def gist_of(entry: Entry) -> str:
    """The consequence, as one line of Markdown; empty where it says no more than the subject."""
    gist = first_sentence(entry.analysis.summary, DETAIL) if entry.analysis else ""
    return "" if repeats(gist, entry.landed.subject) else gist
