import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import Origin

from workers.patches import ReadLimits, quoted, read_diff


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    return Origin(tmp_path_factory.mktemp("git") / "origin.git")


@pytest.mark.parametrize(
    "path", [b"plain", b"a b", b"t\t", b'"', b"\\", b"\x01\x7f\x80\xff", "数".encode(), b"\r\a\b\f\v\n"]
)
def test_paths_are_quoted_as_git_quotes_them(origin: Origin, path: bytes) -> None:
    origin.commit("One path", {path: "1\n"}, parents=[])
    assert origin.git("ls-tree", "--name-only", "main").encode() == quoted(path)


@given(size=st.integers(1, 400))
def test_a_diff_does_not_depend_on_how_the_stream_is_cut(size: int) -> None:
    stream = b"".join(
        [
            b":100644 100644 1 2 R090\0old\nname\0new\0",
            b":100644 120000 1 2 T\0turns\0",
            b":000000 100644 0 1 A\0:x\0",
            b"1\t2\t\0old\nname\0new\0",
            b"1\t1\tturns\0",
            b"-\t-\t:x\0\0",
            b"diff --git a b\n-1\ndiff --git a/turns b/turns\n-1\ndiff --git a/turns b/turns\n+2\n",
            b"diff --git x x\n",
        ]
    )
    diff = read_diff((stream[start : start + size] for start in range(0, len(stream), size)), ReadLimits())
    assert [(file.old_path, file.path, file.status, file.additions) for file in diff.files] == [
        ("old\nname", "new", "R", 1),
        (None, "turns", "T", 1),
        (None, ":x", "A", None),
    ]
    assert [patch.text.count("diff --git") for patch in diff.patches] == [1, 2, 1]
    assert not diff.capped
