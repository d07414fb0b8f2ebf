"""Who waits for what: the commits that come back at once when a model answers again or the budget is raised.

It is a hint only. Each of these commits is due at an instant of its own as well, so whatever a list misses
merely comes later. Every method may raise `redis.exceptions.RedisError`.
"""

from datetime import datetime, timedelta

from analysis.models import Sha
from analysis.storage import keys
from analysis.storage.store import Store, to_ms

BUDGET = "budget"
"""What a commit waits for when it does not wait for a model."""
KEPT = timedelta(days=7)
"""After the last commit has joined a list that nobody releases any more."""
AT_ONCE = 1000
"""Commits that are released together: enough for the workers of some minutes."""


class Waitlist:
    """One list for each model, under its name, and one for the budget."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.redis = store.redis

    def join(self, what: str, repository: str, sha: Sha) -> None:
        """A pending commit waits for that."""
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.sadd(keys.awaiting(what), keys.member(repository, sha))
            pipe.expire(keys.awaiting(what), KEPT)
            pipe.execute()

    def release(self, what: str, now: datetime) -> int:
        """What they wait for is there: make them due; returns how many were."""
        released: int = self.store.run(
            "release", [keys.awaiting(what), keys.WAITING], [keys.COMMIT, to_ms(now), AT_ONCE]
        )
        return released
