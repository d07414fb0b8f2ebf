"""Claims held against the commit."""

import pytest
from commits import make_commit

from analysis.grounding import Touched, grounded_risks, grounded_scope
from analysis.models import FileChange, Risk, ScopeItem

PATHS = ("src/loader.py", "src/net/codec.rs", "src/net/tcp.rs", "docs/a b.md", "tests/net/main.py", "main.py")


def commit_of(*paths: str, moved_from: str | None = None) -> Touched:
    return Touched(_facts(*paths, moved_from=moved_from))


def _facts(*paths: str, moved_from: str | None = None):  # noqa: ANN202 - a commit
    files = tuple(FileChange(path=path, old_path=moved_from, status="M", additions=1) for path in paths)
    return make_commit().model_copy(update={"files": files})


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


def test_the_scope_keeps_each_touched_place_once() -> None:
    given = [
        ScopeItem(path="loader.py", why="first"),
        ScopeItem(path="src/loader.py", why="again"),
        ScopeItem(path="src/invented.py", why="no"),
    ]
    assert grounded_scope(given, _facts(*PATHS)) == (ScopeItem(path="src/loader.py", why="first"),)


def test_a_risk_without_its_file_is_dropped() -> None:
    given = [Risk(text="a", path="src/net/tcp.rs"), Risk(text="b", path="gone.py"), Risk(text="c")]
    assert grounded_risks(given, _facts(*PATHS)) == (Risk(text="a", path="src/net/tcp.rs"),)


def test_in_a_commit_of_one_file_a_risk_can_only_come_from_it() -> None:
    given = [Risk(text="a"), Risk(text="b", path="elsewhere.py")]
    assert grounded_risks(given, _facts("only.py")) == (Risk(text="a", path="only.py"),)
