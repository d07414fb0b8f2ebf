"""Somebody else's text as a model is shown it: what a terminal would hide stands there as an escape; pure."""

import re

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff](?!(?<=\r)\n)"
)


def visible(text: str) -> str:
    """Control and direction characters as the escapes of JSON; tabs and line breaks, CRLF too, stay."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def beginning(text: str, limit: int) -> str:
    """So many characters of a text, and a mark if there are more."""
    return text if len(text) <= limit else f"{text[:limit]} [...]"
