"""The real litellm against a server on loopback."""

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import loopback_model as loopback
import pytest
from loopback_model import LoopbackModel
from pydantic import BaseModel

from analysis.model.completion import (
    Completion,
    ContentRefused,
    Message,
    ModelFailure,
    ModelUnavailable,
    PromptTooLarge,
    UnusableReply,
)
from analysis.model.llm import MARGIN, Model, ModelOptions, preload
from analysis.models import Tokens
from analysis.replies.json_reply import UnreadableReply
from analysis.replies.reply import Reply, read_reply

MESSAGES: list[Message] = [{"role": "user", "content": "Explain the commit as JSON."}]
KEY = "k-0123456789abcdef"


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """So that no test's deadline pays for the import."""
    preload()


@pytest.fixture
def server() -> Iterator[LoopbackModel]:
    with loopback.running() as model:
        yield model


def model_at(server: LoopbackModel, **options: object) -> Model:
    defaults: dict[str, object] = {
        "model": "openai/any",
        "api_base": server.url,
        "api_key": KEY,
        "timeout": 20.0,
    }
    return Model(ModelOptions(**defaults | options))  # type: ignore[arg-type] # they are its fields


def complete(server: LoopbackModel, schema: type[BaseModel] = Reply, **options: object) -> Completion:
    return model_at(server, **options).complete(MESSAGES, schema)


def test_an_answer_comes_with_its_tokens_and_price(server: LoopbackModel) -> None:
    server.answer(loopback.always(loopback.completion("{}", tokens=(1000, 400, 200))))
    answer = complete(server, input_price=2.0, output_price=10.0)
    assert answer == Completion(
        "{}", "openai/any", tokens=Tokens(prompt=1000, cached=400, completion=200), cost_usd=0.004
    )


def test_the_request_has_the_key_the_schema_and_the_limits(server: LoopbackModel) -> None:
    complete(server, max_output_tokens=77, extra_headers={"X-Team": "blue"})
    (request,) = server.requests
    assert request["headers"]["authorization"] == f"Bearer {KEY}"
    assert request["headers"]["x-team"] == "blue"
    assert (request["model"], request["max_tokens"], request["messages"]) == ("any", 77, MESSAGES)
    assert request["response_format"]["type"] == "json_schema"
    schema = request["response_format"]["json_schema"]["schema"]
    assert set(schema["required"]) == set(Reply.model_fields)


def test_an_unknown_price_is_not_invented(server: LoopbackModel) -> None:
    assert complete(server).cost_usd is None


@pytest.mark.parametrize(
    ("name", "dollars"),
    [("deepseek/deepseek-chat", 600 * 2.8e-7 + 400 * 2.8e-8 + 200 * 4.2e-7), ("openai/gpt-4.1-mini", 0.0006)],
)
def test_a_known_price_counts_the_cache(server: LoopbackModel, name: str, dollars: float) -> None:
    server.answer(loopback.always(loopback.completion("{}", tokens=(1000, 400, 200))))
    assert complete(server, model=name).cost_usd == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("answer", "kind", "detail"),
    [
        (loopback.always(loopback.refusal(401, "Invalid key")), ModelUnavailable, "HTTP 401: Invalid key"),
        (loopback.unpaid, ModelUnavailable, "HTTP 402: Insufficient Balance"),
        (loopback.forbidden, ModelUnavailable, "HTTP 403: Forbidden"),
        (
            loopback.always(loopback.refusal(404, "no such model")),
            ModelUnavailable,
            "HTTP 404: no such model",
        ),
        (loopback.too_many, ModelUnavailable, "HTTP 429: Rate limit reached"),
        (loopback.always(loopback.refusal(500, "oops")), ModelUnavailable, "HTTP 500: oops"),
        (loopback.down, ModelUnavailable, "HTTP 503: The server is overloaded"),
        (loopback.always(loopback.refusal(408, "slow")), ModelUnavailable, "HTTP 408: slow"),
        (loopback.always(loopback.refusal(504, "slow")), ModelUnavailable, "HTTP 504: slow"),
        (loopback.always(loopback.refusal(529, "busy")), ModelUnavailable, "HTTP 529: busy"),
        (
            loopback.always(loopback.refusal(429, "no quota", code="insufficient_quota")),
            ModelUnavailable,
            "HTTP 429: no quota",
        ),
        (loopback.dropped, ModelUnavailable, "no usable answer: Connection error."),
        (loopback.html, ModelUnavailable, "no usable answer: Empty or invalid response from LLM endpoint."),
        (loopback.always(loopback.Answer(b"")), ModelUnavailable, "no usable answer"),
        (loopback.always(loopback.Answer(b"[]")), ModelUnavailable, "no usable answer"),
        (loopback.always(loopback.Answer(b'{"choices": null}')), ModelUnavailable, "no usable answer"),
        (loopback.always(loopback.Answer(b"<p>502", status=502)), ModelUnavailable, "HTTP 502"),
        (loopback.always(loopback.refusal(413, "too large")), PromptTooLarge, "HTTP 413: too large"),
        (loopback.smaller_than(1), PromptTooLarge, "HTTP 400: This model's maximum context length is 4096"),
        (loopback.filtered, ContentRefused, "HTTP 400: Content Exists Risk"),
        (loopback.filtered_reply, ContentRefused, "the model refused"),
        (loopback.refusing, ContentRefused, "the model refused"),
    ],
)
def test_a_failure_is_one_request_and_has_a_type(
    server: LoopbackModel, answer: loopback.Answers, kind: type[ModelFailure], detail: str
) -> None:
    server.answer(answer)
    with pytest.raises(ModelFailure) as caught:
        complete(server)
    assert type(caught.value) is kind
    assert caught.value.detail.startswith(detail)
    assert len(server.requests) == 1


def test_nothing_listens_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        options = ModelOptions("openai/any", api_base=address, api_key=KEY, timeout=20)
        with pytest.raises(ModelUnavailable, match="Connection error"):
            Model(options).complete(MESSAGES, Reply)


@pytest.mark.parametrize("status", [408, 429, 503, 504])
def test_a_busy_server_says_how_long(server: LoopbackModel, status: int) -> None:
    server.answer(loopback.always(loopback.refusal(status, "busy", headers={"Retry-After": "7"})))
    with pytest.raises(ModelUnavailable) as caught:
        complete(server)
    assert caught.value.retry_after == 7.0


def test_a_busy_server_says_until_when(server: LoopbackModel) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    server.answer(loopback.always(loopback.refusal(503, "busy", headers={"Retry-After": until})))
    with pytest.raises(ModelUnavailable) as caught:
        complete(server)
    assert 100 < (caught.value.retry_after or 0) <= 120


@pytest.mark.parametrize("answer", [loopback.hanging, loopback.dripping(0.05)])
def test_the_deadline_holds_for_silence_and_for_a_drip(
    server: LoopbackModel, answer: loopback.Answers
) -> None:
    server.answer(answer)
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match=r"no answer within 0\.5 s"):
        complete(server, timeout=0.5)
    assert time.monotonic() - started < 5


def test_what_a_refused_answer_cost_is_kept(server: LoopbackModel) -> None:
    server.answer(loopback.filtered_reply)
    with pytest.raises(ContentRefused) as caught:
        complete(server, input_price=1.0, output_price=1.0)
    assert caught.value.tokens == Tokens(prompt=1000, completion=200)
    assert caught.value.cost_usd == pytest.approx(0.0012)


@pytest.mark.parametrize(
    ("accepted", "tried"),
    [
        (("json_schema",), ["json_schema"]),
        (("json_object", ""), ["json_schema", "json_object"]),
        (("",), ["json_schema", "json_object", None]),
    ],
)
def test_json_is_asked_for_in_the_way_the_server_takes(
    server: LoopbackModel, accepted: tuple[str, ...], tried: list[str | None]
) -> None:
    server.answer(loopback.accepting(*accepted))
    model = model_at(server)
    assert model.complete(MESSAGES, Reply).text
    assert [_kind(request) for request in server.requests] == tried
    model.complete(MESSAGES, Reply)
    assert [_kind(request) for request in server.requests] == [*tried, tried[-1]]


def test_a_parameter_that_a_provider_lacks_is_left_out_and_nothing_dropped_in_silence(
    server: LoopbackModel,
) -> None:
    assert complete(server, model="zai/glm-4.6").text
    server.answer(loopback.always(loopback.refusal(422, "persistent")))
    with pytest.raises(UnusableReply, match="HTTP 422: persistent"):
        complete(server, model="zai/glm-4.6")


def test_a_server_that_refuses_every_way_is_asked_in_each_once(server: LoopbackModel) -> None:
    server.answer(loopback.always(loopback.refusal(422, "bad")))
    model = model_at(server)
    with pytest.raises(UnusableReply, match="HTTP 422: bad"):
        model.complete(MESSAGES, Reply)
    server.answer(loopback.valid)
    model.complete(MESSAGES, Reply)
    kinds = [_kind(request) for request in server.requests]
    assert kinds == ["json_schema", "json_object", None, "json_schema"]


def test_the_deadline_is_for_all_ways_together(server: LoopbackModel) -> None:
    server.delay = 0.4
    server.answer(loopback.always(loopback.refusal(400, "bad")))
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="no answer within"):
        complete(server, timeout=0.6)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "answer", [loopback.empty, loopback.no_choices, loopback.always(loopback.completion(None))]
)
def test_no_text_is_an_empty_text(server: LoopbackModel, answer: loopback.Answers) -> None:
    server.answer(answer)
    completion = complete(server)
    assert completion.text == ""
    with pytest.raises(UnreadableReply, match="empty"):
        read_reply(completion.text, cut=completion.cut, touches_files=False)


@pytest.mark.parametrize(
    "answer", [loopback.valid, loopback.fenced, loopback.prose, loopback.thinking, loopback.accepting("")]
)
def test_what_a_server_wraps_around_its_answer_does_not_matter(
    server: LoopbackModel, answer: loopback.Answers
) -> None:
    server.answer(answer)
    completion = complete(server)
    assert read_reply(completion.text, cut=completion.cut, touches_files=False).summary


def test_a_server_that_counts_no_tokens_is_counted_for(server: LoopbackModel) -> None:
    server.answer(loopback.uncounted)
    completion = complete(server, input_price=1.0, output_price=1.0)
    prompt = sum(model_at(server).count_tokens(message["content"]) for message in MESSAGES)
    assert completion.tokens.prompt == prompt
    assert completion.tokens.completion > 10
    assert completion.cost_usd == pytest.approx((prompt + completion.tokens.completion) / 1e6)


def test_numbers_that_would_lower_what_was_spent_are_not_taken(server: LoopbackModel) -> None:
    server.answer(loopback.always(loopback.completion("{}", tokens=(100, 5000, -7))))
    answer = complete(server, input_price=1.0, output_price=1.0)
    assert answer.tokens == Tokens(prompt=100, cached=100)
    assert answer.cost_usd == pytest.approx(0.0001)


def test_the_limit_of_tokens_is_told(server: LoopbackModel) -> None:
    server.answer(loopback.truncated)
    assert complete(server).cut


def test_no_secret_is_in_a_message_and_nothing_is_printed(
    server: LoopbackModel, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    server.answer(loopback.always(loopback.refusal(401, f"Incorrect API key: {KEY}, team hunter22")))
    with pytest.raises(ModelUnavailable) as caught:
        complete(server, extra_headers={"X-Team": "hunter22"})
    assert str(caught.value) == "openai/any: HTTP 401: Incorrect API key: [masked], team [masked]"
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert KEY not in repr(ModelOptions("m", api_key=KEY, extra_headers={"a": KEY}))


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
