"""How many requests a model gets, from all machines together: at once, and in a minute.

Every method may raise `redis.exceptions.RedisError`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.storage import keys
from analysis.storage.store import Store, from_ms, in_ms, to_ms

WINDOW = timedelta(minutes=1)
GONE = timedelta(seconds=10)
"""After which one who waits and has not asked again has died; a living one asks every second."""


@dataclass(frozen=True)
class Turn:
    """Whether a model may be called now, and otherwise what to wait for."""

    entered: bool = False
    wait: timedelta = timedelta()
    """Until there may be room, at the latest."""
    left_alone_until: datetime | None = None
    """Its breaker is open: another has found it failing."""


class Throttle:
    """The room that each model has."""

    def __init__(self, store: Store, *, at_once: int, per_minute: int | None = None) -> None:
        """Take the limits for each model; None is no limit."""
        self.store = store
        self.redis = store.redis
        self.at_once = at_once
        self.per_minute = per_minute

    def enter(self, model: str, token: str, now: datetime, *, until: datetime, rank: float = 0) -> Turn:
        """Ask to call a model.

        Args:
            model: its name.
            token: unique for the call; asking again after it has entered changes nothing.
            now: the instant of asking.
            until: when the call must have ended. From then on its room is free, and another may be let
                through an open breaker if this one was.
            rank: of all who wait, the lowest has the next turn.
        """
        state, ms = self.store.run(
            "enter",
            [
                keys.breaker(model),
                keys.running(model),
                keys.asked(model),
                keys.turns(model),
                keys.asking(model),
            ],
            [
                token,
                to_ms(now),
                to_ms(until),
                self.at_once,
                self.per_minute or 0,
                in_ms(WINDOW),
                rank,
                in_ms(GONE),
            ],
        )
        if state < 0:
            return Turn(left_alone_until=from_ms(ms))
        return Turn(entered=True) if state else Turn(wait=timedelta(milliseconds=ms))

    def leave(self, model: str, token: str) -> None:
        """The call has ended, or its turn is not waited for any longer."""
        self.store.run(
            "leave",
            [keys.running(model), keys.turns(model), keys.asking(model)],
            [token, self.at_once, keys.TURN, in_ms(GONE)],
        )

    def rest(self, token: str, seconds: float) -> None:
        """Wait until it may be the turn of a call, or so many seconds; then ask again."""
        self.redis.blpop([keys.turn(token)], timeout=max(seconds, 0.01))
