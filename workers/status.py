"""How everything stands, in a few lines or as JSON."""

from datetime import date, datetime
from typing import Any

from analysis.models import Frozen, Importance, Tokens
from analysis.storage.depth import Budget, depth_for
from analysis.storage.spending import Spending, Spent
from workers.counted import counted
from workers.workshop import Workshop

DEPTHS = {
    "full": "",
    "brief": "; only what is of high importance is analysed in full",
    "wait": "; what is left waits for tomorrow",
}
"""What follows from how much of the budget is used up."""


class Sum(Frozen):
    """What was asked of models today, all in all or of one part."""

    calls: int
    tokens: Tokens
    cost_usd: float | None
    """What is known of it; None when nothing is."""
    unpriced: int
    """Calls whose cost is not known."""


class ModelStatus(Sum):
    """One model."""

    model: str


class RepositoryStatus(Sum):
    """One repository, with each model that was asked about it."""

    repository: str
    models: tuple[ModelStatus, ...]


class BudgetStatus(Frozen):
    """Today's budget."""

    usd: float | None
    tokens: int | None
    used: float
    """The share that is used up, calls under way included; from 1 on everything waits."""


class BreakerStatus(Frozen):
    """A model that is left alone for a while."""

    model: str
    failures: int
    until: datetime
    detail: str


class LossStatus(Frozen):
    """A repository whose days were lost with an earlier ledger, and not given again."""

    repository: str
    first: date
    """The oldest day that was lost."""
    at: datetime
    """When the ledger that stands began."""


class Status(Frozen):
    """What `pushdigest status` shows; tokens and cost are today's."""

    notes: tuple[str, ...]
    """What is to be known of a ledger that was lost or is empty."""
    lost: tuple[LossStatus, ...]
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
    repositories: tuple[RepositoryStatus, ...]
    budget: BudgetStatus | None
    """None without one."""
    renamed: dict[str, str]
    """Followed repositories that GitHub calls by another name now, with that name."""

    def text(self) -> str:
        """For people."""
        oldest = f" (oldest: {self.oldest_pending:%Y-%m-%d %H:%M %Z})" if self.oldest_pending else ""
        lines = [f"ledger    {note}" for note in self.notes]
        lines += [
            f"pending   {self.pending}{oldest}",
            f"analysed  {self.analysed}",
            f"parked    {self.parked}",
            f"workers   {self.workers} alive, {counted(self.queued, 'job')} queued",
        ]
        lines += [
            f"breaker   {found.model}: {found.detail}, left alone until {found.until:%H:%M:%S %Z}"
            for found in self.breakers
        ]
        lines += [f"renamed   {old} is now {new}: change REPOSITORIES" for old, new in self.renamed.items()]
        lines += [_line("today", model.model, model) for model in self.models]
        lines += [_line("", each.repository, each) for each in self.repositories]
        lines += [_budget_line(self.budget)] if self.budget else []
        return "\n".join(lines if self.models else [*lines, "today     no model was asked"])


def read_status(workshop: Workshop, now: datetime) -> Status:
    """Read how everything stands now."""
    overview, spending = workshop.ledger.census.overview(), workshop.accounts.today(now)
    renamed = workshop.names.renamed()
    return Status(
        notes=tuple(map(str, workshop.losses.notes())),
        lost=tuple(LossStatus.model_validate(loss, from_attributes=True) for loss in workshop.losses.open()),
        pending=overview.pending,
        analysed=overview.analysed,
        parked=overview.parked,
        oldest_pending=overview.oldest_pending,
        workers=workshop.queue.workers(),
        queued=len(workshop.queue.waiting()),
        breakers=tuple(
            BreakerStatus.model_validate(found, from_attributes=True)
            for found in workshop.breakers.holding(now)
        ),
        tokens=spending.total.tokens,
        cost_usd=spending.total.known_cost,
        models=_models(spending),
        repositories=tuple(_repository(spending, name) for name in spending.by_repository()),
        budget=_budget(workshop.purse.budget, spending),
        renamed={old: new for old, new in renamed.items() if workshop.settings.repository(old)},
    )


def _models(spending: Spending) -> tuple[ModelStatus, ...]:
    return tuple(ModelStatus(model=name, **_sum(spent)) for name, spent in spending.by_model().items())


def _repository(spending: Spending, name: str) -> RepositoryStatus:
    own = Spending(lines=tuple(line for line in spending.lines if line.repository == name))
    return RepositoryStatus(repository=name, models=_models(own), **_sum(own.total))


def _sum(spent: Spent) -> dict[str, Any]:
    return {
        "calls": spent.calls,
        "tokens": spent.tokens,
        "cost_usd": spent.known_cost,
        "unpriced": spent.unpriced,
    }


def _budget(budget: Budget, spending: Spending) -> BudgetStatus | None:
    if budget.unlimited:
        return None
    return BudgetStatus(usd=budget.usd, tokens=budget.tokens, used=budget.share(spending.total))


def _line(head: str, name: str, spent: Sum) -> str:
    least = "at least " if spent.unpriced else ""
    cost = f"{least}${spent.cost_usd:.4f}" if spent.cost_usd is not None else "price unknown"
    tokens = f"{spent.tokens.prompt} + {spent.tokens.completion} tokens"
    return f"{head:<9} {name}: {spent.calls} calls, {tokens}, {cost}"


def _budget_line(budget: BudgetStatus) -> str:
    limit = Budget(budget.usd, budget.tokens)
    return (
        f"budget    {budget.used:.0%} of {limit} used today{DEPTHS[depth_for(Importance.LOW, budget.used)]}"
    )
