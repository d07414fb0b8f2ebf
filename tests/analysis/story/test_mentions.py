import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.story.mentions import LONGEST, Mention, mentions

REPOSITORY = "octo/engine"
SHA = "0d3ff44000b70666300eaa37a0340ffbc25a0984"


def found(text: str) -> list[str]:
    return [mention.text for mention in mentions(text, REPOSITORY)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Fixes #12 and octo/engine#13, Octo/Engine#14.", ["#12", "#13", "#14"]),
        ("see https://github.com/octo/engine/pull/15", ["#15"]),
        ("and [that](https://github.com/octo/engine/issues/16)", ["#16"]),
        (f"in https://github.example.org/octo/engine/commit/{SHA}", [SHA]),
        (f"since {SHA} (#17), 0d3ff44 and `0d3ff44`", [SHA, "#17", "0d3ff44", "0d3ff44"]),
        ("Reverts:\n\n- #18\n- #19", ["#18", "#19"]),
        ("(#20, #21) (#22)", ["#20", "#21", "#22"]),
    ],
)  # fmt: skip
def test_numbers_and_shas_of_the_repository_are_found(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "other/project#12 and someone/engine#13",
        "https://github.com/other/project/pull/12 [x](https://github.com/other/project/issues/3)",
        "&#8203;12, issue#12a, a#12 and #1234567890",
        "(20260120) deadbeefcafes 0x0d3ff44 v0d3ff44.1 feedbee",
        "<!-- Fixes #12 -->\n```\n#13\n```\n> #14\n<a href='x'>#15</a>",
        "Co-authored-by: #12\nReviewed-by: someone (#13)",
        "* another commit of the branch (#12)\n- and one more (#13)",
        f"reversing changes made to {SHA}.",
        f"https://example.org/{SHA}",
        "",
    ],
)
def test_what_is_quoted_or_somebody_elses_is_not(text: str) -> None:
    assert found(text) in ([], ["20260120"])


def test_a_mention_has_the_words_of_its_sentence_only() -> None:
    text = "This broke things. The crash since #12 is gone; it was late.\n\n- Next item"
    assert list(mentions(text, REPOSITORY)) == [Mention(12, None, ("the", "crash", "since"), ("is", "gone"))]


def test_what_follows_a_colon_belongs_to_it() -> None:
    (first, second) = mentions("Reverts:\n\n- #1\n- #2", REPOSITORY)
    assert first.before == second.before == ("reverts",)


def test_a_long_text_is_read_from_its_beginning() -> None:
    assert found("#1 " + "x" * 20_000 + " #2") == ["#1"]


@pytest.mark.parametrize(
    "text",
    [
        "<!--",
        "```",
        "\n```",
        "[",
        "[](",
        "#1 ",
        "#1,",
        "a/",
        "a/b#",
        "0",
        "0a ",
        "<a ",
        "- ",
        "\n- ",
        "\n> ",
        "https://",
    ],
)
def test_a_text_is_read_in_time_that_grows_with_its_length(text: str) -> None:
    list(mentions(text * (LONGEST // len(text)), REPOSITORY))


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for mention in mentions(text, REPOSITORY):
        assert (mention.number is None) != (mention.sha is None)
