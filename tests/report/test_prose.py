import pytest
from reading import PARSER, read_markdown

from report.prose import indent, tame, tame_line


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("plain `code` and **bold**", "plain `code` and **bold**"),
        ("# heading", "heading"),
        ("> quotation", "quotation"),
        ("---", ""),
        ("a\n---\nb", "a\n\nb"),
        ("<script>x</script>", r"\<script>x\</script>"),
        ("![pixel](https://example.org/p.png) text", "pixel text"),
        ("see [the guide](https://example.org).", "see the guide."),
        ("[x]: https://example.org", r"\[x\]: `https://example.org`"),
        ("by @someone in #12", "by `@someone` in `#12`"),
        ("`@someone` in `#12`", "`@someone` in `#12`"),
        ("`a`#12", "`a` `#12`"),
        (r"\@someone", "`@someone`"),
        (r"for uv\#19832 (\#20925)", "for `uv#19832` (`#20925`)"),
        (r"\\#12", r"`\#12`"),
        ("`code`[@someone](https://example.org)", r"`code`\[`@someone](https://example.org`)"),
        ("_@someone_", "_`@someone`_"),
        ("@[someone](https://example.org)", "`@[someone](https://example.org`)"),
        ("&#64;someone", "`&#64;someone`"),
        ("| a | b |\n|---|---|", "\\| a \\| b \\|\n\\|---\\|---\\|"),
        ("an odd ` backtick", r"an odd \` backtick"),
        ("a lone \\", r"a lone \\"),
        ("[^1] note", r"\[^1\] note"),
    ],
)
def test_what_is_no_field_s_text_is_taken_out(markdown: str, expected: str) -> None:
    assert tame(markdown) == expected


def test_lists_stay_lists_and_get_a_blank_line_before_them() -> None:
    assert tame("Before:\n* one\n  * inner\n* two\n\n1. first\n   - below") == (
        "Before:\n\n- one\n    - inner\n- two\n\n1. first\n    - below"
    )


def test_nested_lists_parse_as_nested() -> None:
    tokens = PARSER.parse(tame("1. a\n   - b\n      - c\n2. d"))
    assert max(token.level for token in tokens if token.type == "list_item_open") == 5


def test_a_block_of_code_cannot_be_closed_from_inside() -> None:
    text = tame("```md\n# x\n~~~\n````\nstill\n")
    (fence,) = [token for token in PARSER.parse(text) if token.type == "fence"]
    assert "# x" in fence.content
    assert read_markdown(text + "\n\nafter").headings == []


def test_code_drives_no_terminal() -> None:
    assert tame("```\na\x1b[2J\u202eb\r\n\tc\x00\n```") == "```\na [2Jb\n    c \n```"


def test_one_line_has_no_breaks_and_may_have_no_emphasis() -> None:
    assert tame_line("a\nb") == "a b"
    assert tame_line("**bold** and `co*de`", emphasis=False) == r"\*\*bold\*\* and `co*de`"


def test_indenting_leaves_the_first_line() -> None:
    assert indent("a\nb", 2) == "a\n  b"
