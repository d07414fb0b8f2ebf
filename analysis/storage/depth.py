"""How deeply the next commit is analysed, by what the day's budget has left. Pure."""

from dataclasses import dataclass
from typing import Literal

from analysis.models import Importance
from analysis.storage.spending import Spent

Depth = Literal["full", "brief", "wait"]
"""Brief asks for a summary only; whoever waits is shown by the rules meanwhile."""

BRIEF_FROM = 0.8
"""The share of the budget from which only what matters most is analysed in full."""


@dataclass(frozen=True)
class Budget:
    """What a day may take; None is no limit."""

    usd: float | None = None
    tokens: int | None = None
    """In and out together, cached ones included."""

    @property
    def unlimited(self) -> bool:
        """Nothing has to be added up."""
        return self.usd is None and self.tokens is None

    def __str__(self) -> str:
        usd = [f"${self.usd:g}"] if self.usd is not None else []
        tokens = [f"{self.tokens:,} tokens"] if self.tokens is not None else []
        return " and ".join([*usd, *tokens])

    def share(self, spent: Spent) -> float:
        """How much of the budget is used up, the larger of both; 1 and more: all of it.

        A call that is under way counts like the mean of those that have ended, so that many workers do not
        overdraw by a call each. The first ones of a day, before any has ended, count nothing.
        """
        ended = spent.calls - spent.under_way
        expected = spent.calls / ended if ended else 1.0
        tokens = spent.tokens.prompt + spent.tokens.completion
        return max(
            _part(spent.cost_usd * expected, self.usd),
            _part(tokens * expected, self.tokens),
        )


def depth_for(importance: Importance, share: float) -> Depth:
    """What a commit gets when that share of the budget is used up.

    Args:
        importance: by the rules: the model has not spoken yet.
        share: as `Budget.share` gives it.
    """
    if share >= 1:
        return "wait"
    return "brief" if share >= BRIEF_FROM and importance is not Importance.HIGH else "full"


def _part(spent: float, limit: float | None) -> float:
    if limit is None:
        return 0.0
    return spent / limit if limit else 1.0
