from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.search.excerpt import BEFORE, LONGEST, NEAR, Run, beginning, excerpt, places, runs

TEXTS = st.text(st.sampled_from("aAbßSsİ中 `.ﬁ"), max_size=300)
WORDS = st.lists(st.text(st.sampled_from("abssi中f"), min_size=1, max_size=3), max_size=3)


def marked(line: tuple[Run, ...]) -> str:
    return "".join(f"[{run.text}]" if run.found else run.text for run in line)


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Timeouts time out", ["time"], "[Time]outs [time] out"),
        ("慢请求会被提前切断", ["请求", "求会"], "慢[请求会]被提前切断"),
        ("die STRAẞE und die Straße", ["strasse"], "die [STRAẞE] und die [Straße]"),
        ("a ﬁne ﬁsh", ["i"], "a [ﬁ]ne [ﬁ]sh"),
        ("a.b a+b", ["a+b"], "a.b [a+b]"),
        ("nothing", ["else"], "nothing"),
        ("nothing", [], "nothing"),
        ("<b>&", ["<b>"], "[<b>]&"),
        ("", ["a"], ""),
    ],
)
def test_words_are_marked_whatever_their_case(text: str, words: list[str], shown: str) -> None:
    assert marked(runs(text, words)) == shown


@given(TEXTS, WORDS)
def test_marks_add_and_take_away_nothing(text: str, words: list[str]) -> None:
    words = [word.casefold() for word in words]
    assert "".join(run.text for run in runs(text, words)) == text
    found = places(text, words)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    assert bool(found) == any(word in text.casefold() for word in words)


@given(st.lists(TEXTS, max_size=3), WORDS)
def test_an_excerpt_is_short_and_shows_the_first_word_found(texts: list[str], words: list[str]) -> None:
    words = [word.casefold() for word in words]
    line = excerpt(texts, words)
    assert bool(line) == any(word in text.casefold() for word in words for text in texts)
    assert len("".join(run.text for run in line)) <= LONGEST + 2
    assert not line or any(run.found for run in line)
    inner = "".join(run.text for run in line if run.text != "…")
    assert any(inner in text for text in texts) or not line


def test_an_excerpt_is_of_the_text_that_has_most_of_the_words() -> None:
    texts = ["one here", "one and two here", "two"]
    assert marked(excerpt(texts, ["one", "two"])) == "[one] and [two] here"
    assert excerpt(texts, ["three"]) == excerpt([], ["one"]) == excerpt(texts, []) == ()


def test_an_excerpt_begins_and_ends_between_words() -> None:
    text = "several words " * 30 + "needle" + " several words" * 30
    shown = marked(excerpt([text], ["needle"]))
    before, _, after = shown.partition("[needle]")
    assert before.startswith(("…several", "…words"))
    assert BEFORE - NEAR <= len(before) <= BEFORE + 1
    assert after.endswith(("several…", "words…"))
    assert marked(beginning("x" * 200)) == "x" * LONGEST + "…"
    assert beginning("") == ()


def test_a_word_that_is_longer_than_an_excerpt_is_shown_whole() -> None:
    assert marked(excerpt(["y" + "x" * 190 + "y"], ["x" * 190])) == "y[" + "x" * 190 + "]…"
