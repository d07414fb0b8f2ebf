"""A circuit breaker per model, shared by all machines: a model that is down or unpaid is not hammered.

Whether a model may be called is asked of the throttle, which looks at its breaker in the same step. Every
method may raise `redis.exceptions.RedisError`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.backoff import Backoff
from analysis.storage import keys
from analysis.storage.store import Store, from_ms, in_ms, to_ms

PAUSE = Backoff(first=timedelta(seconds=15), longest=timedelta(minutes=20))
"""How long a failing model is left alone; one that is away for days is still asked a few times an hour."""
LONGEST_ASKED = timedelta(hours=6)
"""A server that asks for more than this is asked again all the same."""


@dataclass(frozen=True)
class OpenBreaker:
    """A model that is being left alone, and why."""

    model: str
    failures: int
    until: datetime
    detail: str


class Breakers:
    """Which models are being left alone."""

    def __init__(self, store: Store, pause: Backoff = PAUSE) -> None:
        self.store = store
        self.redis = store.redis
        self.pause = pause

    def trip(self, model: str, now: datetime, *, detail: str, retry_after: float = 0) -> datetime:
        """A call failed: leave the model alone.

        Args:
            model: its name.
            now: the instant of the failure.
            detail: one line, e.g. `HTTP 403`.
            retry_after: seconds the server asked for; more than six hours count as six.

        Returns:
            The instant until which the breaker is open.
        """
        asked = min(timedelta(seconds=retry_after), LONGEST_ASKED)
        till = self.store.run(
            "trip",
            [keys.breaker(model), keys.BREAKERS],
            [model, to_ms(now), in_ms(self.pause.first), in_ms(self.pause.longest), in_ms(asked), detail],
        )
        return from_ms(till)

    def reset(self, model: str) -> bool:
        """A call went well: the breaker is closed. Returns whether it was open until now."""
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.breaker(model))
            pipe.srem(keys.BREAKERS, model)
            was_open, _ = pipe.execute()
        return bool(was_open)

    def detail(self, model: str) -> str:
        """Why a model is being left alone; empty when it is not."""
        return self.store.fields(keys.breaker(model)).get("detail", "")

    def holding(self, now: datetime) -> tuple[OpenBreaker, ...]:
        """The models that are being left alone now; any whose time is up may be asked again."""
        return tuple(found for found in self.open() if found.until > now)

    def open(self) -> tuple[OpenBreaker, ...]:
        """The models that have failed and not answered since."""
        stored = [
            (model, self.store.fields(keys.breaker(model))) for model in self.store.members(keys.BREAKERS)
        ]
        return tuple(
            OpenBreaker(model, int(found["failures"]), from_ms(int(found["open_until"])), found["detail"])
            for model, found in stored
            if found
        )
