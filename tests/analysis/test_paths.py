"""Kinds of files by their names."""

import pytest

from analysis.paths import Kind, kind_of, shut_out


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("lib/runtime/src/distributed.rs", Kind.CORE),
        ("engine/latest.py", Kind.CORE),
        ("src/contest/app.ts", Kind.CORE),
        ("components/protest.py", Kind.CORE),
        ("web/src/api.ts", Kind.CORE),
        ("migrations/0001_initial.py", Kind.CORE),
        ("pyproject.toml", Kind.BUILD),
        ("requirements/common.txt", Kind.BUILD),
        ("docker/Dockerfile.rocm", Kind.BUILD),
        ("go.mod", Kind.BUILD),
        ("tests/test_a.py", Kind.TEST),
        ("test_a.py", Kind.TEST),
        ("pkg/server_test.go", Kind.TEST),
        ("web/src/app.spec.ts", Kind.TEST),
        ("src/test/java/AppTest.java", Kind.TEST),
        ("docs/guide.md", Kind.DOCS),
        ("README.md", Kind.DOCS),
        ("web/README.md", Kind.DOCS),
        (".github/workflows/ci.yml", Kind.CI),
        (".pre-commit-config.yaml", Kind.CI),
        ("ruff.toml", Kind.CI),
        (".gitignore", Kind.CI),
        ("examples/serve/main.py", Kind.EXAMPLE),
        ("benchmarks/throughput.py", Kind.BENCHMARK),
        ("package-lock.json", Kind.LOCK),
        ("web/pnpm-lock.yaml", Kind.LOCK),
        ("yarn.lock", Kind.LOCK),
        ("Cargo.lock", Kind.LOCK),
        ("uv.lock", Kind.LOCK),
        ("go.sum", Kind.LOCK),
        ("proto/gen/api.pb.go", Kind.GENERATED),
        ("api_pb2.py", Kind.GENERATED),
        ("web/dist/app.js", Kind.GENERATED),
        ("static/jquery.min.js", Kind.MINIFIED),
        ("vendor/github.com/x/y.go", Kind.VENDORED),
        ("third_party/zlib/zlib.c", Kind.VENDORED),
    ],
)
def test_a_name_tells_the_kind(path: str, kind: Kind) -> None:
    assert kind_of(path) is kind


def test_a_name_with_a_line_break_has_a_kind() -> None:
    assert kind_of("docs/a\nb.md") is Kind.DOCS


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("secrets/**", "secrets/a/b.txt"),
        ("secrets/", "secrets/a.txt"),
        ("/secrets", "secrets/a.txt"),
        ("*.pem", "deploy/keys/server.pem"),
        ("**/private/*", "a/b/private/key"),
        ("**/private/*", "private/key"),
        ("config/?.ini", "config/a.ini"),
        (".env", "deploy/.env"),
    ],
)
def test_an_excluded_path_is_shut_out(pattern: str, path: str) -> None:
    assert shut_out(path, (pattern,))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("secrets/**", "src/secrets.py"),
        ("secrets/**", "app/secrets/a"),
        ("*.pem", "a.pem.py"),
        ("config/*", "other/config/a.ini"),
        (".env", "src/xenv"),
    ],
)
def test_other_paths_are_not(pattern: str, path: str) -> None:
    assert not shut_out(path, (pattern,))
