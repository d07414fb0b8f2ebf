"""What a day may cost, and how many requests a model gets, through real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_model import LoopbackModel
from processes import Site, table
from reading import read_markdown
from repositories import Origin
from waiting import until

from analysis.storage import keys
from analysis.storage.entry import Entry, State
from analysis.words import words_for

NAME = "example/project"
COMMITS = 5
WORDS = words_for("zh-CN")


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as running:
        yield running


def push(site: Site, origin: Origin) -> list[str]:
    """Five commits in one push."""
    before = origin.commit("Begin", {"a.py": "x = 0\n"})
    shas = [origin.commit(f"fix: number {n}", {"a.py": f"x = {n}\n"}) for n in range(1, COMMITS + 1)]
    assert site.push(NAME, origin, before).status == 202
    return shas


def waiting(site: Site, shas: list[str]) -> list[Entry]:
    """Those that wait for the budget."""
    entries = site.entries(NAME, shas)
    return [entry for entry in entries if entry.obstacle and entry.obstacle.code == "budget"]


def analysed(site: Site, shas: list[str]) -> int:
    return sum(entry.state is State.ANALYSED for entry in site.entries(NAME, shas))


def test_a_day_that_cost_what_it_may_loses_no_commit(tmp_path: Path, model: LoopbackModel) -> None:
    origin = Origin(tmp_path / "origin.git")
    terms = {"LLM_MODEL": "openai/any", "LLM_API_BASE": model.url, "WORKERS": 1}
    with Site(tmp_path, tables=[table(NAME, origin)], LLM_DAILY_BUDGET_TOKENS=3000, **terms) as site:
        site.start("web", "worker", "clock")
        shas = push(site, origin)
        until(lambda: len(waiting(site, shas)) + analysed(site, shas) == COMMITS, what="an end of the budget")

        assert (analysed(site, shas), len(model.requests)) == (3, 3)
        assert {call.outcome for call in site.shop.accounts.calls(site.today)} == {"ok"}
        assert_waits_until_tomorrow(site, shas)
        page = site.get(f"/reports/{NAME}/{site.today}.md").text
        assert any(WORDS("obstacle.budget") in said for said in read_markdown(page).paragraphs)
        assert "budget    120% of 3,000 tokens used today; what is left waits" in site.run("status").out

        site.stop("worker", "clock")
        site.environment["LLM_DAILY_BUDGET_TOKENS"] = "100000"
        site.shop.store.redis.delete(keys.lock("budget"))
        site.start("worker", "clock")
        site.until_all(NAME, shas)
        assert len(model.requests) == COMMITS


def assert_waits_until_tomorrow(site: Site, shas: list[str]) -> None:
    tomorrow = site.shop.purse.refilled_at(site.entries(NAME, shas)[0].landed_at).timestamp()
    for entry in waiting(site, shas):
        assert (entry.state, entry.rules is not None) == (State.PENDING, True)
        due = site.shop.store.redis.zscore(keys.WAITING, keys.member(NAME, entry.sha))
        assert due is not None
        assert 0 <= due / 1000 - tomorrow < 120


def test_all_workers_together_ask_one_at_a_time(tmp_path: Path, model: LoopbackModel) -> None:
    model.delay = 0.1
    origin = Origin(tmp_path / "origin.git")
    terms = {"LLM_MODEL": "openai/any", "LLM_API_BASE": model.url, "WORKERS": 4, "LLM_MAX_CONCURRENCY": 1}
    with Site(tmp_path, tables=[table(NAME, origin)], **terms) as site:
        site.start("web", "worker", "clock")
        shas = push(site, origin)
        site.until_all(NAME, shas)
    assert (model.busiest, len(model.requests)) == (1, COMMITS)
