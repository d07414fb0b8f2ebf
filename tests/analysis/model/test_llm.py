"""The real litellm against a server on loopback."""

import subprocess
import sys

import loopback_model as loopback
import pytest
from completing import KEY, MESSAGES, complete, model_at
from loopback_model import LoopbackModel

from analysis.model.completion import Completion, UnusableReply
from analysis.model.llm import MARGIN, Model, ModelOptions
from analysis.models import Tokens
from analysis.replies.json_reply import UnreadableReply
from analysis.replies.reply import Reply, read_reply


def test_an_answer_comes_with_its_tokens_and_price(service: LoopbackModel) -> None:
    service.answer(loopback.always(loopback.completion("{}", tokens=(1000, 400, 200))))
    answer = complete(service, input_price=2.0, output_price=10.0)
    assert answer == Completion(
        "{}", "openai/any", tokens=Tokens(prompt=1000, cached=400, completion=200), cost_usd=0.004
    )


def test_the_request_has_the_key_the_schema_and_the_limits(service: LoopbackModel) -> None:
    complete(service, max_output_tokens=77, extra_headers={"X-Team": "blue"})
    (request,) = service.requests
    assert request["headers"]["authorization"] == f"Bearer {KEY}"
    assert request["headers"]["x-team"] == "blue"
    assert (request["model"], request["max_tokens"], request["messages"]) == ("any", 77, MESSAGES)
    assert request["response_format"]["type"] == "json_schema"
    schema = request["response_format"]["json_schema"]["schema"]
    assert set(schema["required"]) == set(Reply.model_fields)


def test_an_unknown_price_is_not_invented(service: LoopbackModel) -> None:
    assert complete(service).cost_usd is None


@pytest.mark.parametrize(
    ("name", "dollars"),
    [("deepseek/deepseek-chat", 600 * 2.8e-7 + 400 * 2.8e-8 + 200 * 4.2e-7), ("openai/gpt-4.1-mini", 0.0006)],
)
def test_a_known_price_counts_the_cache(service: LoopbackModel, name: str, dollars: float) -> None:
    service.answer(loopback.always(loopback.completion("{}", tokens=(1000, 400, 200))))
    assert complete(service, model=name).cost_usd == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("accepted", "tried"),
    [
        (("json_schema",), ["json_schema"]),
        (("json_object", ""), ["json_schema", "json_object"]),
        (("",), ["json_schema", "json_object", None]),
    ],
)
def test_json_is_asked_for_in_the_way_the_server_takes(
    service: LoopbackModel, accepted: tuple[str, ...], tried: list[str | None]
) -> None:
    service.answer(loopback.accepting(*accepted))
    model = model_at(service)
    assert model.complete(MESSAGES, Reply).text
    assert [_kind(request) for request in service.requests] == tried
    model.complete(MESSAGES, Reply)
    assert [_kind(request) for request in service.requests] == [*tried, tried[-1]]


def test_a_parameter_that_a_provider_lacks_is_left_out_and_nothing_dropped_in_silence(
    service: LoopbackModel,
) -> None:
    assert complete(service, model="zai/glm-4.6").text
    service.answer(loopback.always(loopback.refusal(422, "persistent")))
    with pytest.raises(UnusableReply, match="HTTP 422: persistent"):
        complete(service, model="zai/glm-4.6")


def test_a_server_that_refuses_every_way_is_asked_in_each_once(service: LoopbackModel) -> None:
    service.answer(loopback.always(loopback.refusal(422, "bad")))
    model = model_at(service)
    with pytest.raises(UnusableReply, match="HTTP 422: bad"):
        model.complete(MESSAGES, Reply)
    service.answer(loopback.valid)
    model.complete(MESSAGES, Reply)
    kinds = [_kind(request) for request in service.requests]
    assert kinds == ["json_schema", "json_object", None, "json_schema"]


@pytest.mark.parametrize(
    "answer", [loopback.empty, loopback.no_choices, loopback.always(loopback.completion(None))]
)
def test_no_text_is_an_empty_text(service: LoopbackModel, answer: loopback.Answers) -> None:
    service.answer(answer)
    completion = complete(service)
    assert completion.text == ""
    with pytest.raises(UnreadableReply, match="empty"):
        read_reply(completion.text, cut=completion.cut, touches_files=False)


@pytest.mark.parametrize(
    "answer", [loopback.valid, loopback.fenced, loopback.prose, loopback.thinking, loopback.accepting("")]
)
def test_what_a_server_wraps_around_its_answer_does_not_matter(
    service: LoopbackModel, answer: loopback.Answers
) -> None:
    service.answer(answer)
    completion = complete(service)
    assert read_reply(completion.text, cut=completion.cut, touches_files=False).summary


def test_a_server_that_counts_no_tokens_is_counted_for(service: LoopbackModel) -> None:
    service.answer(loopback.uncounted)
    completion = complete(service, input_price=1.0, output_price=1.0)
    prompt = sum(model_at(service).count_tokens(message["content"]) for message in MESSAGES)
    assert completion.tokens.prompt == prompt
    assert completion.tokens.completion > 10
    assert completion.cost_usd == pytest.approx((prompt + completion.tokens.completion) / 1e6)


def test_numbers_that_would_lower_what_was_spent_are_not_taken(service: LoopbackModel) -> None:
    service.answer(loopback.always(loopback.completion("{}", tokens=(100, 5000, -7))))
    answer = complete(service, input_price=1.0, output_price=1.0)
    assert answer.tokens == Tokens(prompt=100, cached=100)
    assert answer.cost_usd == pytest.approx(0.0001)


def test_the_limit_of_tokens_is_told(service: LoopbackModel) -> None:
    service.answer(loopback.truncated)
    assert complete(service).cut


def test_tokens_are_counted_without_a_network_and_rather_too_many() -> None:
    model = Model(ModelOptions("openai/any"))
    assert model.count_tokens("") == 0
    assert 100 * MARGIN <= model.count_tokens("word " * 100) < 140
    assert model.count_tokens("<|endoftext|>") > 0
    assert model.count_tokens("中文" * 50) >= 50


def test_litellm_is_imported_when_a_model_is_first_asked_and_stays_at_home() -> None:
    script = """
import socket, sys
resolve = socket.getaddrinfo
def refuse(host, *more):
    assert host == "127.0.0.1", host
    return resolve(host, *more)
socket.getaddrinfo = refuse
import analysis.dialogue.analyzer, analysis.model.llm
assert "litellm" not in sys.modules
analysis.model.llm.preload()
assert "litellm" in sys.modules
import threading
[thread.join(5) for thread in threading.enumerate() if thread.name == "model call"]
print([thread.name for thread in threading.enumerate()])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "['MainThread']\n", "")


def _kind(request: loopback.Request) -> str | None:
    wanted = request.get("response_format")
    return str(wanted["type"]) if wanted else None
