"""Where code and prose are in Markdown, and where words may be put in."""

import pytest
from hostile import MARKDOWN
from hypothesis import given
from markdown_it import MarkdownIt

from analysis.text.layout import BLANK, Layout

HERE = "〔here〕"


def code_of(text: str) -> list[str]:
    return [text[span.start : span.stop] for span in Layout(text).code]


def with_mark(text: str, claim: str) -> str:
    place = Layout(text).behind(text.index(claim) + len(claim))
    return text[:place] + HERE + text[place:]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a `b` c `d`", ["b", "d"]),
        ("``a ` b`` `c`", ["a ` b", "c"]),
        (r"\`a` b`", [" b"]),
        ("`a\nb`", []),
        ("``a`", []),
        ("`", []),
        ("```\n`a`\n```\n`b`", ["b"]),
        ("~~~\n`a`\n~~~", []),
        ("```\n`a`", ["a"]),
    ],
)
def test_code_spans_are_those_of_the_digest(text: str, code: list[str]) -> None:
    assert code_of(text) == code


def test_a_fence_has_its_content_and_its_end() -> None:
    text = "a\n```sh\nb --c\n```\nd"
    (fence,) = Layout(text).fences
    assert text[fence.start : fence.stop] == "b --c\n"
    assert text[fence.behind :] == "\nd"


def test_prose_is_blank_where_code_and_addresses_are() -> None:
    text = "see `code`, [docs](https://example.org/v1.2), https://example.org/v3 and 5"
    prose = Layout(text).prose
    assert len(prose) == len(text)
    assert prose.replace(BLANK, "") == "see ``, [docs],  and 5"


@pytest.mark.parametrize(
    ("text", "claim", "marked"),
    [
        ("the 5 s", "5 s", "the 5 s〔here〕"),
        ("**5 s** more", "5 s", "**5 s**〔here〕 more"),
        ("**5 s是", "5 s", "**5 s〔here〕是"),
        ("**为 5 s**时", "5 s", "**为 5 s**〔here〕时"),
        ("5**时**", "5", "5〔here〕**时**"),
        ("_5 s_", "5 s", "_5 s_〔here〕"),
        ("**`x`**：", "`x`", "**`x`**〔here〕："),
        ("[5 s](a.md) on", "5 s", "[5 s](a.md)〔here〕 on"),
        ("[`x` and y](a.md)", "`x`", "[`x` and y](a.md)〔here〕"),
        ("**[`x`](a.md)**", "`x`", "**[`x`](a.md)**〔here〕"),
        ("`Foo`s", "`Foo`", "`Foo`s〔here〕"),
    ],
)
def test_a_mark_stands_behind_what_is_marked_up(text: str, claim: str, marked: str) -> None:
    assert with_mark(text, claim) == marked


PLAIN = MarkdownIt("commonmark")


@pytest.mark.parametrize(
    "text", ["**为 5 s**时", "**`x`**：a", "5**时**", "*a* 5 s *b*", "[5 s](a.md)的", "**5**5**6**"]
)
def test_emphasis_and_links_are_rendered_as_before(text: str) -> None:
    for at in range(1, len(text)):
        place = Layout(text).behind(at)
        if text[at - 1] in "5sx`":
            marked = text[:place] + HERE + text[place:]
            assert PLAIN.render(marked).replace(HERE, "") == PLAIN.render(text)


@given(MARKDOWN)
def test_any_text_has_a_layout(text: str) -> None:
    layout = Layout(text)
    assert len(layout.prose) == len(text)
    for span in (*layout.code, *layout.fences):
        assert 0 <= span.start <= span.stop <= span.behind <= len(text)
    assert all(at <= layout.behind(at) <= len(text) for at in range(1, len(text) + 1))
