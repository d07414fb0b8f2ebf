"""What a server does instead of answering, and what that is called."""

import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import loopback_model as loopback
import pytest
from completing import KEY, MESSAGES, complete
from loopback_model import LoopbackModel

from analysis.model.completion import ContentRefused, ModelFailure, ModelUnavailable, PromptTooLarge
from analysis.model.llm import Model, ModelOptions
from analysis.models import Tokens
from analysis.replies.reply import Reply


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
    service: LoopbackModel, answer: loopback.Answers, kind: type[ModelFailure], detail: str
) -> None:
    service.answer(answer)
    with pytest.raises(ModelFailure) as caught:
        complete(service)
    assert type(caught.value) is kind
    assert caught.value.detail.startswith(detail)
    assert len(service.requests) == 1


@pytest.mark.usefixtures("loaded")
def test_nothing_listens_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        options = ModelOptions("openai/any", api_base=address, api_key=KEY, timeout=20)
        with pytest.raises(ModelUnavailable, match="Connection error"):
            Model(options).complete(MESSAGES, Reply)


@pytest.mark.parametrize("status", [408, 429, 503, 504])
def test_a_busy_server_says_how_long(service: LoopbackModel, status: int) -> None:
    service.answer(loopback.always(loopback.refusal(status, "busy", headers={"Retry-After": "7"})))
    with pytest.raises(ModelUnavailable) as caught:
        complete(service)
    assert caught.value.retry_after == 7.0


def test_a_busy_server_says_until_when(service: LoopbackModel) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    service.answer(loopback.always(loopback.refusal(503, "busy", headers={"Retry-After": until})))
    with pytest.raises(ModelUnavailable) as caught:
        complete(service)
    assert 100 < (caught.value.retry_after or 0) <= 120


@pytest.mark.parametrize("answer", [loopback.hanging, loopback.dripping(0.05)])
def test_the_deadline_holds_for_silence_and_for_a_drip(
    service: LoopbackModel, answer: loopback.Answers
) -> None:
    service.answer(answer)
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match=r"no answer within 0\.5 s"):
        complete(service, timeout=0.5)
    assert time.monotonic() - started < 5


def test_what_a_refused_answer_cost_is_kept(service: LoopbackModel) -> None:
    service.answer(loopback.filtered_reply)
    with pytest.raises(ContentRefused) as caught:
        complete(service, input_price=1.0, output_price=1.0)
    assert caught.value.tokens == Tokens(prompt=1000, completion=200)
    assert caught.value.cost_usd == pytest.approx(0.0012)


def test_the_deadline_is_for_all_ways_together(service: LoopbackModel) -> None:
    service.delay = 0.4
    service.answer(loopback.always(loopback.refusal(400, "bad")))
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="no answer within"):
        complete(service, timeout=0.6)
    assert time.monotonic() - started < 5


def test_no_secret_is_in_a_message_and_nothing_is_printed(
    service: LoopbackModel, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    service.answer(loopback.always(loopback.refusal(401, f"Incorrect API key: {KEY}, team hunter22")))
    with pytest.raises(ModelUnavailable) as caught:
        complete(service, extra_headers={"X-Team": "hunter22"})
    assert str(caught.value) == "openai/any: HTTP 401: Incorrect API key: [masked], team [masked]"
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert KEY not in repr(ModelOptions("m", api_key=KEY, extra_headers={"a": KEY}))
