"""All there is of a repository, taken out: of the ledger, of the queue, and of this machine.

Jobs that are under way would write some of it again. So they are waited for, and it is taken out once more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from analysis.repository import Repository
from analysis.storage import keys
from analysis.storage.removal import NothingKept, Removal, Removed
from analysis.storage.rewriting import rewrite
from workers.history import Mirror
from workers.workshop import Workshop

PATIENCE_SECONDS = 300.0
"""Longer than a job may take that asks a model once more, or whose worker has died."""
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Forgotten:
    """What came of it."""

    removed: Removed
    under_way: int
    """Jobs that are still running: whatever they write stays."""
    rewritten: bool
    """The server's append-only file holds nothing of it any more."""


@dataclass(frozen=True)
class Forgetting:
    """A repository under every spelling that is kept of it, since GitHub's names ignore case."""

    workshop: Workshop
    names: tuple[str, ...]

    @classmethod
    def of(cls, workshop: Workshop, name: str) -> "Forgetting":
        """What is to be forgotten under a name.

        Raises:
            NothingKept: neither the ledger nor this machine has anything of it.
        """
        kept = {*_known(workshop), *_mirrored(workshop)}
        names = tuple(sorted(each for each in kept if each.lower() == name.lower()))
        if not names:
            message = f"nothing is kept of {name}"
            raise NothingKept(message)
        return cls(workshop, names)

    @property
    def kept(self) -> Removed:
        """How many commits and days the ledger has of it."""
        ledger, redis = self.workshop.ledger, self.workshop.store.redis
        commits = sum(redis.zcard(keys.commits(name)) for name in self.names)
        return Removed(commits, sum(len(ledger.days(name)) for name in self.names))

    def run(self, *, tell: Callable[[int], None]) -> Forgotten:
        """Take everything out; `tell` hears how many jobs are waited for."""
        removed = self._remove()
        if waiting := self._under_way():
            tell(waiting)
        self._wait()
        removed += self._remove()
        for name in self.names:
            repository = Repository(name=name)
            Mirror(self.workshop.mirror_folder(repository), self.workshop.remote(repository)).remove()
        return Forgotten(removed, self._under_way(), rewrite(self.workshop.store.redis))

    def _remove(self) -> Removed:
        removed = Removed()
        for name in self.names:
            self.workshop.queue.forget(name)
            removed += Removal(self.workshop.ledger).forget(name)
            self.workshop.witness.look(self.workshop.now())
        return removed

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._under_way() and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)

    def _under_way(self) -> int:
        return sum(self.workshop.queue.under_way(name) for name in self.names)


def _known(workshop: Workshop) -> set[str]:
    """What the ledger has anything of."""
    store = workshop.store
    found = {*workshop.ledger.repositories(), *workshop.ledger.urls(), *store.ranked(keys.WALKS)}
    for batch in store.matching(f"{keys.BRANCHES}*", 1000):
        found |= {keys.branch_named(key)[0] for key in batch}
    return found


def _mirrored(workshop: Workshop) -> set[str]:
    """What this machine has the history of."""
    folder = workshop.settings.data_dir / "mirrors"
    return {str(path.relative_to(folder)).removesuffix(".git") for path in folder.glob("*/*.git")}
