"""The days in numbers: how much landed on each, and whether anything of one has changed; no entry is read.

Every method may raise `redis.exceptions.RedisError`.
"""

from collections.abc import Sequence
from datetime import date

from analysis.models import Sha
from analysis.storage import keys
from analysis.storage.store import Store


class Almanac:
    """What there is to know of days without reading them, in Redis."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def sizes(self, repository: str, days: Sequence[date]) -> tuple[int, ...]:
        """How many commits landed on each of these days."""
        with self.store.redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.scard(keys.day(repository, day))
            return tuple(pipe.execute())

    def states(self, repository: str, days: Sequence[date]) -> tuple[str, ...]:
        """For each of these days a text that is another whenever anything of the day has changed.

        To be read before the entries: what is rendered from them is then never older than its state.
        """
        with self.store.redis.pipeline(transaction=False) as pipe:
            for day in days:
                names = [keys.digest(repository, day), keys.digest_calls(repository, day)]
                self.store.run("state", names, [], client=pipe)
            return tuple(pipe.execute())

    def day_of(self, repository: str, sha: Sha) -> date | None:
        """The day a commit landed on; None when it was never recorded."""
        day = self.store.redis.hget(keys.commit(repository, sha), "day")
        return date.fromisoformat(str(day)) if day else None
