"""A circuit breaker per model, shared by all machines: a model that is down or unpaid is not hammered.

Every method may raise `redis.exceptions.RedisError`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis import keys
from analysis.store import Store, from_ms, in_ms, to_ms

FIRST_PAUSE = timedelta(seconds=15)
"""How long a model is left alone after its first failure; doubled with each further one in a row."""
LONGEST_PAUSE = timedelta(minutes=20)
"""So that a model which is away for days is asked a few times an hour."""


@dataclass(frozen=True)
class OpenBreaker:
    """A model that is being left alone, and why."""

    model: str
    failures: int
    until: datetime
    detail: str


class Breakers:
    """Whether a model may be called."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.redis = store.redis

    def admit(self, model: str, now: datetime, *, patience: timedelta) -> datetime | None:
        """Ask to call a model.

        Args:
            model: its name.
            now: the instant of asking.
            patience: how long the one call that is let through an open breaker may take.

        Returns:
            None when it may be called, else the instant at which to ask again.
        """
        till = self.store.run("admit", [keys.breaker(model)], [to_ms(now), to_ms(now + patience)])
        return from_ms(till) if till else None

    def trip(self, model: str, now: datetime, *, detail: str, retry_after: float = 0) -> datetime:
        """A call failed: leave the model alone.

        Args:
            model: its name.
            now: the instant of the failure.
            detail: one line, e.g. `HTTP 403`.
            retry_after: seconds the server asked for.

        Returns:
            The instant until which the breaker is open.
        """
        till = self.store.run(
            "trip",
            [keys.breaker(model), keys.BREAKERS],
            [model, to_ms(now), in_ms(FIRST_PAUSE), in_ms(LONGEST_PAUSE), int(retry_after * 1000), detail],
        )
        return from_ms(till)

    def reset(self, model: str) -> None:
        """A call went well: the breaker is closed."""
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.breaker(model))
            pipe.srem(keys.BREAKERS, model)
            pipe.execute()

    def detail(self, model: str) -> str:
        """Why a model is being left alone; empty when it is not."""
        return self.store.fields(keys.breaker(model)).get("detail", "")

    def open(self) -> tuple[OpenBreaker, ...]:
        """The models that are being left alone."""
        stored = [
            (model, self.store.fields(keys.breaker(model))) for model in self.store.members(keys.BREAKERS)
        ]
        return tuple(
            OpenBreaker(model, int(found["failures"]), from_ms(int(found["open_until"])), found["detail"])
            for model, found in stored
            if found
        )
