"""What the settings let models be asked at most, at a time and in a day, as `doctor` tells it."""

from collections.abc import Iterator, Sequence

from analysis.settings import Settings
from analysis.storage.depth import Budget
from workers.desk import models_in, unpriced
from workers.finding import Finding


def examine_limits(settings: Settings) -> Iterator[Finding]:
    """Nothing while no model is ever asked."""
    names = models_in(settings)
    if names:
        yield _requests(settings)
        yield _budget(settings, names)


def _requests(settings: Settings) -> Finding:
    at_once = settings.llm_max_concurrency or settings.workers
    minute = settings.llm_requests_per_minute
    pace = f", {minute} a minute" if minute else ""
    return Finding("requests", "ok", f"at most {at_once} at a time to each model{pace}, from all machines")


def _budget(settings: Settings, names: Sequence[str]) -> Finding:
    budget = Budget(settings.llm_daily_budget_usd, settings.llm_daily_budget_tokens)
    if budget.unlimited:
        return Finding("budget", "ok", "none: a day may cost any amount")
    if unknown := unpriced(settings, names):
        detail = f"the price of {unknown[0]} is not known, so LLM_DAILY_BUDGET_USD cannot hold it"
        mend = "set LLM_INPUT_PRICE and LLM_OUTPUT_PRICE, or LLM_DAILY_BUDGET_TOKENS"
        return Finding("budget", "note", detail, mend)
    return Finding("budget", "ok", f"{budget} a day; what is left then waits for the next")
