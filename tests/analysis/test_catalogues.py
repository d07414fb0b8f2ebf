"""The catalogues are whole: the same messages in each language, each of them asked for, and compiled."""

import re
import string
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from catalogues import ANY, ROOT, asked, catalogue, key_of, plurals, said, source, written_in

from analysis.diff.paths import Kind
from analysis.importance.titles import ChangeType
from analysis.importance.weights import RULES, SIZES
from analysis.language import Language
from analysis.models import Importance
from analysis.words import DOMAIN, FOLDER, words_for

LANGUAGES: tuple[Language, ...] = get_args(Language)
ENGLISH = catalogue("en")
NUMBERED = ("pages.month.", "pages.weekday.", "pages.weekday-short.", "web.error.")
"""Keys that are put together with a number, so that no string in the code has their last part."""
SETS = {
    "digest.level.": Importance,
    "digest.mark.": Importance,
    "digest.tier.": Importance,
    "pages.month.": range(1, 13),
    "pages.tier.": [*Importance, "unread"],
    "pages.weekday-short.": range(7),
    "pages.weekday.": range(7),
    "range.counts.": [*Importance, "unread"],
    "reason.": [*RULES, *SIZES],
    "rules.kind.": Kind,
    "rules.type.": ChangeType,
}
"""Prefix -> every value that it is put together with."""
NOUNS = "character|claim|commit|day|file|hunk|line|minute|request"
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def fields_of(key: str) -> set[str]:
    return set().union(*map(fields, ENGLISH[key]))


def test_each_language_has_its_catalogue() -> None:
    assert {source(language) for language in LANGUAGES} == set(FOLDER.rglob("*.po"))
    assert len(ENGLISH) > 500


@in_each_language
def test_the_header_says_what_readers_of_catalogues_need(language: Language) -> None:
    header = dict(written_in(language).mime_headers)
    assert header["Project-Id-Version"].startswith(DOMAIN)
    assert header["Language"] == language.replace("-", "_")
    assert header["Content-Type"].lower() == "text/plain; charset=utf-8"
    assert header["Plural-Forms"] == Catalog(locale=header["Language"]).plural_forms


@in_each_language
def test_no_message_is_empty_doubtful_obsolete_or_given_twice(language: Language) -> None:
    found = written_in(language)
    assert [key for key, forms in catalogue(language).items() if not all(map(str.strip, forms))] == []
    assert [message.id for message in found if message.id and message.fuzzy] == []
    assert not found.obsolete
    given = re.findall(r'^msgid "(.+)"$', source(language).read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(given) == sorted(set(given))


@in_each_language
def test_babel_finds_nothing_wrong(language: Language) -> None:
    assert list(written_in(language).check()) == []


@in_each_language
def test_what_is_read_at_run_time_was_compiled_from_what_is_written(language: Language) -> None:
    again = BytesIO()
    write_mo(again, written_in(language))
    with source(language).with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    again.seek(0)
    assert contents(compiled) == contents(read_mo(again)), "run: make words"


def contents(found: Catalog) -> dict[object, object]:
    return {"plural forms": found.plural_forms} | {
        key_of(message.id): message.string for message in found if message.id
    }


@in_each_language
def test_every_language_has_the_same_messages_with_the_same_fields(language: Language) -> None:
    ours = catalogue(language)
    assert ours.keys() == ENGLISH.keys()
    assert plurals(language) == plurals("en")
    for key, forms in ours.items():
        assert {frozenset(fields(form) - {"count"}) for form in forms} == {
            frozenset(fields_of(key) - {"count"})
        }
        assert ("count" in fields(forms[-1])) == ("count" in fields(ENGLISH[key][-1])), key


@in_each_language
def test_a_message_with_a_count_has_plural_forms(language: Language) -> None:
    counted = {
        key for key, forms in catalogue(language).items() if any("count" in fields(form) for form in forms)
    }
    assert counted <= plurals(language)


def test_no_number_stands_before_a_noun_in_english_without_plural_forms() -> None:
    before_a_noun = re.compile(rf"\}} (?:(?!the )\w+ ){{0,2}}(?:{NOUNS})s?\b")
    assert [key for key in ENGLISH.keys() - plurals("en") if before_a_noun.search(*ENGLISH[key])] == []


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("key", sorted(plurals("en")))
def test_a_message_fits_its_count(key: str, count: int) -> None:
    filled = dict.fromkeys(fields_of(key), "…") | {"count": count}
    text, chinese = words_for("en")(key, **filled), words_for("zh-CN")(key, **filled)
    wrong = (
        rf"\b1 (?:\w+ ){{0,2}}(?:{NOUNS})s\b" if count == 1 else rf"\b{count} (?:\w+ ){{0,2}}(?:{NOUNS})\b"
    )
    assert not re.search(wrong, text)
    shown = any("count" in fields(form) for form in catalogue("zh-CN")[key])
    assert (str(count) in chinese) == shown


@pytest.mark.parametrize("prefix", sorted(SETS))
def test_what_a_key_is_put_together_with_has_its_words(prefix: str) -> None:
    assert {f"{prefix}{value}" for value in SETS[prefix]} <= ENGLISH.keys()


def test_no_message_is_asked_for_that_is_missing() -> None:
    for each in asked():
        if each.composed and each.key.split(r"\.")[0] in nouns():
            assert any(re.fullmatch(each.key, key) for key in ENGLISH), each.key
        elif each.fields is not None:
            key = each.key.replace("\\", "")
            assert key in ENGLISH, key
            assert each.fields - {"count"} == fields_of(key) - {"count"}, key
            assert ("count" in each.fields) == (key in plurals("en")), key


def nouns() -> set[str]:
    return {key.split(".")[0] for key in ENGLISH}


def test_no_message_is_there_that_nobody_asks_for() -> None:
    every = list(asked())
    literal = {each.key.replace("\\", "") for each in every if not each.composed}
    patterns = {each.key for each in every if each.composed and each.key.split(r"\.")[0] in nouns()}
    rest = ENGLISH.keys() - literal
    assert [key for key in sorted(rest) if not any(put_together(key, pattern) for pattern in patterns)] == []


def put_together(key: str, pattern: str) -> bool:
    """Whether the key may come of it: what stands in the place of its values has to stand in the code."""
    found = re.fullmatch(pattern.replace(ANY, f"({ANY})"), key)
    return bool(found) and (key.startswith(NUMBERED) or set(found.groups()) <= said())


def test_a_wheel_has_what_is_read(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    compiled = {source(language).with_suffix(".mo").relative_to(ROOT).as_posix() for language in LANGUAGES}
    assert compiled <= set(ZipFile(wheel).namelist())
