"""Who waits for what: the commits that come back at once when a model answers again or the budget is raised.

It is a hint only. Each of these commits is due at an instant of its own as well, so whatever a list misses
merely comes later. Every method may raise `redis.exceptions.RedisError`.
"""

from datetime import timedelta

from analysis.storage import keys
from analysis.storage.entry import Entry
from analysis.storage.store import Store

BUDGET = "budget"
"""What a commit waits for when it does not wait for a model."""
KEPT = timedelta(days=7)
"""After the last commit has joined a list that nobody releases any more."""
AT_ONCE = 1000
"""Commits that are released in one step."""


class Waitlist:
    """One list for each model, under its name, and one for the budget."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.redis = store.redis

    def join(self, what: str, entry: Entry) -> int:
        """A pending commit waits for that; returns how many that wait go before it."""
        member = keys.member(entry.repository, entry.sha)
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.zadd(keys.waitlist(what), {member: entry.rank})
            pipe.expire(keys.waitlist(what), KEPT)
            pipe.zrank(keys.waitlist(what), member)
            *_, place = pipe.execute()
        return int(place)

    def release(self, what: str) -> int:
        """What they wait for is there: make them due; returns how many were."""
        released = self._release(what)
        total = released
        while released == AT_ONCE:
            released = self._release(what)
            total += released
        return total

    def _release(self, what: str) -> int:
        lists = [keys.waitlist(what), keys.WAITING, keys.READY]
        released: int = self.store.run("release", lists, [keys.COMMIT, AT_ONCE])
        return released
