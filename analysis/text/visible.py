"""Somebody else's text as a model is shown it: what a terminal would hide stands there as an escape; pure."""

from analysis.text.unseen import escaped


def visible(text: str) -> str:
    """Control and direction characters as the escapes of JSON; tabs and line breaks, CRLF too, stay."""
    return escaped(text)


def beginning(text: str, limit: int) -> str:
    """So many characters of a text, and a mark if there are more."""
    return text if len(text) <= limit else f"{text[:limit]} [...]"
