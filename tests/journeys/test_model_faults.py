"""A model that fails in every way there is: nothing is lost, the reader is told, and it passes.

Each fault has a repository and a model of its own, so that all of them happen at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from loopback_model import (
    Answer,
    Answers,
    LoopbackModel,
    Request,
    always,
    completion,
    empty,
    filtered,
    forbidden,
    hanging,
    refusal,
    too_many,
    unpaid,
    valid,
)
from processes import Site, table
from reading import read_markdown
from repositories import Origin
from waiting import until

from analysis.storage.entry import Entry, State
from analysis.words import words_for

FAULTS: dict[str, tuple[Answers, str, str]] = {
    "401": (always(refusal(401, "Incorrect API key provided")), "model-unavailable", "HTTP 401"),
    "402": (unpaid, "model-unavailable", "HTTP 402"),
    "403": (forbidden, "model-unavailable", "HTTP 403"),
    "429": (too_many, "model-unavailable", "HTTP 429"),
    "500": (always(refusal(500, "Internal error")), "model-unavailable", "HTTP 500"),
    "hanging": (hanging, "model-unavailable", "no answer within 6 s"),
    "prose": (always(completion("The commit looks good to me.")), "model-reply", ""),
    "empty": (empty, "model-reply", ""),
}
"""Name -> what the model answers, the obstacle's code and what its detail says."""
REFUSED = "refused"
LATER = "later"
"""Shares the model of `401`, and is pushed once that is left alone."""
WORDS = words_for("zh-CN")


@dataclass
class Ward:
    """A site with one repository for each fault, and the model that has them all."""

    site: Site
    model: LoopbackModel
    sha: str
    well: bool = False

    def answer(self, request: Request) -> Answer:
        """As the model that is asked for answers while it is ill."""
        fault = str(request["model"])
        if self.well:
            return valid(request)
        return filtered(request) if fault == REFUSED else FAULTS[fault][0](request)

    def entry(self, fault: str) -> Entry:
        entry = self.site.entry(_name(fault), self.sha)
        assert entry is not None
        return entry

    def tried(self) -> bool:
        return all(self.entry(fault).obstacle for fault in (*FAULTS, REFUSED))

    def analysed(self, fault: str) -> bool:
        return self.entry(fault).state is State.ANALYSED

    def asked(self, fault: str) -> int:
        return sum(request["model"] == fault for request in self.model.requests)


def _name(fault: str) -> str:
    return f"example/{fault}"


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    folder = tmp_path_factory.mktemp("ward")
    origin = Origin(folder / "origin.git")
    before = origin.commit("Begin", {"a.py": "x = 1\n"})
    sha = origin.commit("fix: answer in time", {"a.py": "x = 2\n"})
    tables = [table(_name(fault), origin, model=f"openai/{fault}") for fault in (*FAULTS, REFUSED)]
    tables.append(table(_name(LATER), origin, model="openai/401"))
    with LoopbackModel() as model:
        terms = {"LLM_API_BASE": model.url, "LLM_TIMEOUT": 6, "WORKERS": 4}
        with Site(folder, tables=tables, **terms) as site:
            ill = Ward(site, model, sha)
            model.answer(ill.answer)
            site.start("web", "worker", "clock")
            for fault in (*FAULTS, REFUSED):
                assert site.push(_name(fault), origin, before).status == 202
            until(ill.tried, what="an obstacle for each fault")
            assert site.push(_name(LATER), origin, before).status == 202
            until(lambda: ill.entry(LATER).obstacle, what="the same obstacle")
            yield ill


@pytest.mark.parametrize("fault", FAULTS)
def test_the_commit_waits_and_says_why(ward: Ward, fault: str) -> None:
    _, code, detail = FAULTS[fault]
    entry = ward.entry(fault)
    assert (entry.state, entry.attempts, entry.model) == (State.PENDING, 1, None)
    assert entry.obstacle is not None
    assert entry.obstacle.code == code
    assert detail in entry.obstacle.detail
    assert entry.obstacle.since is not None


@pytest.mark.parametrize("fault", FAULTS)
def test_the_reader_sees_the_rules_analysis_and_what_it_waits_for(ward: Ward, fault: str) -> None:
    address = f"/reports/{_name(fault)}/{ward.site.today}"
    (commit,) = ward.site.get(f"{address}.json").data["repositories"][0]["commits"]
    assert (commit["state"], commit["source"]) == ("pending", "rules")
    assert commit["analysis"]["summary"]
    reason = WORDS(f"obstacle.{FAULTS[fault][1]}")
    said = read_markdown(ward.site.get(f"{address}.md").text).paragraphs
    assert any(reason in paragraph for paragraph in said)
    assert reason in ward.site.get(address).text
    assert reason in ward.site.get(f"/commits/{_name(fault)}/{ward.sha}").text


def test_a_model_that_is_not_available_is_asked_once(ward: Ward) -> None:
    asked = {
        fault: ward.asked(fault) for fault, (_, code, _) in FAULTS.items() if code == "model-unavailable"
    }
    assert asked == dict.fromkeys(asked, 1)


def test_another_commit_for_a_model_that_is_left_alone_waits_for_it(ward: Ward) -> None:
    obstacle = ward.entry(LATER).obstacle
    assert obstacle is not None
    assert (obstacle.code, "HTTP 401" in obstacle.detail) == ("model-unavailable", True)
    calls = ward.site.shop.accounts.calls(ward.site.today)
    assert [call for call in calls if call.repository == _name(LATER)] == []


def test_a_useless_reply_is_asked_for_once_more(ward: Ward) -> None:
    assert (ward.asked("prose"), ward.asked("empty")) == (2, 2)


def test_the_status_names_the_models_that_are_left_alone(ward: Ward) -> None:
    unavailable = {f"openai/{fault}" for fault, (_, code, _) in FAULTS.items() if code == "model-unavailable"}
    assert {found.model for found in ward.site.shop.breakers.open()} == unavailable
    breakers = ward.site.shop.breakers

    def held() -> set[str]:
        """Those that will not be asked within the time that the command takes."""
        return {found.model for found in breakers.holding(datetime.now(UTC) + timedelta(seconds=10))}

    names = until(held, what="a model that is left alone for a while")
    told = ward.site.run("status").out
    assert all(name in told for name in names)


def test_what_every_model_refuses_is_parked(ward: Ward) -> None:
    entry = ward.entry(REFUSED)
    assert (entry.state, entry.obstacle and entry.obstacle.code) == (State.PARKED, "model-refused")
    page = ward.site.get(f"/reports/{_name(REFUSED)}/{ward.site.today}.md").text
    assert WORDS("obstacle.model-refused") in page


def test_every_failed_request_was_recorded(ward: Ward) -> None:
    calls = ward.site.shop.accounts.calls(ward.site.today)
    outcomes = {call.model.removeprefix("openai/"): call.outcome for call in calls}
    assert outcomes == {fault: code for fault, (_, code, _) in FAULTS.items()} | {REFUSED: "model-refused"}
    assert len(calls) == len(ward.model.requests)


def test_once_the_models_are_well_everything_is_analysed(ward: Ward) -> None:
    ward.well = True
    ward.site.let_time_pass()
    until(lambda: ward.analysed("401") or ward.analysed(LATER), what="the one try of a model of two commits")
    ward.site.let_time_pass()
    for fault in (*FAULTS, LATER):
        (entry,) = ward.site.until_all(_name(fault), [ward.sha])
        assert (entry.obstacle, entry.model is not None) == (None, True)
    assert ward.site.shop.breakers.open() == ()
    page = ward.site.get(f"/reports/{_name('500')}/{ward.site.today}.md").text
    assert WORDS("obstacle.model-unavailable") not in page


def test_retry_brings_a_parked_commit_back(ward: Ward) -> None:
    ward.well = True
    done = ward.site.run("retry", _name(REFUSED), ward.sha[:8])
    assert (done.code, done.out) == (0, "1 commit is pending again\n")
    (entry,) = ward.site.until_all(_name(REFUSED), [ward.sha])
    assert (entry.obstacle, entry.model is not None) == (None, True)
