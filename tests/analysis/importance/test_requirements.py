"""What is asked of who installs."""

import pytest
from commits import make_commit
from signs import found

from analysis.importance.evidence import signs


@pytest.mark.parametrize(
    ("path", "before", "after", "rule", "evidence"),
    [
        (
            "pyproject.toml",
            'requires-python = ">=3.8"',
            'requires-python = ">=3.9"',
            "requirement",
            "requires-python: >=3.8 → >=3.9",
        ),
        ("go.mod", "go 1.21", "go 1.22", "requirement", "go: 1.21 → 1.22"),
        (
            "Cargo.toml",
            'rust-version = "1.80"',
            'rust-version = "1.81"',
            "requirement",
            "rust-version: 1.80 → 1.81",
        ),
        ("pyproject.toml", '    "redis>=4.5,<6",', '    "redis>=5.0,<6",', "major-dependency", "redis 4 → 5"),
        ("requirements.txt", "redis==4.5", "redis==5.0", "major-dependency", "redis 4 → 5"),
        (
            "Cargo.toml",
            'toml = { version = "0.8", x = 1 }',
            'toml = { version = "1.0", x = 1 }',
            "major-dependency",
            "toml 0 → 1",
        ),
        ("package.json", '    "vue": "^2.2.0",', '    "vue": "^3.0.0",', "major-dependency", "vue 2 → 3"),
        (
            "go.mod",
            "\texample.org/grpc v1.60.0",
            "\texample.org/grpc v2.0.1",
            "major-dependency",
            "example.org/grpc 1 → 2",
        ),
    ],
)
def test_what_is_asked_of_who_installs_is_seen(
    path: str, before: str, after: str, rule: str, evidence: str
) -> None:
    assert found(path, f"{before}\n", f"{after}\n") == {rule: evidence}


@pytest.mark.parametrize(
    ("path", "before", "after", "only"),
    [
        ("go.mod", "\texample.org/grpc v1.60.0", "\texample.org/grpc v1.60.1", True),
        ("go.mod", "\texample.org/grpc v1.60.0", "\texample.org/grpc v1.60.1\n\texample.org/x v1.0.0", False),
        ("Cargo.toml", 'toml = { version = "0.8" }', 'toml = { version = "0.9" }', True),
        ("Cargo.toml", 'toml = { version = "0.8" }', 'toml = { version = "0.8", features = ["x"] }', False),
        ("pyproject.toml", 'version = "1.0"', 'version = "1.1"', False),
        ("Makefile", "CFLAGS = -O2", "CFLAGS = -O3", False),
    ],
)
def test_other_versions_of_the_same_dependencies_are_known_as_such(
    path: str, before: str, after: str, *, only: bool
) -> None:
    lock = {"some.lock": ("a\n", "b\n")}
    commit = make_commit(files={path: (f"{before}\n", f"{after}\n"), **lock})
    assert ("only-versions" in [sign.rule for sign in signs(commit)]) is only
    assert "only-versions" not in found(path, f"{before}\n", f"{after}\n")


def test_versions_beside_code_are_not_all_that_changes() -> None:
    commit = make_commit(
        files={"go.mod": ("\ta.org/b v1.0.0\n", "\ta.org/b v1.0.1\n"), "a.go": ("x\n", "y\n")}
    )
    assert not list(signs(commit))


def test_a_trailing_zero_asks_for_the_same_runtime() -> None:
    assert not found("go.mod", "go 1.24\n", "go 1.24.0\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('version = "1.0"', 'version = "2.0"'),
        ('    "redis>=4.5",', '    "redis>=4.6",'),
        ("line-length = 100", "line-length = 110"),
        ('    "redis>=4.5",', ""),
        ('    "pytest>=8.0",', '    "pytest>=9.0",'),
        ("redis==4.5\n    # via rq", "redis==5.0\n    # via rq"),
    ],
)
def test_what_is_asked_of_nobody_is_not(before: str, after: str) -> None:
    assert not found("pyproject.toml", f"{before}\n", f"{after}\n")
