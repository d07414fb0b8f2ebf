"""What may hold a word is never passed over, whatever the word and the text are made of."""

import sys

import pytest
from builders import make_analysis, make_facts
from hypothesis import given
from hypothesis import strategies as st

from analysis.storage.needles import ESCAPE, LETTERS_END, needles_of

AWKWARD = st.sampled_from(
    [*'ßſKkIıİiéÉÉẞﬁﬀﬆŉǰẖΐςσΣДд中。"\\/\b\x00\x7f\x1b\n\t\u2028🧵 aS', "\\u006b", "Straße"]
)
TEXTS = st.lists(st.one_of(AWKWARD, st.characters(codec="utf-8")), max_size=12).map("".join)


def small(stored: str) -> str:
    """As the step in the server makes it: only the letters of ASCII."""
    return stored.encode().lower().decode()


@given(TEXTS, st.data())
def test_whatever_the_exact_comparison_finds_is_not_passed_over(text: str, data: st.DataObject) -> None:
    folded = text.casefold()
    start = data.draw(st.integers(0, len(folded)))
    word = folded[start : data.draw(st.integers(start, len(folded)))]
    for stored in (make_facts(subject=text), make_analysis(summary=text)):
        held = small(stored.model_dump_json())
        assert not word or any(needle in held for needle in needles_of(word))


@pytest.mark.parametrize(
    "upper", ["KILL", "STRASSE", "ÉCOLE", "ПРИВЕТ", "ΣΊΣΥΦΟΣ", "FIRST", "中文 ABC", 'A"B\\C']
)
def test_the_case_of_a_word_does_not_matter(upper: str) -> None:
    assert needles_of(upper) == needles_of(upper.casefold())
    assert any(
        needle in small(make_facts(subject=upper).model_dump_json()) for needle in needles_of(upper.lower())
    )


def test_a_character_that_has_no_case_stands_for_itself() -> None:
    assert needles_of("超时") == ("超时", ESCAPE)
    assert needles_of("504") == ("504", ESCAPE)


def test_a_kelvin_is_a_k() -> None:
    assert needles_of("k") == ("k", "\u212a", ESCAPE)


def test_beyond_the_last_letters_nothing_has_a_case() -> None:
    changed = [char for char in map(chr, range(LETTERS_END, sys.maxunicode + 1)) if char.casefold() != char]
    assert changed == []
