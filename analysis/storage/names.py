"""What GitHub calls the repositories that are followed: a name can change, its id does not.

Every method may raise `redis.exceptions.RedisError`.
"""

from typing import cast

from analysis.storage import keys
from analysis.storage.store import Store

RENAMED = "repository renamed: change its name in REPOSITORIES or pushdigest.toml"
"""What is logged, once for each new name."""


class Names:
    """The names as they are followed, and what became of them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.redis = store.redis

    def confirm(self, repository: str, identifier: int | None) -> None:
        """A repository goes by the name it is followed by; its id, where told, will show when it does not."""
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.hget(keys.IDS, repository)
            pipe.hexists(keys.RENAMED, repository)
            known, renamed = pipe.execute()
            if identifier is not None and known != str(identifier):
                pipe.hset(keys.IDS, repository, identifier)
            if renamed:
                pipe.hdel(keys.RENAMED, repository)
                pipe.hdel(keys.MOVED, repository)
            pipe.execute()  # as a rule there is nothing to write

    def rename(self, repository: str, name: str, *, sure: bool = False) -> bool:
        """A repository is called something else now; returns whether that is news.

        Args:
            repository: the name it is followed by.
            name: the other one.
            sure: whether GitHub itself was asked. Whoever knows a webhook's secret can sign any name, and
                that must not decide what git fetches with our token.
        """
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.hget(keys.RENAMED, repository)
            pipe.hset(keys.RENAMED, repository, name)
            if sure:
                pipe.hset(keys.MOVED, repository, name)
            before, *_ = pipe.execute()
        return bool(before != name)

    def moved(self, repository: str) -> str | None:
        """What GitHub itself calls a repository now; None while it goes by the name it is followed by."""
        return cast("str | None", self.redis.hget(keys.MOVED, repository))

    def followed_as(self, identifier: int) -> tuple[str, ...]:
        """The names under which the repository of that id is or was followed."""
        known = self.store.fields(keys.IDS)
        return tuple(name for name, found in known.items() if found == str(identifier))

    def formerly(self, repository: str) -> str | None:
        """What a repository was followed as before it got this name."""
        found = (old for old, new in self.renamed().items() if new.lower() == repository.lower())
        return next(found, None)

    def renamed(self) -> dict[str, str]:
        """Every repository that goes by another name now, with that name."""
        return self.store.fields(keys.RENAMED)
