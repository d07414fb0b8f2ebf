"""Which language a text of others is in, as far as its letters tell: fonts and voices depend on it. Pure."""

import re

_LETTERS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")),
    ("en", re.compile(r"[A-Za-z]")),
)
"""What no other of them has comes first; Latin letters are taken for English."""


def tongue(text: str, page: str) -> str:
    """`en`, `zh`, `ja` or `ko`, if that is not the language of the page; else empty."""
    found = next((name for name, letters in _LETTERS if letters.search(text)), "")
    return "" if page.startswith(found) else found
