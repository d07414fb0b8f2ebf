from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import make_sha
from commits import MORNING, Texts, lines, make_commit
from hypothesis import given
from hypothesis import strategies as st

from analysis.models import Commit, FileChange, Patch
from analysis.storage.link import Link
from analysis.story.lineage import BULK, FILES, LINES, WINDOW, Trace, traces_of, undoings

PATH = "engine/server.py"
CODE = lines(10)


def commit(
    seed: str, subject: str, files: Mapping[str, Texts], at: datetime = MORNING, **fields: Any
) -> Commit:
    return make_commit(subject, files, sha=make_sha(seed), committed_at=at, **fields)


def later(days: float = 1) -> datetime:
    return MORNING + timedelta(days=days)


def found(*commits: Commit) -> set[Link]:
    """The links of all, as each of them would find them."""
    files: dict[str, list[Trace]] = {}
    for each in commits:
        for path, trace in traces_of(each).items():
            files.setdefault(path, []).append(trace)
    return {link for each in commits for link in undoings(each.sha, files)}


ADDED = commit("added", "feat: compute", {PATH: ("", CODE)})


def test_a_fix_of_lines_that_another_added_is_its_fix() -> None:
    mended = CODE.replace("compute(3)", "count(3)").replace("compute(4)", "count(4)").replace("(5)", "(-5)")
    fix = commit("fix", "fix: compute rightly", {PATH: (CODE, mended)}, later())
    assert found(ADDED, fix) == {Link("fixes", ADDED.sha, fix.sha, PATH, said=False)}


def test_who_removes_most_of_what_another_added_undoes_it() -> None:
    undone = commit("undone", "refactor: do without", {PATH: (CODE, lines(2))}, later())
    assert found(ADDED, undone) == {Link("undoes", ADDED.sha, undone.sha, PATH, said=False)}


def test_who_removes_some_of_it_without_calling_that_a_fix_does_not() -> None:
    assert found(ADDED, commit("b", "refactor: less", {PATH: (CODE, lines(7))}, later())) == set()


def test_two_lines_are_not_enough() -> None:
    assert found(ADDED, commit("b", "fix: less", {PATH: (CODE, lines(8))}, later())) == set()


def test_a_fix_that_removes_mostly_other_lines_is_no_fix_of_these() -> None:
    old = lines(20, "older")
    fix = commit("b", "fix: much", {PATH: (CODE + old, lines(7))}, later())
    assert found(ADDED, fix) == set()


def test_who_changes_everything_only_comes_by() -> None:
    old = lines(200, "older")
    assert found(ADDED, commit("b", "refactor: all", {PATH: (CODE + old, "")}, later())) == set()


@pytest.mark.parametrize("days", [-1, 0, WINDOW / 86_400 + 0.1])
def test_lines_that_are_old_or_not_there_yet_are_nobodys(days: float) -> None:
    assert found(ADDED, commit("b", "fix: remove", {PATH: (CODE, "")}, later(days))) == set()


def test_lines_belong_to_the_last_that_added_them() -> None:
    removed = commit("removed", "refactor: remove", {PATH: (CODE, "")}, later(1))
    again = commit("again", "feat: compute again", {PATH: ("", CODE)}, later(2))
    fix = commit("fix", "fix: no computing", {PATH: (CODE, "")}, later(3))
    links = {(link.kind, link.earlier, link.later) for link in found(fix, removed, again, ADDED)}
    assert links == {("undoes", ADDED.sha, removed.sha), ("fixes", again.sha, fix.sha)}


def test_lines_that_are_moved_or_indented_are_not_removed() -> None:
    indented = "".join(f"    {line}\n" for line in CODE.splitlines())
    moved = commit("moved", "fix: move", {PATH: (CODE, "x = 1\n"), "engine/other.py": ("", CODE)}, later())
    shifted = commit("shifted", "fix: indent", {PATH: (CODE, f"if ready():\n{indented}")}, later())
    assert found(ADDED, moved) == found(ADDED, shifted) == set()


def test_lines_in_another_file_are_other_lines() -> None:
    assert found(ADDED, commit("b", "fix: x", {"engine/other.py": (CODE, "")}, later())) == set()


def test_a_file_that_is_renamed_keeps_its_lines() -> None:
    fix = commit("fix", "fix: remove", {PATH: (CODE, "")}, later())
    (change,), (patch,) = fix.files, fix.patches
    renamed = change.model_copy(update={"path": "engine/new.py", "old_path": PATH, "status": "R"})
    moved = fix.model_copy(
        update={"files": (renamed,), "patches": (patch.model_copy(update={"path": "engine/new.py"}),)}
    )
    assert {link.kind for link in found(ADDED, moved)} == {"fixes"}


@pytest.mark.parametrize(
    "path", ["tests/test_server.py", "docs/server.md", "uv.lock", "engine/models.json", "vendor/x/server.py"]
)
def test_only_lines_of_code_count(path: str) -> None:
    assert traces_of(commit("a", "feat: x", {path: ("", CODE)})) == {}


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np, os, sys\n",
        "use crate::some::module;\n",
        "#include <some/header.h>\n",
        "    # a comment of many words\n",
        "else:\n",
        "    }\n",
        "\n",
        "return None\n",
        "x" * 301 + " a b c\n",
    ],
)
def test_lines_that_say_little_are_not_kept(text: str) -> None:
    (trace,) = traces_of(commit("a", "feat: x", {PATH: ("", text)})).values()
    assert (trace.lines.added, trace.added) == (frozenset(), 0)


def test_a_merge_and_a_change_of_style_take_nothing() -> None:
    assert traces_of(commit("a", "feat: x", {PATH: ("", CODE)}, parents=("1" * 40, "2" * 40))) == {}
    assert traces_of(commit("a", "style: run the formatter", {PATH: ("", CODE)})) == {}


def test_a_change_in_bulk_takes_nothing() -> None:
    assert traces_of(commit("a", "feat: bring in", {PATH: ("", lines(BULK + 1))})) == {}


def test_no_more_is_kept_than_is_needed() -> None:
    many = {f"engine/file_{number}.py": ("", CODE) for number in range(FILES + 5)}
    assert len(traces_of(commit("a", "feat: x", many))) == FILES
    (trace,) = traces_of(commit("a", "feat: x", {PATH: ("", lines(LINES + 500))})).values()
    assert (len(trace.lines.added), trace.added) == (LINES, LINES + 500)
    assert len(trace.text()) < 8 * LINES + 40


def test_long_files_keep_the_same_lines() -> None:
    long = lines(LINES * 2)
    added = commit("long", "feat: x", {PATH: ("", long)})
    fix = commit("fix", "fix: x", {PATH: (long, lines(LINES // 2))}, later())
    assert {(link.kind, link.later) for link in found(added, fix)} == {("fixes", fix.sha)}


def test_a_trace_is_read_as_it_was_written() -> None:
    for commits in (
        ADDED,
        commit("b", "fix: x", {PATH: (CODE, "")}),
        commit("c", "docs: x", {PATH: ("", "")}),
    ):
        for trace in traces_of(commits).values():
            assert Trace.parse(trace.sha, trace.text()) == trace


PIECES = st.sampled_from([*"+-@ \n\\", "diff --git a/x b/x\n", "@@ -1 +1 @@\n", "value = compute(1)\n"])
TEXT = st.lists(PIECES, max_size=40).map("".join)
PATCHES = st.lists(TEXT, max_size=4)


def any_commit(number: int, texts: Iterable[str]) -> Commit:
    patches = [Patch(path=f"engine/{name}.py", text=text) for name, text in enumerate(texts)]
    files = tuple(FileChange(path=patch.path, status="M", additions=1, deletions=1) for patch in patches)
    made = make_commit("fix: x", {}, sha=make_sha(number), committed_at=later(number))
    return made.model_copy(update={"files": files, "patches": tuple(patches)})


@given(st.lists(PATCHES, max_size=4))
def test_any_patches_can_be_read(histories: list[list[str]]) -> None:
    commits = [any_commit(number, texts) for number, texts in enumerate(histories)]
    for link in found(*commits):
        assert link.earlier != link.later
