"""Patches taken apart."""

from commits import lines, make_commit

from analysis.diff.hunks import Exchange, exchanges, split_patch

PATCH = """diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,3 +1,3 @@
 a
-b
+c
 d
@@ -10,2 +10,3 @@ def f():
 @@ not a hunk
+e
+f
"""


def test_header_and_hunks_are_the_whole_patch() -> None:
    header, hunks = split_patch(PATCH)
    assert header + "".join(hunks) == PATCH
    assert [hunk.split("\n")[0] for hunk in hunks] == ["@@ -1,3 +1,3 @@", "@@ -10,2 +10,3 @@ def f():"]


def test_a_patch_without_hunks_is_all_header() -> None:
    header = "diff --git a/x b/x\nold mode 100644\n"
    assert split_patch(header) == (header, ())


def test_neighbouring_lines_are_exchanged_for_one_another() -> None:
    assert list(exchanges(PATCH)) == [Exchange(("b",), ("c",)), Exchange((), ("e", "f"))]


def test_a_removed_line_that_looks_like_a_header_is_a_line() -> None:
    text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n--- a\n b\n"
    assert list(exchanges(text)) == [Exchange(("-- a",), ())]


def test_the_patch_of_a_merge_has_no_exchanges() -> None:
    assert not list(exchanges("diff --cc x\n@@@ -1,1 -1,1 +1,2 @@@\n  a\n++b\n"))


def test_a_long_patch_is_read_at_once() -> None:
    commit = make_commit(files={"a.py": (lines(20_000), lines(20_000, "other"))})
    assert sum(len(exchange.added) for exchange in exchanges(commit.patches[0].text)) == 20_000
