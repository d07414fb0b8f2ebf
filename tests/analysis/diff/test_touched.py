"""Places, however a text spells them."""

import pytest
from commits import make_commit

from analysis.diff.touched import Touched
from analysis.models import FileChange

PATHS = ("src/loader.py", "src/net/codec.rs", "src/net/tcp.rs", "docs/a b.md", "tests/net/main.py", "main.py")


def commit_of(*paths: str, moved_from: str | None = None) -> Touched:
    files = tuple(FileChange(path=path, old_path=moved_from, status="M", additions=1) for path in paths)
    return Touched(make_commit(files={}).model_copy(update={"files": files}))


@pytest.mark.parametrize(
    ("claim", "path"),
    [
        ("src/loader.py", "src/loader.py"),
        ("`src/loader.py`", "src/loader.py"),
        (" ./src/loader.py ", "src/loader.py"),
        ("/src/loader.py", "src/loader.py"),
        ("a/src/loader.py", "src/loader.py"),
        ("src/loader.py:120-130", "src/loader.py"),
        ("src/loader.py#L12", "src/loader.py"),
        ("loader.py", "src/loader.py"),
        ("net/codec.rs", "src/net/codec.rs"),
        ("src/net", "src/net/"),
        ("src/net/*", "src/net/"),
        ("src/**", "src/"),
        ("docs/a b.md", "docs/a b.md"),
        ("main.py", "main.py"),
    ],
)
def test_a_place_is_known_however_it_is_spelt(claim: str, path: str) -> None:
    assert commit_of(*PATHS).find(claim) == path


@pytest.mark.parametrize(
    "claim",
    ["", "/", "`", "*", "src/load", "oader.py", "src/other.py", "../src", "sr", "net", ".", "x/main.py"],
)
def test_a_place_that_is_not_touched_is_not_found(claim: str) -> None:
    assert commit_of(*PATHS).find(claim) is None


def test_the_old_name_of_a_moved_file_is_touched() -> None:
    assert commit_of("b.py", moved_from="a.py").find("a.py") == "a.py"
