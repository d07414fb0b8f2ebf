import pytest

from analysis.settings import load_settings
from workers.limits import examine_limits

PRICED = "openai/gpt-4.1-mini"


def test_without_a_model_there_is_nothing_to_limit() -> None:
    assert list(examine_limits(load_settings())) == []


@pytest.mark.parametrize(
    ("settings", "detail"),
    [
        ({}, "at most 4 at a time to each model, from all machines"),
        ({"workers": 9}, "at most 9 at a time to each model, from all machines"),
        (
            {"llm_max_concurrency": 2, "llm_requests_per_minute": 60},
            "at most 2 at a time to each model, 60 a minute, from all machines",
        ),
    ],
)
def test_the_requests_at_a_time_are_told(settings: dict[str, int], detail: str) -> None:
    requests, _ = examine_limits(load_settings(llm_model=PRICED, **settings))
    assert (requests.part, requests.state, requests.detail) == ("requests", "ok", detail)


@pytest.mark.parametrize(
    ("settings", "state", "said"),
    [
        ({}, "ok", "none: a day may cost any amount"),
        ({"llm_daily_budget_usd": 2.5}, "ok", "$2.5 a day"),
        ({"llm_daily_budget_tokens": 1_000_000}, "ok", "1,000,000 tokens a day"),
        ({"llm_daily_budget_usd": 5, "llm_daily_budget_tokens": 1000}, "ok", "$5 and 1,000 tokens a day"),
    ],
)
def test_the_budget_is_told(settings: dict[str, float], state: str, said: str) -> None:
    _, budget = examine_limits(load_settings(llm_model=PRICED, **settings))
    assert (budget.part, budget.state) == ("budget", state)
    assert said in budget.text()


def test_a_budget_in_usd_that_cannot_hold_a_model_says_what_would() -> None:
    settings = {"llm_model": PRICED, "llm_fallback_models": "openai/of-my-own", "llm_daily_budget_usd": 5}
    _, budget = examine_limits(load_settings(**settings))
    assert (budget.state, "openai/of-my-own" in budget.detail) == ("note", True)
    assert "LLM_DAILY_BUDGET_TOKENS" in budget.mend
    _, budget = examine_limits(load_settings(llm_input_price=1, llm_output_price=2, **settings))
    assert budget.state == "ok"
