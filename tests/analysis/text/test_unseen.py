import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.unseen import escaped, many_lines, one_line

ANY = st.text(st.characters(exclude_categories=[]))
"""Lone surrogates as well: a model may write them as an escape."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\x00c\u2028d\x85e", "a b c d e"),
        ("abc\u202edef\u2066g\u200fh\u061ci", "abcdefghi"),
        ("\x1b[31mred\x9b0m", "[31mred 0m"),
        ("pass\u200bword, se\u00adcret, to\u2060ken\ufeff", "password, secret, token"),
        ("a\u200db \u200c", "ab"),
        ("👩\u200d💻 می\u200cخواهم ❤\ufe0f", "👩\u200d💻 می\u200cخواهم ❤\ufe0f"),
        ("x\U000e0041\U000e0042", "x"),
        ("lone \ud800 half", "lone  half"),
        ("全\u3000角", "全\u3000角"),
    ],
)
def test_one_line_keeps_what_is_seen(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_lines_keep_their_breaks_and_tabs() -> None:
    assert many_lines("a\r\n\tb\x1b[2J\u2028c\r\u202ed") == "a\n\tb [2J c d"


@given(ANY)
def test_nothing_unseen_is_left_and_all_of_it_can_be_sent(text: str) -> None:
    for clean in (one_line, many_lines):
        shown = clean(text)
        assert clean(shown) == shown
        assert not [char for char in shown if "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"]
        assert not [char for char in shown if char not in "\n\t" and (char < " " or "\x7f" <= char <= "\x9f")]
        shown.encode()
    assert "\n" not in one_line(text)


def test_what_is_escaped_is_seen() -> None:
    assert escaped("a\tb\r\n\r\u202ec\x1b\u200d") == "a\tb\r\n\\u000d\\u202ec\\u001b\\u200d"
    assert escaped("\U000e0041") == "\\udb40\\udc41"


@given(ANY)
def test_json_says_the_same_when_it_is_escaped(text: str) -> None:
    written = escaped(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(written) == {"text": text}
    written.encode()
