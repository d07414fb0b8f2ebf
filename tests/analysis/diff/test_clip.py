"""Excerpts made shorter."""

import pytest
from commits import lines, make_commit
from hypothesis import given
from hypothesis import strategies as st

from analysis.diff.clip import clip, runs
from analysis.diff.excerpt import Excerpt, excerpt_of


def words(text: str) -> int:
    """A tokenizer for which a word is a token."""
    return len(text.split())


def several_hunks() -> Excerpt:
    before = lines(300).splitlines(keepends=True)
    after = list(before)
    after[10:12] = ["short = 1\n"]
    after[150:200] = [f"long_{number} = compute(a, b, c, d)\n" for number in range(80)]
    after[290:291] = ["last = 2\n"]
    return excerpt_of(make_commit(files={"a.py": ("".join(before), "".join(after))}).patches[0])


def one_hunk(size: int) -> Excerpt:
    return excerpt_of(make_commit(files={"a.py": (None, lines(size))}).patches[0])


def clipped(excerpt: Excerpt, tokens: int) -> Excerpt:
    shown = clip(excerpt, tokens, words)
    assert shown is not None
    assert words(shown.text) <= tokens
    return shown


def test_what_fits_stays() -> None:
    excerpt = several_hunks()
    assert clip(excerpt, words(excerpt.text), words) == excerpt


@pytest.mark.parametrize("tokens", [100, 120, 200, 400])
def test_whole_hunks_are_kept_and_what_is_missing_is_marked(tokens: int) -> None:
    excerpt = several_hunks()
    shown = clipped(excerpt, tokens)
    assert {1, 3} <= {hunk.number for hunk in shown.hunks if hunk in excerpt.hunks}
    assert "not shown here]" in shown.text


def test_a_mark_says_which_hunks_are_missing() -> None:
    excerpt = several_hunks()
    assert (
        "[... hunks 2 to 2 of 3 not shown here]\n@@"
        in excerpt.only([excerpt.hunks[0], excerpt.hunks[2]]).text
    )
    assert excerpt.only(excerpt.hunks[:1]).text.endswith("[... hunks 2 to 3 of 3 not shown here]\n")


def test_what_is_left_goes_to_the_beginning_of_a_hunk_that_does_not_fit() -> None:
    shown = clipped(several_hunks(), 500)
    cut = shown.hunks[1]
    assert (cut.number, cut.start) == (2, 0)
    assert 1 < cut.stop < cut.size
    assert f"[... {cut.size - cut.stop} lines not shown here]\n@@" in shown.text


def test_a_new_file_of_one_hunk_is_cut_at_a_line() -> None:
    excerpt = one_hunk(1000)
    shown = clipped(excerpt, 200)
    *kept, mark = shown.text.rstrip("\n").split("\n")
    assert excerpt.text.startswith("\n".join(kept) + "\n")
    assert mark == f"[... {excerpt.text.count(chr(10)) - len(kept)} lines not shown here]"


@pytest.mark.parametrize("tokens", [0, 1, 5, 10])
def test_without_room_for_a_line_nothing_is_shown(tokens: int) -> None:
    assert clip(several_hunks(), tokens, words) is None


def test_a_patch_without_hunks_is_shown_whole_or_not_at_all() -> None:
    header = make_commit(files={"a.py": ("", "")}).patches[0]
    assert clip(excerpt_of(header), 100, words) == excerpt_of(header)
    assert clip(excerpt_of(header), 1, words) is None


@given(st.integers(1, 500), st.integers(20, 400))
def test_runs_of_a_hunk_are_all_of_its_lines_once(size: int, tokens: int) -> None:
    (hunk,) = one_hunk(size).hunks
    found = list(runs(hunk, tokens, words))
    assert all(words(run.text) <= tokens for run in found)
    assert [run.start for run in found[1:]] == [run.stop for run in found[:-1]]
    assert (found[0].start, found[-1].stop) == (0, hunk.size)
    shown = [line for run in found for line in run.lines if line.startswith("+")]
    assert shown == [line for line in hunk.lines if line.startswith("+")]


def test_a_line_that_alone_does_not_fit_ends_the_runs() -> None:
    excerpt = excerpt_of(make_commit(files={"a.py": (None, "a = 1\n" + "b " * 400 + "\nc = 2\n")}).patches[0])
    found = list(runs(excerpt.hunks[0], 50, words))
    assert [(run.start, run.stop) for run in found] == [(0, 2)]
