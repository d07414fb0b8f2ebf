"""Marks behind claims that do not hold: once, at their place, and nothing else is changed."""

import pytest
from commits import make_commit
from hostile import ANYTHING, MARKDOWN
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.claims.corpus import Sources
from analysis.claims.marks import marked, unmarked
from analysis.language import Language
from analysis.words import Words, words_for
from report.prose import tame

SOURCES = Sources.of(make_commit())
CHINESE, ENGLISH = words_for("zh-CN"), words_for("en")
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "`--fast`",
                "--fast",
                "**512**",
                "512",
                "5 s",
                "`a_b`",
                "a_b.c",
                "[512](x)",
                "[`a_b`](x)",
                "#77",
            ),
            *("KV (Key-Value)", "EP（专家并行）", "从 3 改为 5", "`src/a.py`", "```\n--fast\n```\n", "__b__"),
            *(" ", "，", "\n", "- ", "**", "_", "x"),
        ]
    ),
    max_size=20,
)
TOUCHING, APART = PIECES.map("".join), PIECES.map(" ".join)


def mark(text: str, words: Words) -> str:
    return marked(text, SOURCES.has, words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`--max_payload` 改为 15", "`--max_payload`（提交中未见） 改为 15（提交中未见）"),
        ("**512**时，再说 512", "**512**（提交中未见）时，再说 512"),
        ("`timeout` 由 60 改为 30", "`timeout` 由 60 改为 30"),
        ("[`a_b`](x.md)。", "[`a_b`](x.md)（提交中未见）。"),
        ("```\n--fast --slow\n```\n完", "```\n--fast --slow\n```\n（以上代码中有提交里未见的内容）\n完"),
        ("EP（专家并行）", "EP（专家并行）（提交中未见）"),
    ],
)
def test_a_claim_is_marked_where_it_stands_first(text: str, expected: str) -> None:
    assert mark(text, CHINESE) == expected


def test_in_english_as_well() -> None:
    assert mark("Sets `--fast` to 512.", ENGLISH) == (
        "Sets `--fast` (not seen in the commit) to 512 (not seen in the commit)."
    )


def test_a_mark_that_a_model_makes_is_none() -> None:
    text = "`timeout`（提交（提交中未见）中未见） 与 `--fast`"
    assert mark(text, CHINESE) == "`timeout` 与 `--fast`（提交中未见）"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(text=st.one_of(ANYTHING, MARKDOWN, TOUCHING))
def test_marks_are_made_once_and_can_be_taken_away(language: Language, text: str) -> None:
    words = words_for(language)
    once = mark(text, words)
    assert mark(once, words) == once
    assert unmarked(once, words) == text


@settings(deadline=None)
@given(text=APART)
def test_the_rest_is_rendered_as_it_was(text: str) -> None:
    assert _solid(unmarked(tame(mark(text, CHINESE)), CHINESE)) == _solid(tame(text))


def _solid(text: str) -> str:
    """Without white space: two code spans that touch are set apart."""
    return "".join(text.split())
