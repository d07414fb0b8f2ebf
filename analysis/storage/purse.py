"""What the day may still cost: the accounts against the budget.

Nothing is reserved: a commit is begun while there is money, and each request looks again. So a day can be
overdrawn by about one request for each worker, never by a commit of many parts. May raise
`redis.exceptions.RedisError`.
"""

from dataclasses import dataclass
from datetime import datetime

from analysis.models import Importance
from analysis.storage.accounts import Accounts
from analysis.storage.depth import Budget, Depth, depth_for


@dataclass(frozen=True)
class Purse:
    """The budget of each day of REPORT_TIMEZONE."""

    accounts: Accounts
    budget: Budget

    def share(self, now: datetime) -> float:
        """How much of today's budget is used up; 0 without one."""
        return 0.0 if self.budget.unlimited else self.budget.share(self.accounts.today(now).total)

    def depth(self, importance: Importance, now: datetime) -> Depth:
        """How deeply a commit of that importance is analysed now."""
        return depth_for(importance, self.share(now))

    def empty(self, now: datetime) -> bool:
        """Whether nothing more may be asked today."""
        return self.share(now) >= 1

    def refilled_at(self, now: datetime) -> datetime:
        """When the next day begins, and with it the next budget."""
        calendar = self.accounts.calendar
        return calendar.bounds(calendar.day_of(now))[1]
