"""The few things of a range that a follower must know, chosen from what its days opened with; pure.

Nobody is asked again: the words are those of the days, by a model or by rule. What came to nothing within the
range is left out, and one story takes one place.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from pydantic import Field

from analysis.importance.urgency import Urgency, urgency
from analysis.models import Importance, RepositoryName, Sha
from analysis.storage.entry import Entry
from analysis.storage.highlights import Highlights
from report.addresses import without_addresses
from report.groups import stories
from report.highlight import Highlight
from report.highlights import FEW, LIMIT, choose_highlights, told_highlights


class Noted(Highlight):
    """A highlight of one day of the range."""

    day: date
    urgency: Urgency = Field(exclude=True)
    """Of the commit that it is about before all."""
    turn: int = Field(default=0, exclude=True)
    """Its place on its own day."""


def noted_on(day: date, told: Highlights | None, entries: Sequence[Entry]) -> tuple[Noted, ...]:
    """What the page of a day opens with.

    Args:
        day: all entries are of it.
        told: what a model told of it, if that stands.
        entries: newest first; all that may be spoken of.
    """
    certain = stories(entries)
    found = told_highlights(told, entries, certain) if told else choose_highlights(entries, certain)
    urgencies = {entry.sha: urgency(entry) for entry in entries}
    noted = (
        Noted(**dict(item), day=day, urgency=urgencies[item.sha], turn=turn)
        for turn, item in enumerate(found)
    )
    return tuple(map(without_addresses, noted))


def chosen_of(
    candidates: Iterable[Noted], cancelled: Collection[Sha], kin: Iterable[Sequence[Entry]]
) -> tuple[Noted, ...]:
    """The most important of one repository, what may never be low first.

    Args:
        candidates: of all days.
        cancelled: commits that came to nothing.
        kin: commits of the range that belong together, across its days.
    """
    story = {entry.sha: number for number, together in enumerate(kin) for entry in together}
    places: dict[int | Sha, Noted] = {}
    for item in sorted((item for item in candidates if item.sha not in cancelled), key=_order):
        place = story.get(item.sha, item.sha)
        places[place] = _together(places[place], item) if place in places else item
    return tuple(_still(item, cancelled) for item in places.values())[:LIMIT]


def joined_chosen(parts: Mapping[RepositoryName, Sequence[Noted]]) -> tuple[Noted, ...]:
    """Of several repositories in one list, as long as there is something of high importance to fill it."""
    together = sorted((item for part in parts.values() for item in part), key=_order)
    high = sum(item.importance is Importance.HIGH for item in together)
    return tuple(together[: min(LIMIT, max(FEW, high))])


def _order(item: Noted) -> tuple[int | str, ...]:
    """By importance, what may never be low first; then what led its day, what asks for something, size."""
    _, least, calm, size = item.urgency
    return item.importance.rank, least, item.turn, calm, size, -item.day.toordinal(), item.sha


def _together(first: Noted, other: Noted) -> Noted:
    """One story: told once, with the commits of both."""
    shas = dict.fromkeys([*first.shas, *other.shas])
    return first.model_copy(update={"shas": tuple(shas)})


def _still(item: Noted, cancelled: Collection[Sha]) -> Noted:
    """Without corrections that were themselves taken back, and commits that came to nothing."""
    corrections = tuple(later for later in item.corrections if later.sha not in cancelled)
    shas = tuple(sha for sha in item.shas if sha not in cancelled)
    return item.model_copy(update={"corrections": corrections, "shas": shas})
