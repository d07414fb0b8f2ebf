"""Patches made shorter."""

import pytest
from commits import lines, make_commit

from analysis.clip import LONGEST_LINE, clip, cut_long_lines
from analysis.hunks import split_patch


def words(text: str) -> int:
    """A tokenizer for which a word is a token."""
    return len(text.split())


def several_hunks() -> str:
    before = lines(300).splitlines(keepends=True)
    after = list(before)
    after[10:12] = ["short = 1\n"]
    after[150:200] = [f"long_{number} = compute(a, b, c, d)\n" for number in range(80)]
    after[290:291] = ["last = 2\n"]
    return make_commit(files={"a.py": ("".join(before), "".join(after))}).patches[0].text


def test_what_fits_stays() -> None:
    patch = several_hunks()
    assert clip(patch, words(patch), words) == patch


@pytest.mark.parametrize("tokens", [60, 100, 200, 400])
def test_whole_hunks_are_kept_and_the_rest_is_counted(tokens: int) -> None:
    patch = several_hunks()
    shown = clip(patch, tokens, words)
    assert words(shown) <= tokens
    kept = [hunk.split("\n[...")[0].rstrip("\n") for hunk in split_patch(shown)[1]]
    whole = [hunk.rstrip("\n") for hunk in split_patch(patch)[1]]
    assert kept
    assert all(hunk in whole for hunk in kept)
    assert "lines left out]" in shown


def test_a_new_file_of_one_hunk_is_cut_at_a_line() -> None:
    patch = make_commit(files={"a.py": (None, lines(1000))}).patches[0].text
    shown = clip(patch, 200, words)
    assert words(shown) <= 200
    *kept, mark = shown.rstrip("\n").split("\n")
    assert patch.startswith("\n".join(kept) + "\n")
    assert mark == f"[... {patch.count(chr(10)) - len(kept)} lines left out]"


@pytest.mark.parametrize("tokens", [0, 1, 5, 10])
def test_without_room_for_a_line_nothing_is_shown(tokens: int) -> None:
    assert clip(several_hunks(), tokens, words) == ""


def test_a_giant_line_is_cut() -> None:
    shown = cut_long_lines("+short\n+" + "x" * 5_000_000 + "\n+after\n")
    assert shown == "+short\n+" + "x" * (LONGEST_LINE - 1) + " [... line cut]\n+after\n"


def test_lines_of_ordinary_length_are_not() -> None:
    text = "a" * LONGEST_LINE + "\n" + lines(10)
    assert cut_long_lines(text) == text
