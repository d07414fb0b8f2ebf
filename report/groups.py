"""The same thing in several commits of one day: as a model saw it, and what the entries prove."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from analysis.importance.titles import parse_title
from analysis.models import Sha
from analysis.storage.entry import Entry
from analysis.storage.highlights import Group, Highlights, Part
from analysis.story.calling import without_numbers
from analysis.text.quoting import plain
from analysis.text.sentences import first_sentence, without_stop

MOST = 5
"""Groups that are shown."""
MOST_PARTS = 6
"""Commits of one group that are shown: more are no longer one thing to a reader."""
TEXT = 80
"""Characters of what is said of one commit."""
TITLE = 60


def stories(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """Commits that certainly belong together: one names the other, or they came in one pull request.

    Each commit stands in one story at most, in the order of the entries; a story has two commits or more.
    """
    return joined(entries, [*_related(entries), *_by_pull_request(entries)])


def same_thing(entries: Sequence[Entry], certain: Iterable[Sequence[Entry]]) -> tuple[Group, ...]:
    """By rule: the stories, and what one author alone did in one area that day.

    Args:
        entries: newest first.
        certain: what `stories` found.
    """
    found = joined(entries, [*certain, *_by_area(entries)])
    return tuple(_group(together) for together in found if matters(together))[:MOST]


def told_groups(
    told: Highlights, entries: Sequence[Entry], certain: Iterable[Sequence[Entry]]
) -> tuple[Group, ...]:
    """As a model saw them, then the certain ones that share no commit with these."""
    known = {entry.sha for entry in entries}
    groups: list[Group] = []
    for group in told.groups:
        parts = tuple(part for part in group.parts if part.sha in known)
        if len(parts) > 1:
            groups.append(Group(title=group.title, parts=parts[:MOST_PARTS]))
            known -= {part.sha for part in parts}
    rest = [together for together in certain if known.issuperset(entry.sha for entry in together)]
    return (*groups, *(_group(together) for together in rest if matters(together)))[:MOST]


def unsaid(groups: Iterable[Group], said: Collection[Sha]) -> tuple[Group, ...]:
    """The groups that add something to what is said already; commits of which it was said are only named."""
    silent = (_silent(group, said) for group in groups)
    return tuple(group for group in silent if any(part.text for part in group.parts))


def _silent(group: Group, said: Collection[Sha]) -> Group:
    named = [Part(sha=part.sha) for part in group.parts if part.sha in said]
    told = [part for part in group.parts if part.sha not in said]
    return group.model_copy(update={"parts": (*named, *told)})


def _group(together: Sequence[Entry]) -> Group:
    parts = tuple(Part(sha=entry.sha, text=text_of(entry)) for entry in together[:MOST_PARTS])
    return Group(title=title_of(together), parts=parts)


def text_of(entry: Entry) -> str:
    """What is said of one commit: the consequence, else what its title says."""
    sentence = first_sentence(entry.analysis.summary, TEXT) if entry.analysis else ""
    return without_stop(sentence) or plain(entry.landed.subject, TEXT)


def title_of(together: Sequence[Entry]) -> str:
    """The areas that all their titles name, else what the first of them to land is called."""
    titles = [parse_title(entry.landed.subject) for entry in together]
    shared = [
        area
        for area in titles[0].areas
        if all(area.casefold() in map(str.casefold, title.areas) for title in titles)
    ]
    return plain(" · ".join(shared) or without_numbers(titles[-1].reverts or titles[-1].rest), TITLE)


def matters(together: Sequence[Entry]) -> bool:
    """Whether there is more to it than what can be skipped."""
    return any(entry.matters for entry in together)


def _related(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    known = {entry.sha: entry for entry in entries}
    for entry in entries:
        yield [entry, *(known[other.sha] for other in entry.relations if other.sha in known)]


def _by_pull_request(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    return _alike((entry, entry.pull_request.number) for entry in entries if entry.pull_request)


def _by_area(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """What cannot be skipped and names the same areas, where that is of one author."""
    worth = ((entry, _areas(entry.landed.subject)) for entry in entries if matters([entry]))
    for found in _alike((entry, areas) for entry, areas in worth if areas):
        if len({entry.landed.author for entry in found}) == 1 and len(found) <= MOST_PARTS:
            yield found


@lru_cache(maxsize=20_000)
def _areas(subject: str) -> tuple[str, ...]:
    """Kept: a day is rendered again and again, and reading titles would be most of what this takes."""
    return tuple(map(str.casefold, parse_title(subject).areas))


def _alike(marked: Iterable[tuple[Entry, object]]) -> Iterator[list[Entry]]:
    found: dict[object, list[Entry]] = {}
    for entry, mark in marked:
        found.setdefault(mark, []).append(entry)
    return (together for together in found.values() if len(together) > 1)


def joined(entries: Sequence[Entry], links: Iterable[Sequence[Entry]]) -> tuple[tuple[Entry, ...], ...]:
    """What is linked directly or by way of others, in the order of the entries; two commits or more."""
    home: dict[Sha, frozenset[Sha]] = {}
    for together in links:
        shas = {entry.sha for entry in together}
        wider = frozenset(shas.union(*(home[sha] for sha in shas if sha in home)))
        home |= dict.fromkeys(wider, wider)
    linked = ((entry, home[entry.sha]) for entry in entries if entry.sha in home)
    return tuple(tuple(together) for together in _alike(linked))
