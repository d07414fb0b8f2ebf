"""What servers' refusals mean."""

from datetime import UTC, datetime

import pytest

from analysis.model.completion import (
    ContentRefused,
    ModelFailure,
    ModelUnavailable,
    PromptTooLarge,
    UnusableReply,
)
from analysis.model.faults import LONGEST_DETAIL, failure, seconds_to_wait


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (400, "This model's maximum context length is 4096 tokens", PromptTooLarge),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", PromptTooLarge),
        (400, "Range of input length should be [1, 30720]", PromptTooLarge),
        (413, "Request Entity Too Large", PromptTooLarge),
        (422, "inputs tokens + max_new_tokens must be <= 4096: exceeds the context", PromptTooLarge),
        (400, "Content Exists Risk", ContentRefused),
        (400, "The response was filtered due to Azure OpenAI's content management policy", ContentRefused),
        (400, "Input data may contain inappropriate content. DataInspectionFailed", ContentRefused),
        (400, "系统检测到输入或生成内容可能包含不安全或敏感内容", ContentRefused),
        (403, "Your input was flagged by moderation", ContentRefused),
        (400, "Unknown parameter: response_format", UnusableReply),
        (422, "Unprocessable", UnusableReply),
        (400, "Model Not Exist", ModelUnavailable),
        (400, "LLM Provider NOT provided. You passed model=x", ModelUnavailable),
        (400, "API key not valid. Please pass a valid API key.", ModelUnavailable),
        (401, "Invalid key", ModelUnavailable),
        (402, "Insufficient Balance", ModelUnavailable),
        (403, "Forbidden", ModelUnavailable),
        (404, "no such model", ModelUnavailable),
        (429, "Rate limit reached: too many tokens per minute", ModelUnavailable),
        (500, "oops", ModelUnavailable),
        (503, "content filter service is down", ModelUnavailable),
    ],
)
def test_a_status_and_a_sentence_have_a_meaning(status: int, text: str, kind: type[ModelFailure]) -> None:
    assert type(failure("m", status, text, headers={}, now=NOW)) is kind


def test_the_message_is_one_short_line_without_classes_or_secrets() -> None:
    text = f"litellm.BadRequestError: OpenAIException - key sk-{'a1' * 20}\nis bad " + "x" * 1000
    message = str(failure("openai/x", 401, text, headers={}, now=NOW))
    assert message.startswith("openai/x: HTTP 401: key [masked:api-key] is bad xxx")
    assert "\n" not in message
    assert len(message) < LONGEST_DETAIL + 30


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("<html>...", "HTTP 502"),
        ("<!doctype html>", "HTTP 502"),
        (
            "litellm.APIError: OpenAIException - bad\nTraceback (most recent call last): File x",
            "HTTP 502: bad",
        ),
        ('litellm.X: {"error": {"message": "all \\"busy\\"", "type": "e"}}', 'HTTP 502: all \\"busy\\"'),
        (
            "Unable to get json response - char 0, Original Response: secret",
            "HTTP 502: Unable to get json response - char 0,",
        ),
    ],
)
def test_pages_and_tracebacks_are_not_quoted(text: str, detail: str) -> None:
    assert failure("m", 502, text, headers={}, now=NOW).detail == detail


def test_without_an_answer_no_status_is_claimed() -> None:
    assert (
        failure("m", 500, "Connection error.", headers=None, now=NOW).detail
        == "no usable answer: Connection error."
    )


NOW = datetime(2026, 1, 9, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Fri, 09 Jan 2026 12:01:00 GMT", 60.0),
        ("Fri, 09 Jan 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("9" * 40, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds


def test_a_busy_server_says_how_long() -> None:
    assert failure("m", 429, "busy", headers={"retry-after": "7"}, now=NOW).retry_after == 7.0
