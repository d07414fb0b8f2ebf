"""What a repository was like when its whole history was last looked at: tells later what has come since.

Every method may raise `redis.exceptions.RedisError`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from analysis.models import Push, Sha
from analysis.storage import keys
from analysis.storage.entry import Source
from analysis.storage.store import Store, from_ms, to_ms


@dataclass(frozen=True)
class Look:
    """One look at a repository."""

    at: datetime
    branches: frozenset[str]
    """All that the repository had, followed or not; none while it is empty."""


class Looks:
    """The last look at each repository, whichever machine it was made on."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.redis = store.redis

    def last(self, repository: str) -> Look | None:
        """The last look; None when there was none."""
        at = self.redis.hget(keys.LOOKED, repository)
        branches = frozenset(self.store.members(keys.branches(repository)))
        return Look(from_ms(int(at)), branches) if at else None

    def keep(self, repository: str, look: Look) -> None:
        """Remember a look; only the branches that have come or gone are written."""
        known = frozenset(self.store.members(keys.branches(repository)))
        with self.redis.pipeline(transaction=True) as pipe:
            if come := look.branches - known:
                pipe.sadd(keys.branches(repository), *come)
            if gone := known - look.branches:
                pipe.srem(keys.branches(repository), *gone)
            pipe.hset(keys.LOOKED, repository, to_ms(look.at))
            pipe.execute()

    def hand_over(self, old: str, new: str) -> Look | None:
        """Have a repository that was renamed go on under its new name where it stood under the old one."""
        last = self.last(old)
        if last is None:
            return None
        for name in last.branches:
            known = self.redis.hmget(keys.branch(old, name), "cursor", "floor")
            for field, sha in zip(("cursor", "floor"), known, strict=True):
                if sha:
                    self.redis.hsetnx(keys.branch(new, name), field, sha)
        self.keep(new, last)
        return last

    def cursors(self, repository: str, branches: Collection[str]) -> frozenset[Sha]:
        """The cursors of those branches that are or were followed."""
        with self.redis.pipeline(transaction=False) as pipe:
            for name in branches:
                pipe.hget(keys.branch(repository, name), "cursor")
            return frozenset(filter(None, pipe.execute()))

    def been_there(self, push: Push) -> bool:
        """Whether a push takes its branch back to where it has been: then nothing that it lists lands again.

        A payload lists whatever a push jumped over, also what had landed before the branch was followed.
        """
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.hmget(keys.branch(push.repository, push.branch), "cursor", "floor")
            pipe.hget(keys.commit(push.repository, push.after), "source")
            (cursor, floor), source = pipe.execute()
        left = push.after == floor != cursor
        return left or (push.after != floor and source in {Source.PUSH, Source.POLL})
