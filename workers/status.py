"""How everything stands, in a few lines or as JSON."""

from collections.abc import Sequence
from datetime import datetime

from analysis.models import Call, Frozen, Tokens
from workers.workshop import Workshop


class ModelStatus(Frozen):
    """One model today."""

    model: str
    calls: int
    tokens: Tokens
    cost_usd: float | None
    """None when the price of none of its calls is known."""


class BreakerStatus(Frozen):
    """A model that is left alone for a while."""

    model: str
    failures: int
    until: datetime
    detail: str


class Status(Frozen):
    """What `pushdigest status` shows; tokens and cost are today's."""

    pending: int
    analysed: int
    parked: int
    oldest_pending: datetime | None
    """When the oldest commit that is still pending landed."""
    workers: int
    """Alive, on all machines."""
    queued: int
    breakers: tuple[BreakerStatus, ...]
    tokens: Tokens
    cost_usd: float | None
    models: tuple[ModelStatus, ...]

    def text(self) -> str:
        """For people."""
        oldest = f" (oldest: {self.oldest_pending:%Y-%m-%d %H:%M %Z})" if self.oldest_pending else ""
        lines = [
            f"pending   {self.pending}{oldest}",
            f"analysed  {self.analysed}",
            f"parked    {self.parked}",
            f"workers   {self.workers} alive, {self.queued} jobs queued",
        ]
        lines += [
            f"breaker   {found.model}: {found.detail}, left alone until {found.until:%H:%M:%S %Z}"
            for found in self.breakers
        ]
        lines += [_model_line(model) for model in self.models] or ["today     no model was asked"]
        return "\n".join(lines)


def read_status(workshop: Workshop, now: datetime) -> Status:
    """Read how everything stands now."""
    overview = workshop.ledger.overview(now)
    calls = overview.calls
    return Status(
        pending=overview.pending,
        analysed=overview.analysed,
        parked=overview.parked,
        oldest_pending=overview.oldest_pending,
        workers=workshop.queue.workers(),
        queued=len(workshop.queue.waiting()),
        breakers=tuple(
            BreakerStatus.model_validate(found, from_attributes=True) for found in workshop.breakers.open()
        ),
        tokens=_tokens(calls),
        cost_usd=_cost(calls),
        models=tuple(
            _model(name, [call for call in calls if call.model == name])
            for name in sorted({call.model for call in calls})
        ),
    )


def _model(name: str, calls: Sequence[Call]) -> ModelStatus:
    return ModelStatus(model=name, calls=len(calls), tokens=_tokens(calls), cost_usd=_cost(calls))


def _tokens(calls: Sequence[Call]) -> Tokens:
    return sum((call.tokens for call in calls), Tokens())


def _cost(calls: Sequence[Call]) -> float | None:
    known = [call.cost_usd for call in calls if call.cost_usd is not None]
    return sum(known) if known else None


def _model_line(model: ModelStatus) -> str:
    cost = f"${model.cost_usd:.4f}" if model.cost_usd is not None else "price unknown"
    tokens = f"{model.tokens.prompt} + {model.tokens.completion} tokens"
    return f"today     {model.model}: {model.calls} calls, {tokens}, {cost}"
