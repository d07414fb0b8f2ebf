from builders import REPOSITORY, make_analysis, make_call

from analysis.models import Tokens
from analysis.storage.spending import LOST, Spending, Spent

TOKENS = Tokens(prompt=100, cached=40, completion=20)


def test_nothing_asked_is_nothing_spent() -> None:
    assert Spending.of([]).total == Spent()
    assert Spent().known_cost == 0


def test_calls_are_added_up_by_repository_and_model() -> None:
    calls = [
        make_call(),
        make_call(),
        make_call(model="b/small", cost_usd=0.5),
        make_call(repository="octo/other"),
    ]
    spending = Spending.of(calls)
    assert [(line.repository, line.model, line.spent.calls) for line in spending.lines] == [
        (REPOSITORY, "a/big", 2),
        (REPOSITORY, "b/small", 1),
        ("octo/other", "a/big", 1),
    ]
    assert spending.total == Spent(
        calls=4, tokens=Tokens(prompt=400, cached=160, completion=80), cost_usd=1.25
    )
    assert {name: spent.calls for name, spent in spending.by_model().items()} == {"a/big": 3, "b/small": 1}
    assert spending.by_repository()[REPOSITORY].cost_usd == 1.0
    assert Spending.of(calls[:2]) + Spending.of(calls[2:]) == spending


def test_a_call_whose_price_is_not_known_says_so() -> None:
    unknown = Spent.on([make_call(cost_usd=None)])
    assert (unknown.unpriced, unknown.known_cost) == (1, None)
    assert (unknown + Spent.on([make_call()])).known_cost == 0.25


def test_a_model_that_costs_nothing_has_a_known_price() -> None:
    assert Spent.on([make_call(cost_usd=0.0)]).known_cost == 0


def test_a_refused_call_without_tokens_has_no_unknown_price() -> None:
    refused = Spent.on([make_call(cost_usd=None, tokens=Tokens(), outcome="model-unavailable")])
    assert (refused.calls, refused.under_way, refused.unpriced) == (1, 0, 0)


def test_a_call_that_has_not_ended_is_under_way() -> None:
    assert Spent.on([make_call(cost_usd=None, tokens=Tokens(), outcome=LOST)]).under_way == 1


def test_analyses_are_added_up_where_calls_are_not_at_hand() -> None:
    priced = make_analysis(model="a/big", tokens=TOKENS, cost_usd=0.25)
    free = make_analysis(model="b/small", tokens=TOKENS)
    spending = Spending.of_analyses([(REPOSITORY, priced), (REPOSITORY, priced), (REPOSITORY, free)])
    assert spending.by_model()["a/big"] == Spent(
        tokens=Tokens(prompt=200, cached=80, completion=40), cost_usd=0.5
    )
    assert spending.by_model()["b/small"].unpriced == 1
