"""What a server's refusal means: an HTTP status and a sentence -> one of the failures; pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from analysis.model.completion import (
    ContentRefused,
    ModelFailure,
    ModelUnavailable,
    PromptTooLarge,
    UnusableReply,
)
from analysis.redact import redact

LONGEST_DETAIL = 160
"""Characters of a server's sentence that are kept."""

_REQUEST_AT_FAULT = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_MAY_REFUSE = _REQUEST_AT_FAULT | {HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}
_TOO_LARGE = re.compile(
    r"context.?(?:length|window)|maximum (?:context|input|prompt)|max_model_len|"
    r"too (?:large|long|many (?:input )?tokens)|"
    r"(?:exceed|greater than)\w* .{0,40}(?:tokens|context|length)|input length|reduce the length",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"content.?(?:filter|policy|management|exists risk|moderation)|data_?inspection|inappropriate content|"
    r"requires moderation|was flagged|sensitive (?:content|word)|safety (?:system|setting|policy)|敏感|违规",
    re.IGNORECASE,
)
_NOT_THE_REQUEST = re.compile(
    r"model.{0,60}not.{0,4} (?:exist|found)|provider not provided|"
    r"(?:invalid|valid|incorrect) api.?key|api.?key not",
    re.IGNORECASE,
)
"""What some servers, and litellm itself, say with a 400 although it is the settings that are wrong."""
_SAID = re.compile(r"[\"']message[\"']:\s*\"((?:[^\"\\]|\\.)+)\"")
_TAIL = re.compile(
    r"Traceback \(most|Original Response:|, Received|Received:|File an issue|\.? Handle with `|<(?:!|html)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    r"^(?:(?:litellm\.)?(?:\w+(?:Error|Exception)|Timeout(?: Error)?):? ?(?:- )?|LiteLLM: )+"
)


def failure(
    model: str, status: int, text: str, *, headers: Mapping[str, str] | None, now: datetime
) -> ModelFailure:
    """The failure that a status and the server's words amount to; without headers nothing was received."""
    detail = (f"HTTP {status}" if headers is not None else "no usable answer") + _sentence(text)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or (
        status in _REQUEST_AT_FAULT and _TOO_LARGE.search(text)
    ):
        return PromptTooLarge(model, detail)
    if status in _MAY_REFUSE and _REFUSED.search(text):
        return ContentRefused(model, detail)
    if status in _REQUEST_AT_FAULT and not _NOT_THE_REQUEST.search(text):
        return UnusableReply(model, detail)
    asked = seconds_to_wait((headers or {}).get("retry-after"), now)
    return ModelUnavailable(model, detail, retry_after=asked)


def seconds_to_wait(header: str | None, now: datetime) -> float | None:
    """`Retry-After` as RFC 9110, 10.2.3 has it: seconds or an HTTP date; None for anything else."""
    if header is None:
        return None
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", header.strip()):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _sentence(text: str) -> str:
    """The server's words in one line, without the classes, tracebacks and pages that came with them."""
    said = _SAID.search(text)
    words = said[1] if said else _TAIL.split(_WRAPPED.sub("", text), maxsplit=1)[0]
    line = " ".join(redact(words).split())
    if not line:
        return ""
    return f": {line[:LONGEST_DETAIL]}" + ("…" if len(line) > LONGEST_DETAIL else "")
