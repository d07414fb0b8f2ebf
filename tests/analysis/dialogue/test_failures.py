"""Replies that are of no use, models that refuse or are away, prompts that are too large."""

from collections.abc import Sequence

import loopback_model as loopback
import pytest
from analyzing import HIGH, UNIMPORTANT, analyse, failure_of, model_at
from commits import lines, make_commit
from loopback_model import LoopbackModel, prompt_of
from pydantic import BaseModel

from analysis.dialogue.analyzer import HALVINGS, Analyzer
from analysis.importance.triage import triage
from analysis.model.completion import (
    Completion,
    ContentRefused,
    Message,
    ModelUnavailable,
    PromptTooLarge,
    UnusableReply,
)
from analysis.models import Tokens


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (loopback.truncated, "长度上限"),
        (loopback.empty, "空的"),
        (loopback.no_choices, "空的"),
        (loopback.saying(lambda _: "I am sorry."), "JSON 对象"),
        (loopback.saying(str, scope=None), "scope"),
        (loopback.saying(str, scope=[]), "scope"),
        (loopback.saying(str, summary=""), "summary"),
        (loopback.saying(str, importance="vital"), "importance"),
    ],
)
def test_an_unusable_reply_is_repaired_once_and_paid_twice(
    service: LoopbackModel, bad: loopback.Answers, named: str
) -> None:
    service.answer(bad, loopback.valid)
    outcome = analyse(make_commit(HIGH), model_at(service))
    assert outcome.analysis.scope
    assert named in service.requests[1]["messages"][-1]["content"]
    assert [call.outcome for call in outcome.calls] == ["model-reply", "ok"]
    assert outcome.analysis.tokens == sum((call.tokens for call in outcome.calls), Tokens())
    assert len({call.id for call in outcome.calls}) == 2


def test_the_repair_turn_shows_the_model_its_reply(service: LoopbackModel) -> None:
    service.answer(loopback.always(loopback.completion("no JSON")), loopback.valid)
    analyse(make_commit(), model_at(service))
    roles = [message["role"] for message in service.requests[1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert service.requests[1]["messages"][2]["content"] == "no JSON"


def test_a_second_bad_reply_ends_it_with_both_calls(service: LoopbackModel) -> None:
    service.answer(loopback.truncated)
    failure = failure_of(make_commit(), model_at(service))
    assert isinstance(failure, UnusableReply)
    assert [call.tokens.prompt for call in failure.calls] == [1000, 1000]
    assert failure.obstacle.code == "model-reply"


def test_the_next_model_is_asked_when_the_first_fails(service: LoopbackModel, second: LoopbackModel) -> None:
    service.answer(loopback.unpaid)
    outcome = analyse(make_commit(), model_at(service), model_at(second, "openai/second"))
    assert outcome.analysis.model == "openai/second"
    assert [(call.model, call.outcome) for call in outcome.calls] == [
        ("openai/first", "model-unavailable"),
        ("openai/second", "ok"),
    ]


def test_content_is_refused_only_when_every_model_refuses(
    service: LoopbackModel, second: LoopbackModel
) -> None:
    models = model_at(service), model_at(second, "openai/second")
    service.answer(loopback.filtered)
    second.answer(loopback.filtered_reply)
    assert isinstance(failure_of(make_commit(), *models), ContentRefused)
    second.answer(loopback.too_many)
    failure = failure_of(make_commit(), *models)
    assert isinstance(failure, ModelUnavailable)
    assert failure.retry_after == 7.0
    assert [call.outcome for call in failure.calls] == ["model-refused", "model-unavailable"]


def test_a_prompt_that_is_too_large_is_halved_at_once(service: LoopbackModel) -> None:
    commit = make_commit("docs: x", {"src/a.py": (None, lines(3000))})
    service.answer(loopback.smaller_than(14_000))
    outcome = analyse(commit, model_at(service), verdict=UNIMPORTANT)
    sizes = [len(prompt_of(request)) for request in service.requests]
    assert len(sizes) > 1
    assert sizes == sorted(sizes, reverse=True)
    assert [file.seen for file in outcome.analysis.coverage.files] == ["part"]
    assert outcome.calls[-1].outcome == "ok"


def test_it_is_halved_three_times_at_most(service: LoopbackModel) -> None:
    service.answer(loopback.smaller_than(0))
    failure = failure_of(make_commit(), model_at(service))
    assert isinstance(failure, PromptTooLarge)
    assert len(failure.calls) == len(service.requests) == HALVINGS + 1


class LeftAlone(ModelUnavailable):
    """A failure without a request, as a circuit breaker raises it."""

    asked = False


class Resting:
    """A model that is not asked at present."""

    name = "openai/resting"

    def complete(self, messages: Sequence[Message], schema: type[BaseModel]) -> Completion:
        del messages, schema
        raise LeftAlone(self.name, "resting", retry_after=5)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4


def test_a_model_that_is_left_alone_is_no_call() -> None:
    commit = make_commit()
    with pytest.raises(LeftAlone) as caught:
        Analyzer((Resting(),)).analyse(commit, triage(commit))
    assert caught.value.calls == ()
