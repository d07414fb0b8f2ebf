import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.sentences import cut, first_sentence, split_sentence, without_stop


@pytest.mark.parametrize(
    ("markdown", "sentence"),
    [
        ("超时返回 504。其余不变。", "超时返回 504。"),
        ("Requests time out. The rest stays.", "Requests time out."),
        ("Set `a. B` to 1.5 now. Then go.", "Set `a. B` to 1.5 now."),
        ("Use e.g. the default. Else wait.", "Use e.g. the default."),
        ("- first item\n- second", "first item"),
        ("\n\n### Heading\ntext", "Heading"),
        ("no end", "no end"),
        ("", ""),
        ("x" * 200, "x" * 159 + "…"),
    ],
)
def test_the_first_sentence_is_found(markdown: str, sentence: str) -> None:
    assert first_sentence(markdown, 160) == sentence


def test_a_line_is_not_cut_inside_a_code_span_nor_inside_a_word() -> None:
    assert cut("see `a_long_name`", 10) == "see…"
    assert cut("see `a` and more", 10) == "see `a`…"
    assert cut("先 " + "字" * 30, 30) == "先 " + "字" * 27 + "…"
    assert cut("short", 5) == "short"


@pytest.mark.parametrize(
    ("sentence", "headline"),
    [("一句。", "一句"), ("One.", "One"), ("One?", "One?"), ("and so on...", "and so on..."), ("", "")],
)
def test_a_headline_has_no_full_stop(sentence: str, headline: str) -> None:
    assert without_stop(sentence) == headline


@pytest.mark.parametrize(
    "text", ["`" * 200_001, "a. " * 70_000, "`a" * 100_001, "- " * 100_000, "\n" * 200_000]
)
def test_a_giant_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    first_sentence(text, 160)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("markdown", "sentence", "rest"),
    [
        ("后果。机制。\n\n- 一", "后果。", "机制。\n\n- 一"),
        ("It breaks. Then more.", "It breaks.", "Then more."),
        ("`a.b` works. Then.", "`a.b` works.", "Then."),
        ("**粗体** 的一句。后。", "**粗体** 的一句。", "后。"),
        ("**粗体。后**。", "", "**粗体。后**。"),
        ("- 一项。\n- 又一项。", "", "- 一项。\n- 又一项。"),
        ("## 标题。", "", "## 标题。"),
        ("```\ncode.\n```", "", "```\ncode.\n```"),
        ("#123 是一句。", "#123 是一句。", ""),
        ("没有句号", "没有句号", ""),
        ("  \n", "", ""),
    ],
)
def test_a_sentence_that_stands_by_itself_is_split_off(markdown: str, sentence: str, rest: str) -> None:
    assert split_sentence(markdown) == (sentence, rest)


@given(st.text(alphabet="a。.!` *_-#\n中") | st.text())
def test_nothing_of_a_text_is_lost_when_a_sentence_is_split_off(markdown: str) -> None:
    sentence, rest = split_sentence(markdown)
    assert "".join((sentence + rest).split()) == "".join(markdown.split())
