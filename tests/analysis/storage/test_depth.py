import pytest

from analysis.models import Importance, Tokens
from analysis.storage.depth import BRIEF_FROM, Budget, Depth, depth_for
from analysis.storage.spending import Spent

HIGH, MEDIUM, LOW = Importance
JUST_UNDER = 0.999999


@pytest.mark.parametrize(
    ("importance", "share", "depth"),
    [
        *((importance, 0.0, "full") for importance in Importance),
        *((importance, BRIEF_FROM - 0.000001, "full") for importance in Importance),
        (HIGH, BRIEF_FROM, "full"),
        (MEDIUM, BRIEF_FROM, "brief"),
        (LOW, BRIEF_FROM, "brief"),
        (HIGH, JUST_UNDER, "full"),
        (MEDIUM, JUST_UNDER, "brief"),
        *((importance, 1.0, "wait") for importance in Importance),
        *((importance, 7.5, "wait") for importance in Importance),
    ],
)
def test_depth_falls_with_what_is_left(importance: Importance, share: float, depth: Depth) -> None:
    assert depth_for(importance, share) == depth


def spent(usd: float = 0.0, prompt: int = 0, completion: int = 0, *, ended: int = 1, open_: int = 0) -> Spent:
    tokens = Tokens(prompt=prompt, completion=completion)
    return Spent(calls=ended + open_, under_way=open_, tokens=tokens, cost_usd=usd)


@pytest.mark.parametrize(
    ("budget", "sum_", "share"),
    [
        (Budget(), spent(1000, 10**9), 0.0),
        (Budget(usd=2), spent(1), 0.5),
        (Budget(tokens=1000), spent(prompt=200, completion=50), 0.25),
        (Budget(usd=2, tokens=1000), spent(1, 200), 0.5),
        (Budget(usd=2, tokens=1000), spent(1, 900), 0.9),
        (Budget(usd=2), Spent(calls=3, unpriced=3, tokens=Tokens(prompt=10**6)), 0.0),
        (Budget(usd=0), Spent(), 1.0),
        (Budget(tokens=0), Spent(), 1.0),
    ],
)
def test_the_share_is_the_larger_of_both(budget: Budget, sum_: Spent, share: float) -> None:
    assert budget.share(sum_) == pytest.approx(share)


def test_calls_under_way_count_like_the_mean_of_those_that_ended() -> None:
    assert Budget(tokens=1000).share(spent(prompt=200, ended=4, open_=16)) == pytest.approx(1.0)
    assert Budget(usd=10).share(spent(2.0, ended=4, open_=2)) == pytest.approx(0.3)


def test_the_first_calls_of_a_day_count_nothing_yet() -> None:
    assert Budget(usd=1, tokens=1).share(spent(ended=0, open_=16)) == 0
