"""Five models in order, all behind the same breakers: which are asked, and what the commit is told."""

from collections.abc import Iterator
from datetime import timedelta

import loopback_model as loopback
import pytest
from commits import make_commit
from loopback_model import Answer, LoopbackModel, Request

from analysis.dialogue.analyzer import Analyzer
from analysis.importance.triage import triage
from analysis.model.completion import ContentRefused, ModelFailure, ModelUnavailable
from analysis.model.llm import Model, ModelOptions, preload
from analysis.storage.breaker import Breakers
from analysis.storage.ladder import SharedRungs
from analysis.storage.store import Store
from analysis.storage.throttle import Throttle
from analysis.storage.waitlist import Waitlist
from workers.guard import Gates, GuardedModel

COMMIT = make_commit()
ANSWERS: dict[str, loopback.Answers] = {
    "unpaid": loopback.unpaid,
    "down": loopback.down,
    "prudish": loopback.filtered,
    "chatty": loopback.always(loopback.completion("It looks good to me.")),
    "good": loopback.valid,
}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    preload()


@pytest.fixture
def endpoint() -> Iterator[LoopbackModel]:
    def answer(request: Request) -> Answer:
        return ANSWERS[str(request["model"])](request)

    with loopback.running(answer) as model:
        yield model


def analyzer(endpoint: LoopbackModel, store: Store, *names: str) -> Analyzer:
    timeout = timedelta(seconds=20)
    gates = Gates(Breakers(store), Throttle(store, at_once=4), Waitlist(store))
    options = [
        ModelOptions(f"openai/{name}", api_base=endpoint.url, api_key="none", timeout=20) for name in names
    ]
    models = tuple(GuardedModel(Model(each, SharedRungs(store)), gates, timeout) for each in options)
    return Analyzer(models=models)


def asked(endpoint: LoopbackModel) -> list[str]:
    return [str(request["model"]) for request in endpoint.requests]


def test_the_first_that_answers_is_taken_and_every_call_is_kept(
    endpoint: LoopbackModel, store: Store
) -> None:
    five = analyzer(endpoint, store, *ANSWERS)
    outcome = five.analyse(COMMIT, triage(COMMIT))
    assert outcome.analysis.model == "openai/good"
    assert asked(endpoint) == ["unpaid", "down", "prudish", "chatty", "chatty", "good"]
    assert [(call.model, call.outcome) for call in outcome.calls] == [
        ("openai/unpaid", "model-unavailable"),
        ("openai/down", "model-unavailable"),
        ("openai/prudish", "model-refused"),
        ("openai/chatty", "model-reply"),
        ("openai/chatty", "model-reply"),
        ("openai/good", "ok"),
    ]


def test_those_that_are_left_alone_are_passed_over(endpoint: LoopbackModel, store: Store) -> None:
    five = analyzer(endpoint, store, *ANSWERS)
    five.analyse(COMMIT, triage(COMMIT))
    endpoint.requests.clear()
    outcome = five.analyse(COMMIT, triage(COMMIT))
    assert asked(endpoint) == ["prudish", "chatty", "chatty", "good"]
    assert len(outcome.calls) == 4


@pytest.mark.parametrize(
    ("names", "failure", "model"),
    [
        (("prudish",), ContentRefused, "openai/prudish"),
        (("prudish", "down"), ModelUnavailable, "openai/down"),
        (("unpaid", "down"), ModelUnavailable, "openai/unpaid"),
    ],
)
def test_when_none_answers_the_commit_is_told_what_to_wait_for(
    endpoint: LoopbackModel, store: Store, names: tuple[str, ...], failure: type[ModelFailure], model: str
) -> None:
    with pytest.raises(failure) as caught:
        analyzer(endpoint, store, *names).analyse(COMMIT, triage(COMMIT))
    assert caught.value.model == model
    assert len(caught.value.calls) == len(names)
