import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import PARSER, read_markdown

from analysis.text.unseen import one_line
from report.escape import code, escape


def text_of(markdown: str) -> str:
    return "".join(read_markdown(markdown).paragraphs)


@given(st.text(max_size=80))
def test_escaped_text_reads_as_it_was(text: str) -> None:
    assert text_of(escape(text)) == one_line(text)


@given(st.text(max_size=80))
def test_code_holds_any_line(text: str) -> None:
    tokens = PARSER.parse(code(text))
    shown = [child.content for token in tokens for child in token.children or ()]
    assert shown == ([one_line(text)] if one_line(text) else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fix: answer in time", "fix: answer in time"),
        ("fix: VLLM_MOE_DP_CHUNK_SIZE", "fix: VLLM_MOE_DP_CHUNK_SIZE"),
        ("[Bugfix] a|b", r"\[Bugfix\] a\|b"),
        ("__init__ *all*", r"\_\_init\_\_ \*all\*"),
        ("docs (#5309)", "docs (`#5309`)"),
        ("thanks @someone!", "thanks `@someone`!"),
        ("see vllm-project/vllm#12, GH-7", "see `vllm-project/vllm#12`, `GH-7`"),
        ("https://example.org/a_b.", "`https://example.org/a_b`."),
        ("Revert 0d3ff44", "Revert `0d3ff44`"),
        ("on 20260109 (5792966)", "on 20260109 (5792966)"),
        ("a decade of facades", "a decade of facades"),
        ("self-heal $GITHUB_PATH/$GITHUB_ENV writes", "self-heal `$GITHUB_PATH/$GITHUB_ENV` writes"),
        ("bump x to 1.2.3", "bump x to 1.2.3"),
        ("pin x@1.2.3", "pin `x@1.2.3`"),
        ("# not a heading #", r"\# not a heading \#"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("&lt; &amp x", r"\&lt; &amp x"),
    ],
)
def test_only_what_would_act_is_escaped(text: str, expected: str) -> None:
    assert escape(text) == expected


def test_what_nobody_sees_is_taken_out_before_anything_is_looked_for() -> None:
    assert escape("a\r\nb\x00c\u2028d") == "a b c d"
    assert escape("abc\u202edef") == "abcdef"
    assert escape("by @\u200bsomeone in #\u206012") == "by `@someone` in `#12`"
    assert code("`\u202e`") == "``` `` ```"
