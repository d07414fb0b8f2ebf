"""Who is called what and who asks for whom: commits find each other by name, whichever of them is read first.

A commit takes about 150 bytes here for each of its names and references, for good. All methods may raise
`redis.exceptions.RedisError`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from analysis.models import CommitFacts, Sha
from analysis.storage import keys
from analysis.storage.link import Link, instant_of
from analysis.storage.store import Store, batches
from analysis.story.calling import SHA, TITLE, Shared, names_of, shared_names
from analysis.story.references import Kind, Reference, references_of

AT_ONCE = 1000
"""Names that are looked at together."""
AT_MOST = 100
"""Commits that have or ask for one name; a name of more says nothing."""
FEW = 5
"""Commits that came with one pull request; of more, its number means none."""
Called = tuple[int, Sha]
"""One commit: `analysis.storage.link.instant_of` and its sha."""


@dataclass(frozen=True)
class Asker:
    """A commit that asks for a name."""

    called: Called
    kind: Kind
    evidence: str


@dataclass(frozen=True)
class Known:
    """What is known of one name."""

    holders: tuple[Called, ...] = ()
    askers: tuple[Asker, ...] = ()


Register = Mapping[str, Known]


class Directory:
    """The names of all commits that were read, and those they ask for, in Redis."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, commits: Iterable[CommitFacts]) -> None:
        """Keep what commits are called and what they name, without looking whom that links them with."""
        with self.store.redis.pipeline(transaction=True) as pipe:
            for commit in commits:
                pipe.zadd(keys.names(commit.repository), dict.fromkeys(_named(commit), 0))
            pipe.execute()

    def sweep(self, repository: str) -> int:
        """Drop what commits are called and name that the ledger has no more; returns how much that was."""
        swept, key = 0, keys.names(repository)
        for batch in batches(self.store.redis.zscan_iter(key, count=AT_ONCE), AT_ONCE):
            shas = [member.split(" ", 4)[3] for member, _ in batch]
            known = self.store.redis.zmscore(keys.commits(repository), shas)
            idle = [member for (member, _), score in zip(batch, known, strict=True) if score is None]
            swept += self.store.redis.zrem(key, *idle) if idle else 0
        return swept

    def enter(self, commit: CommitFacts) -> tuple[Link, ...]:
        """Keep what a commit is called and what it names, and find with whom that links it.

        Its own is written before others are looked for, in one step: of two commits that are entered at once,
        the second finds the first.
        """
        key, own = keys.names(commit.repository), (instant_of(commit), commit.sha)
        names, references, shared = names_of(commit), references_of(commit), shared_names(commit)
        members = _members(own, [*names, *(each.name for each in shared)], references)
        ranges = {name: (f"{name} ", f"{name}!") for name in [*names, *(each.name for each in references)]}
        ranges |= {each.name: _window(each, own) for each in shared}
        with self.store.redis.pipeline(transaction=True) as pipe:
            pipe.zadd(key, dict.fromkeys(members, 0))
            for start, end in ranges.values():
                pipe.zrange(key, f"[{start}", f"({end}", bylex=True, offset=0, num=AT_MOST + 1)
            _, *found = pipe.execute()
        register = {name: _known(stored) for name, stored in zip(ranges, found, strict=True)}
        links = (
            _asking(own, references, register),
            _asked(own, names, register),
            _sharing(own, shared, register),
        )
        return tuple(link for each in links for link in each)


def _named(commit: CommitFacts) -> list[str]:
    """What is kept of a commit."""
    names = [*names_of(commit), *(each.name for each in shared_names(commit))]
    return _members((instant_of(commit), commit.sha), names, references_of(commit))


def _members(own: Called, names: Iterable[str], references: Iterable[Reference]) -> list[str]:
    return [_holder(name, own) for name in names] + [_asker(each, own) for each in references]


def _holder(name: str, called: Called) -> str:
    return f"{name} = {called[0]:012d} {called[1]}"


def _asker(reference: Reference, called: Called) -> str:
    return f"{reference.name} ? {called[0]:012d} {called[1]} {reference.kind} {reference.evidence}"


def _window(shared: Shared, called: Called) -> tuple[str, str]:
    """A range of those who share a name near an instant."""
    since, until = max(0, called[0] - shared.apart), called[0] + shared.apart
    return f"{shared.name} = {since:012d}", f"{shared.name} = {until:012d}!"


def _known(members: Sequence[str]) -> Known:
    if len(members) > AT_MOST:
        return Known()
    split = [member.split(" ", 5) for member in members]
    holders = [(int(instant), sha) for _, mark, instant, sha, *_ in split if mark == "="]
    asking = [each[2:] for each in split if each[1] == "?"]
    askers = [Asker((int(instant), sha), cast("Kind", kind), text) for instant, sha, kind, text in asking]
    return Known(tuple(holders), tuple(askers))


def _meant(name: str, evidence: str, asker: Called, holders: Iterable[Called]) -> Sequence[Called]:
    """Whom a commit means by a name: it, alone, by its sha; the last before it by its title."""
    if name.startswith(SHA):
        found = [holder for holder in holders if holder[1].startswith(evidence)]
        return found if len(found) == 1 else ()
    before = [holder for holder in holders if holder[0] <= asker[0] and holder != asker]
    if name.startswith(TITLE):
        return sorted(before)[-1:]
    return before if len(before) <= FEW else ()


def _asking(own: Called, references: Iterable[Reference], register: Register) -> Iterator[Link]:
    for reference in references:
        for earlier in _meant(reference.name, reference.evidence, own, register[reference.name].holders):
            yield Link(reference.kind, earlier[1], own[1], reference.evidence)


def _asked(own: Called, names: Iterable[str], register: Register) -> Iterator[Link]:
    for name in names:
        for asker in register[name].askers:
            if own in _meant(name, asker.evidence, asker.called, register[name].holders):
                yield Link(asker.kind, own[1], asker.called[1], asker.evidence)


def _sharing(own: Called, shared: Iterable[Shared], register: Register) -> Iterator[Link]:
    for each in shared:
        for holder in register[each.name].holders:
            earlier, later = sorted((own, holder))
            yield Link(each.kind, earlier[1], later[1], each.evidence)
