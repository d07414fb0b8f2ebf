"""Patches as excerpts."""

from commits import lines, make_commit

from analysis.diff.excerpt import LONGEST_LINE, excerpt_of
from analysis.models import Patch


def test_an_excerpt_of_a_whole_patch_is_the_patch() -> None:
    (patch,) = make_commit(files={"a.py": (lines(300), lines(300, "other"))}).patches
    assert excerpt_of(patch).text == patch.text


def test_a_giant_line_loses_its_tail() -> None:
    text = (
        "diff --git a/x b/x\n@@ -1 +1,3 @@\n+short\n+" + "x" * 5_000_000 + "\n+after\n@@ -9 +9 @@\n-a\n+b\n"
    )
    excerpt = excerpt_of(Patch(path="x", text=text))
    assert f"+short\n+{'x' * (LONGEST_LINE - 1)} [... line cut]\n+after\n" in excerpt.text
    assert [hunk.cut for hunk in excerpt.hunks] == [True, False]
    assert [hunk.size for hunk in excerpt.hunks] == [4, 3]


def test_lines_of_ordinary_length_stay() -> None:
    patch = Patch(path="x", text="diff --git a/x b/x\n@@ -1 +1 @@\n+" + "a" * (LONGEST_LINE - 1) + "\n")
    assert excerpt_of(patch).text == patch.text


def test_only_a_line_break_ends_a_line() -> None:
    text = "@@ -1 +1,2 @@\n+a\u2028b\u0085c\r\n+d"
    (hunk,) = excerpt_of(Patch(path="x", text=text)).hunks
    assert hunk.lines == ["@@ -1 +1,2 @@\n", "+a\\u2028b\\u0085c\r\n", "+d\n"]
    assert hunk.size == 3


def test_a_run_of_lines_stands_behind_the_line_that_tells_its_place() -> None:
    (hunk,) = excerpt_of(make_commit(files={"a.py": (None, lines(10))}).patches[0]).hunks
    run = hunk.run(hunk.lines, 4, 6)
    assert run.text == (
        "@@ -0,0 +1,10 @@\n[... 3 lines not shown here]\n"
        "+value_3 = compute(3)\n+value_4 = compute(4)\n[... 5 lines not shown here]\n"
    )


def test_what_a_terminal_would_hide_is_counted_as_it_is_shown() -> None:
    text = "diff --git a/x b/x\n@@ -1 +1 @@\n+a\x1b[31m\u202eb\rc\r\n"
    excerpt = excerpt_of(Patch(path="x", text=text))
    assert excerpt.text == "diff --git a/x b/x\n@@ -1 +1 @@\n+a\\u001b[31m\\u202eb\\u000dc\r\n"
    assert not excerpt.hunks[0].cut
