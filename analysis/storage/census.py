"""How many commits stand where.

Every method may raise `redis.exceptions.RedisError`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.models import Sha
from analysis.storage import keys
from analysis.storage.entry import Obstacle, State
from analysis.storage.store import Store, from_ms


@dataclass(frozen=True)
class Overview:
    """The ledger in numbers."""

    pending: int
    analysed: int
    parked: int
    oldest_pending: datetime | None
    """When the oldest commit that is still pending landed."""


@dataclass(frozen=True)
class Progress:
    """How far a number of commits have come."""

    analysed: int
    parked: int
    waiting: int
    """Pending after an attempt that met an obstacle, or whose process died."""
    untried: int
    """Pending, and not attempted yet, or soon again because the model was busy."""


class Census:
    """The ledger in numbers, in Redis."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def overview(self) -> Overview:
        """How many commits stand where."""
        names = self.store.members(keys.REPOSITORIES)
        with self.store.redis.pipeline(transaction=True) as pipe:
            pipe.zcard(keys.PENDING)
            pipe.zcard(keys.PARKED)
            pipe.zrange(keys.PENDING, 0, 0, withscores=True)
            for name in names:
                pipe.zcard(keys.commits(name))
            pending, parked, oldest, *totals = pipe.execute()
        return Overview(
            pending=pending,
            analysed=sum(totals) - pending - parked,
            parked=parked,
            oldest_pending=from_ms(int(oldest[0][1])) if oldest else None,
        )

    def progress(self, repository: str, shas: Sequence[Sha]) -> Progress:
        """How far these commits have come; one that was never recorded counts nowhere."""
        with self.store.redis.pipeline(transaction=False) as pipe:
            for sha in shas:
                pipe.hmget(keys.commit(repository, sha), "state", "obstacle", "deaths")
            found = pipe.execute()
        states = Counter(state for state, *_ in found)
        waiting = sum(
            state == State.PENDING and (_stops(obstacle) or int(deaths or 0) > 1)
            for state, obstacle, deaths in found
        )
        return Progress(
            analysed=states[State.ANALYSED],
            parked=states[State.PARKED],
            waiting=waiting,
            untried=states[State.PENDING] - waiting,
        )


def _stops(obstacle: str | None) -> bool:
    """Whether a stored obstacle is one that may last."""
    return obstacle is not None and Obstacle.model_validate_json(obstacle).code != "queued"
