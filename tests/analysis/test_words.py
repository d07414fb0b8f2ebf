import pytest

from analysis.language import Language
from analysis.words import words_for

CHINESE, ENGLISH = words_for("zh-CN"), words_for("en")


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-CN", "每日更新报告（2026-01-09）"), ("en", "Daily digest (2026-01-09)")],
)
def test_a_message_is_filled(language: Language, title: str) -> None:
    assert words_for(language)("digest.title", date="2026-01-09") == title


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (0, "0 commits", "0 个提交"),
        (1, "1 commit", "1 个提交"),
        (2, "2 commits", "2 个提交"),
        (20_004, "20,004 commits", "20,004 个提交"),
    ],
)
def test_a_count_picks_the_form(count: int, english: str, chinese: str) -> None:
    assert ENGLISH("range.counts.line", count=count) == english
    assert CHINESE("range.counts.line", count=count) == chinese


def test_a_count_is_a_number() -> None:
    with pytest.raises(TypeError, match=r"range\.counts\.line"):
        ENGLISH("range.counts.line", count="1")


def test_braces_in_what_a_message_is_filled_with_are_only_text() -> None:
    assert ENGLISH("rules.said", text="{evidence} {0}") == "The author says: {evidence} {0}"


def test_it_is_known_which_messages_there_are_and_what_they_take() -> None:
    for words in (CHINESE, ENGLISH):
        assert words.has("digest.title")
        assert words.has("range.counts.line")
        assert not words.has("digest.name")
        assert words.takes("digest.title", "date")
        assert not words.takes("digest.title", "count")
        assert not words.takes("digest.name", "name")


@pytest.mark.parametrize("fields", [{}, {"count": 1}])
def test_a_message_that_is_missing_is_a_mistake_of_ours(fields: dict[str, int]) -> None:
    with pytest.raises(KeyError, match=r"no\.such\.message"):
        ENGLISH("no.such.message", **fields)


def test_a_count_for_a_message_without_plural_forms_is_one_too() -> None:
    with pytest.raises(KeyError, match=r"digest\.empty"):
        ENGLISH("digest.empty", count=1)
