"""How everything stands, in a few lines or as JSON."""

from datetime import datetime

from analysis.models import Frozen, Tokens
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
    """What `pushdigest status` shows."""

    pending: int
    analysed: int
    parked: int
    oldest_pending: datetime | None
    workers: int
    queued: int
    breakers: tuple[BreakerStatus, ...]
    models: tuple[ModelStatus, ...]

    def text(self) -> str:
        """For people."""
        oldest = (
            f" (the oldest landed {self.oldest_pending:%Y-%m-%d %H:%M %Z})" if self.oldest_pending else ""
        )
        lines = [
            f"pending   {self.pending}{oldest}",
            f"analysed  {self.analysed}",
            f"parked    {self.parked}",
            f"workers   {self.workers} alive, {self.queued} jobs queued",
        ]
        lines += [
            f"breaker   {open_.model}: {open_.detail}, left alone until {open_.until:%H:%M:%S %Z}"
            for open_ in self.breakers
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
        models=tuple(
            ModelStatus(
                model=model,
                calls=len(of_model := [call for call in calls if call.model == model]),
                tokens=sum((call.tokens for call in of_model), Tokens()),
                cost_usd=_total([call.cost_usd for call in of_model]),
            )
            for model in sorted({call.model for call in calls})
        ),
    )


def _total(costs: list[float | None]) -> float | None:
    known = [cost for cost in costs if cost is not None]
    return sum(known) if known else None


def _model_line(model: ModelStatus) -> str:
    cost = f"${model.cost_usd:.4f}" if model.cost_usd is not None else "price unknown"
    tokens = f"{model.tokens.prompt} + {model.tokens.completion} tokens"
    return f"today     {model.model}: {model.calls} calls, {tokens}, {cost}"
