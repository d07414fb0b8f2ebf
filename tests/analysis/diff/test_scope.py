"""Where a commit takes place."""

from commits import lines, make_commit

from analysis.diff.scope import scope_of
from analysis.models import FileChange, ScopeItem


def test_what_carries_the_change_comes_first() -> None:
    commit = make_commit(
        files={
            "tests/test_a.py": (None, lines(90)),
            "src/small.py": ("a\n", "b\n"),
            "src/large.py": (None, lines(30)),
        }
    )
    assert scope_of(commit, "en") == (
        ScopeItem(path="src/large.py", why="added, +30 −0"),
        ScopeItem(path="src/small.py", why="modified, +1 −1"),
        ScopeItem(path="tests/test_a.py", why="added, +90 −0"),
    )


def test_many_files_are_their_folders_the_most_changed_first() -> None:
    files = {f"src/net/{number}.py": ("a\n", "b\n") for number in range(9)}
    scope = scope_of(make_commit(files=files | {"README.md": (None, lines(50))}), "zh-CN")
    assert scope == (
        ScopeItem(path="README.md", why="新增，+50 −0"),
        ScopeItem(path="src/net/", why="9 个文件，+9 −9"),
    )


def test_moves_modes_binaries_and_submodules_are_said() -> None:
    files = (
        FileChange(path="b.py", old_path="a.py", status="R", additions=0, deletions=0),
        FileChange(path="run", status="M", additions=0, deletions=0, old_mode="100644", new_mode="100755"),
        FileChange(path="x.bin", status="D"),
        FileChange(path="sub", status="M", additions=1, deletions=1, old_mode="160000", new_mode="160000"),
    )
    scope = scope_of(make_commit(files={}).model_copy(update={"files": files}), "en")
    assert {item.path: item.why for item in scope} == {
        "b.py": "moved from `a.py`",
        "run": "modified, mode only",
        "x.bin": "deleted, binary",
        "sub": "modified, submodule pointer",
    }


def test_without_files_there_is_no_scope() -> None:
    assert scope_of(make_commit(files={}), "en") == ()
