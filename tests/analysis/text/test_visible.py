"""What a model is shown of somebody else's text."""

import pytest

from analysis.text.visible import beginning, visible


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\x7f", "\x9b", "\u061c", "\u200b", "\u202e", "\u2066", "\ufeff", "\r"]
)
def test_what_is_not_seen_is_escaped(char: str) -> None:
    assert visible(f"a{char}b") == f"a\\u{ord(char):04x}b"


def test_what_is_seen_stays() -> None:
    text = "a\tb\nc\r\nd é 中文 🔴"
    assert visible(text) == text
    assert visible(visible("\x1b")) == visible("\x1b")


def test_a_long_text_is_cut_and_says_so() -> None:
    assert beginning("abc", 3) == "abc"
    assert beginning("abcd", 3) == "abc [...]"
