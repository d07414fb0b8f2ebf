"""What a server answered, in the objects that litellm makes of it: nothing in them can be relied on."""

from collections.abc import Mapping
from typing import Any

from analysis.models import Tokens


def text_of(choice: Any) -> str:  # noqa: ANN401 - litellm's
    """What was said; empty when there is no choice or no content."""
    content = getattr(getattr(choice, "message", None), "content", None)
    return content if isinstance(content, str) else ""


def has_refused(choice: Any) -> bool:  # noqa: ANN401 - litellm's
    """OpenAI's `refusal`, which litellm keeps among the fields that only some providers have."""
    message = getattr(choice, "message", None)
    more = getattr(message, "provider_specific_fields", None) or {}
    return bool(getattr(message, "refusal", None) or more.get("refusal"))


def tokens_in(usage: Any) -> Tokens | None:  # noqa: ANN401 - litellm's
    """As the server counted them; None when it did not. Nothing is taken that would lower what was spent."""
    details = getattr(usage, "prompt_tokens_details", None)
    prompt = max(0, getattr(usage, "prompt_tokens", 0) or 0)
    completion = max(0, getattr(usage, "completion_tokens", 0) or 0)
    if not prompt and not completion:
        return None
    cached = max(0, getattr(details, "cached_tokens", 0) or 0)
    return Tokens(prompt=prompt, cached=min(cached, prompt), completion=completion)


def headers_of(error: Exception) -> Mapping[str, str] | None:
    """The headers of a refusal; None when no answer came at all."""
    return getattr(error, "litellm_response_headers", None)
