from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, make_call

from analysis.calendar import Calendar
from analysis.models import Importance, Tokens
from analysis.storage.accounts import Accounts
from analysis.storage.depth import Budget
from analysis.storage.purse import Purse
from analysis.storage.spending import LOST
from analysis.storage.store import Store


def spend(accounts: Accounts, dollars: float, at: datetime = NOON) -> None:
    accounts.record(make_call(id=f"{at} {dollars}", cost_usd=dollars, at=at))


def test_depth_follows_what_was_spent_today(accounts: Accounts) -> None:
    purse = Purse(accounts, Budget(usd=1.0))
    assert purse.depth(Importance.LOW, NOON) == "full"
    spend(accounts, 0.5)
    assert purse.depth(Importance.LOW, NOON) == "full"
    spend(accounts, 0.3)
    assert purse.depth(Importance.LOW, NOON) == "brief"
    assert purse.depth(Importance.HIGH, NOON) == "full"
    assert not purse.empty(NOON)
    spend(accounts, 0.2)
    assert purse.depth(Importance.HIGH, NOON) == "wait"
    assert purse.empty(NOON)


def test_what_was_spent_yesterday_does_not_count(accounts: Accounts) -> None:
    purse = Purse(accounts, Budget(usd=1.0))
    spend(accounts, 5.0)
    assert purse.empty(NOON)
    assert not purse.empty(purse.refilled_at(NOON))
    assert purse.empty(purse.refilled_at(NOON) - timedelta(milliseconds=1))


def test_a_raised_budget_counts_at_once(accounts: Accounts) -> None:
    spend(accounts, 1.0)
    assert Purse(accounts, Budget(usd=1.0)).empty(NOON)
    assert not Purse(accounts, Budget(usd=2.0)).empty(NOON)
    assert not Purse(accounts, Budget()).empty(NOON)


def test_calls_under_way_are_held_against_the_budget(accounts: Accounts) -> None:
    purse = Purse(accounts, Budget(tokens=1000))
    accounts.record(make_call(id="ended", tokens=Tokens(prompt=400, completion=100)))
    assert purse.share(NOON) == 0.5
    accounts.record(make_call(id="going", tokens=Tokens(), cost_usd=None, outcome=LOST))
    assert purse.empty(NOON)
    accounts.record(make_call(id="going", tokens=Tokens(prompt=100, completion=100)))
    assert purse.share(NOON) == 0.7


@pytest.mark.parametrize(
    ("now", "refilled"),
    [
        (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 8, 5, tzinfo=UTC)),
    ],
)
def test_the_next_budget_comes_with_the_next_day_of_the_report(
    store: Store, now: datetime, refilled: datetime
) -> None:
    accounts = Accounts(store, Calendar(ZoneInfo("America/New_York")))
    assert Purse(accounts, Budget(usd=1.0)).refilled_at(now) == refilled
