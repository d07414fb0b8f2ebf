"""A model behind its circuit breaker: asked only when it is not being left alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from analysis.breaker import Breakers
from analysis.completion import Complete, Completion, Message, ModelFailure, ModelUnavailable

MARGIN = timedelta(seconds=10)
"""Beyond the model's own deadline, before another may try a model that is being left alone."""


class LeftAlone(ModelUnavailable):
    """The model was not asked, because it failed a short while ago."""

    asked = False


class GuardedModel:
    """Asks a model through the breaker that all machines share."""

    def __init__(self, model: Complete, breakers: Breakers, timeout: timedelta) -> None:
        self.model = model
        self.breakers = breakers
        self.patience = timeout + MARGIN

    @property
    def name(self) -> str:
        """As litellm names it."""
        return self.model.name

    def count_tokens(self, text: str) -> int:
        """Tokens of a text; without a network."""
        return self.model.count_tokens(text)

    def complete(self, messages: Sequence[Message], schema: type[BaseModel]) -> Completion:
        """Ask once.

        Raises:
            LeftAlone: the breaker is open; `retry_after` says for how long.
            ModelFailure: as the model raises it; one that is unavailable opens the breaker.
        """
        now = datetime.now(UTC)
        again = self.breakers.admit(self.name, now, patience=self.patience)
        if again is not None:
            raise LeftAlone(
                self.name, self.breakers.detail(self.name), retry_after=(again - now).total_seconds()
            )
        try:
            completion = self.model.complete(messages, schema)
        except ModelUnavailable as failure:
            self._trip(failure)
            raise
        except ModelFailure:
            self.breakers.reset(self.name)
            raise
        self.breakers.reset(self.name)
        return completion

    def _trip(self, failure: ModelUnavailable) -> None:
        now = datetime.now(UTC)
        till = self.breakers.trip(
            self.name, now, detail=failure.detail, retry_after=failure.retry_after or 0.0
        )
        failure.retry_after = (till - now).total_seconds()


def raise_if_all_left_alone(models: Sequence[Complete], breakers: Breakers) -> None:
    """Find out whether any of these models may be asked, without asking.

    Raises:
        LeftAlone: none; of the one that may be asked first.
    """
    now = datetime.now(UTC)
    closed = [found for found in breakers.open() if found.until > now]
    until = {found.model: found for found in closed}
    if all(model.name in until for model in models):
        first = min((until[model.name] for model in models), key=lambda found: found.until)
        raise LeftAlone(first.model, first.detail, retry_after=(first.until - now).total_seconds())
