"""Foreign words in our Markdown; it is read back with a CommonMark parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analysis.text.quoting import code, plain, unmarked
from analysis.text.unseen import one_line

READER = MarkdownIt("commonmark")


def read(markdown: str) -> tuple[str, set[str]]:
    """The text, and the kinds of mark-up in it."""
    tokens = READER.parseInline(markdown)[0].children or []
    return "".join(token.content for token in tokens), {token.type for token in tokens}


def test_code_spans_stay_and_other_marks_do_not() -> None:
    assert plain("use `a_b` in *x* <b> [y](z)", 100) == r"use `a_b` in \*x\* \<b\> \[y\](z)"


@pytest.mark.parametrize(
    "text", ["- a", "+ a", "* a", "1. a", "12) a", "# a", "> a", "---", "===", "    a", "| a"]
)
def test_no_text_begins_a_block(text: str) -> None:
    blocks = [token.type for token in READER.parse(plain(text, 100))]
    assert blocks == ["paragraph_open", "inline", "paragraph_close"]
    assert read(plain(text, 100))[0] == text.strip()


def test_a_number_of_an_issue_is_no_heading_and_stays_as_it_is() -> None:
    assert plain("fix (#12)", 100) == "fix (#12)"
    assert plain("#12 is fixed", 100) == "#12 is fixed"


def test_a_long_text_is_cut() -> None:
    assert plain("word " * 100, 12) == "word word…"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Z"])))
def test_any_text_reads_the_same_and_marks_up_nothing_but_code(text: str) -> None:
    shown, kinds = read(plain(text, 10_000))
    assert kinds <= {"text", "code_inline", "text_special"}
    assert shown.replace("`", "") == one_line(text).replace("`", "")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1))
def test_any_text_is_one_code_span(text: str) -> None:
    shown, kinds = read("x " + code(text))
    assert kinds <= {"text", "code_inline"}
    assert shown == "x " + one_line(text) or not one_line(text)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("- `timeout` is **30**\n- more", "timeout is 30 more"),
        ("## Heading\ntext", "Heading text"),
        ("a \\*b\\* \u202ec\x00", "a *b* c"),
        ("src/**/x.py and snake_case", "src//x.py and snake_case"),
    ],
)
def test_markdown_becomes_one_line(markdown: str, text: str) -> None:
    assert unmarked(markdown) == text
