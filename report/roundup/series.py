"""What several commits of a range did together, told as one story from its first commit to its last; pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from analysis.models import Frozen, Importance, Sha
from analysis.storage.entry import Entry
from analysis.storage.highlights import Group
from report.groups import joined, matters, text_of, title_of

MOST = 7
"""Stories that are told."""
MOST_STEPS = 8
"""Commits of one story that are told; of more, those that matter least are counted."""


class Step(Frozen):
    """One commit's share."""

    sha: Sha
    day: date
    text: str = ""
    """One line of Markdown; empty where the commit is spoken of already, or the title says it."""


class Series(Frozen):
    """At least two commits."""

    title: str
    """One line of Markdown."""
    steps: tuple[Step, ...]
    """In the order in which they landed."""
    more: int = 0
    """Commits that are not told."""


def series_of(
    entries: Sequence[Entry],
    certain: Iterable[Sequence[Entry]],
    told: Iterable[Group],
    cancelled: Collection[Sha],
) -> tuple[Series, ...]:
    """The stories that say something, the most important and then the longest first.

    Args:
        entries: newest first.
        certain: commits that certainly belong together.
        told: what a model saw in single days; it gives titles and texts, and widens what is certain.
        cancelled: commits that came to nothing; a story of nothing else is none.
    """
    groups = tuple(told)
    known = {entry.sha: entry for entry in entries}
    seen = [[known[part.sha] for part in group.parts if part.sha in known] for group in groups]
    found = joined(entries, [*certain, *(together for together in seen if len(together) > 1)])
    worth = [
        together
        for together in found
        if matters(together) and any(entry.sha not in cancelled for entry in together)
    ]
    return tuple(_series(together, groups) for together in sorted(worth, key=_order)[:MOST])


def unsaid_series(series: Iterable[Series], said: Collection[Sha]) -> tuple[Series, ...]:
    """Those that add something to what is said already; commits of which it was said are only named."""
    silent = (_silent(each, said) for each in series)
    return tuple(each for each in silent if each.more or any(step.text for step in each.steps))


def _silent(series: Series, said: Collection[Sha]) -> Series:
    steps = (step.model_copy(update={"text": ""}) if step.sha in said else step for step in series.steps)
    return series.model_copy(update={"steps": tuple(steps)})


def _series(together: Sequence[Entry], groups: Iterable[Group]) -> Series:
    shas = {entry.sha for entry in together}
    own = [group for group in groups if shas.intersection(part.sha for part in group.parts)]
    texts = {part.sha: part.text for group in own for part in group.parts if part.text}
    telling = sorted(together, key=_weight)[:MOST_STEPS]
    title = max(own, key=lambda group: len(group.parts)).title if own else title_of(together)
    steps = (
        Step(sha=entry.sha, day=entry.day, text=texts.get(entry.sha) or text_of(entry))
        for entry in sorted(telling, key=_moment)
    )
    return Series(
        title=title,
        steps=tuple(step.model_copy(update={"text": ""}) if step.text == title else step for step in steps),
        more=len(together) - len(telling),
    )


def _order(together: Sequence[Entry]) -> tuple[int, int, datetime]:
    newest = max(entry.landed_at for entry in together)
    return min(map(_weight, together)), -len(together), newest


def _weight(entry: Entry) -> int:
    return entry.importance.rank if entry.importance else len(Importance)


def _moment(entry: Entry) -> tuple[datetime, datetime, Sha]:
    return entry.landed_at, entry.landed.committed_at, entry.sha
