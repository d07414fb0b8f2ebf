import string
import tomllib

import pytest

from analysis.words import FOLDER, Words, words_for

CHINESE, ENGLISH = words_for("zh-CN"), words_for("en")


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_both_languages_have_the_same_files() -> None:
    chinese, english = ({path.name for path in (FOLDER / name).iterdir()} for name in ("zh-CN", "en"))
    assert chinese == english != set()


def test_both_languages_have_the_same_messages() -> None:
    assert CHINESE.messages.keys() == ENGLISH.messages.keys()


@pytest.mark.parametrize("key", sorted(CHINESE.messages.keys() & ENGLISH.messages.keys()))
def test_a_message_takes_the_same_fields_in_both_languages(key: str) -> None:
    assert fields(CHINESE.messages[key]) == fields(ENGLISH.messages[key])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_message_is_given_in_two_files(language: str) -> None:
    keys = [
        key
        for path in sorted((FOLDER / language).glob("*.toml"))
        for key in flat(tomllib.loads(path.read_text(encoding="utf-8")))
    ]
    assert sorted(keys) == sorted(set(keys))


def flat(table: dict[str, object], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in table.items():
        found += flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return found


def test_a_message_is_filled() -> None:
    words = Words("en", {"greeting.day": "Digest of {date}"})
    assert words("greeting.day", date="2026-01-09") == "Digest of 2026-01-09"
    assert words.has("greeting.day")
    assert not words.has("greeting.night")


def test_a_message_that_is_missing_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        ENGLISH("no.such.message")
