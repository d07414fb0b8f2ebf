"""A model behind its limits: asked only while it is not being left alone, and when it is our turn."""

import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel

from analysis.calendar import Now, utc_now
from analysis.model.completion import Complete, Completion, Message, ModelFailure, ModelUnavailable
from analysis.storage.breaker import Breakers
from analysis.storage.entry import Obstacle
from analysis.storage.purse import Purse
from analysis.storage.throttle import Throttle, Turn
from analysis.storage.waitlist import BUDGET, Waitlist
from workers.pauses import PAUSES, Pauses

LONGEST_REST = 1.0
"""Seconds after which one who waits looks again, even when no call has ended."""
FIRST = -math.inf
"""The rank of what goes before any commit."""


class LeftAlone(ModelUnavailable):
    """The model was not asked, because it failed a short while ago."""

    asked = False


class NoTurn(ModelUnavailable):
    """The model was not asked, because others kept it busy all the while."""

    asked = False

    @property
    def obstacle(self) -> Obstacle:
        """It is not the model's fault."""
        return Obstacle(code="queued")


class BudgetUsedUp(ModelUnavailable):
    """The model was not asked, because the day has cost what it may."""

    asked = False

    @property
    def obstacle(self) -> Obstacle:
        """It is not the model's fault."""
        return Obstacle(code="budget")


@dataclass(frozen=True)
class Gates:
    """What stands before every model, shared by all machines."""

    breakers: Breakers
    throttle: Throttle
    waitlist: Waitlist
    now: Now = utc_now
    pauses: Pauses = PAUSES


class GuardedModel:
    """Asks a model when all machines together leave room for it."""

    def __init__(
        self,
        model: Complete,
        gates: Gates,
        timeout: timedelta,
        *,
        rank: float = FIRST,
        turn_patience: timedelta | None = None,
    ) -> None:
        self.model = model
        self.gates = gates
        self.patience = timeout + gates.pauses.room
        self.rank = rank
        self.turn_patience = turn_patience or gates.pauses.last_turn

    @property
    def name(self) -> str:
        """As litellm names it."""
        return self.model.name

    def count_tokens(self, text: str) -> int:
        """Tokens of a text; without a network."""
        return self.model.count_tokens(text)

    def complete(self, messages: Sequence[Message], schema: type[BaseModel]) -> Completion:
        """Ask once, when it is our turn; that may take as long as we are patient.

        Raises:
            LeftAlone: the breaker is open; `retry_after` says for how long.
            NoTurn: others kept the model busy.
            ModelFailure: as the model raises it; one that is unavailable opens the breaker.
        """
        token = secrets.token_hex(16)
        try:
            self._enter(token)
            return self._asked(messages, schema)
        finally:
            self.gates.throttle.leave(self.name, token)

    def _asked(self, messages: Sequence[Message], schema: type[BaseModel]) -> Completion:
        try:
            completion = self.model.complete(messages, schema)
        except ModelUnavailable as failure:
            self._trip(failure)
            raise
        except ModelFailure:
            self._well()
            raise
        self._well()
        return completion

    def _enter(self, token: str) -> None:
        now = self.gates.now()
        deadline = now + self.turn_patience
        while now < deadline:
            turn = self._turn(token, now)
            if turn.entered:
                return
            if turn.left_alone_until:
                pause = (turn.left_alone_until - now).total_seconds()
                raise LeftAlone(self.name, self.gates.breakers.detail(self.name), retry_after=pause)
            rest = min(turn.wait, deadline - now).total_seconds()
            self.gates.throttle.rest(token, min(rest, LONGEST_REST))
            now = self.gates.now()
        raise NoTurn(self.name, "busy", retry_after=self._next_turn())

    def _next_turn(self) -> float:
        longest = self.gates.pauses.next_turn.total_seconds()
        return random.uniform(longest / 3, longest)  # noqa: S311 - a jitter

    def _turn(self, token: str, now: datetime) -> Turn:
        return self.gates.throttle.enter(self.name, token, now, until=now + self.patience, rank=self.rank)

    def _trip(self, failure: ModelUnavailable) -> None:
        now = self.gates.now()
        till = self.gates.breakers.trip(
            self.name, now, detail=failure.detail, retry_after=failure.retry_after or 0.0
        )
        failure.retry_after = (till - now).total_seconds()

    def _well(self) -> None:
        """The model answers; whoever has waited for that comes back."""
        if self.gates.breakers.reset(self.name):
            self.gates.waitlist.release(self.name)


def raise_if_all_left_alone(models: Sequence[Complete], breakers: Breakers, now: datetime) -> None:
    """Find out whether any of these models may be asked, without asking.

    Raises:
        LeftAlone: none; of the one that may be asked first.
    """
    closed = breakers.holding(now)
    until = {found.model: found for found in closed}
    if all(model.name in until for model in models):
        first = min((until[model.name] for model in models), key=lambda found: found.until)
        raise LeftAlone(first.model, first.detail, retry_after=(first.until - now).total_seconds())


def raise_if_used_up(purse: Purse, model: str, now: datetime) -> None:
    """Find out whether the day may cost more.

    Raises:
        BudgetUsedUp: `retry_after` says when the next day begins.
    """
    if purse.empty(now):
        raise BudgetUsedUp(model, "", retry_after=(purse.refilled_at(now) - now).total_seconds())


def awaited(failure: ModelUnavailable) -> str:
    """The waitlist of what stands in the way: of the budget, or of a model."""
    return BUDGET if isinstance(failure, BudgetUsedUp) else failure.model
