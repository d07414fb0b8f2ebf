"""Kinds of files by their names."""

from typing import Literal

import pytest

from analysis.diff.paths import Kind, is_data, is_page, kind_of, kind_of_file, shut_out
from analysis.models import FileChange


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
        ("crates/store-test/src/lib.rs", Kind.TEST),
        ("packages/http-test-utils/index.ts", Kind.TEST),
        ("crates/store-dev/src/generate.rs", Kind.CI),
        ("src/devices/list.rs", Kind.CORE),
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
        ("deps/lua/src/lua.c", Kind.VENDORED),
        ("src/deps/lua.c", Kind.CORE),
        ("web/src/locales/de.json", Kind.TRANSLATION),
        ("po/de.po", Kind.TRANSLATION),
        ("scripts/release.sh", Kind.CI),
        ("scripts/install.sh", Kind.CORE),
        ("scripts/Dockerfile", Kind.BUILD),
        ("src/scripts/run.py", Kind.CORE),
        ("utils/generate-docs.rb", Kind.CI),
        ("engine/utils/text.py", Kind.CORE),
        (".github/workflows/docker-test.yml", Kind.CI),
        ("src/parser/tests.rs", Kind.TEST),
        ("qa/L0_http/test.sh", Kind.TEST),
        ("chains/qa/retriever.py", Kind.CORE),
        ("src/accelerate/testing.py", Kind.TEST),
        ("okhttp-testing-support/src/main/kotlin/Rule.kt", Kind.TEST),
        ("pkg/store/mocks/store.go", Kind.TEST),
        ("experiments/lora.json", Kind.BENCHMARK),
        ("src/experiments/flags.ts", Kind.CORE),
        ("site/data/gates.yaml", Kind.DOCS),
        ("src/site/app.ts", Kind.CORE),
        ("docs/package.json", Kind.DOCS),
        ("examples/todo/requirements.txt", Kind.EXAMPLE),
        ("ui/bindata.go", Kind.GENERATED),
        ("settings.gradle.kts", Kind.BUILD),
        ("build-logic/src/main/kotlin/conventions.kt", Kind.BUILD),
        ("netlify.toml", Kind.CI),
    ],
)
def test_a_name_tells_the_kind(path: str, kind: Kind) -> None:
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("path", "marked", "kind"),
    [
        ("src/a.py", None, Kind.CORE),
        ("src/a.py", "generated", Kind.GENERATED),
        ("src/a.py", "vendored", Kind.VENDORED),
        ("src/a.py", "neither", Kind.CORE),
        ("vendor/a.py", "neither", Kind.CORE),
        ("vendor/tests/a.py", "neither", Kind.TEST),
        ("dist/app.min.js", "neither", Kind.CORE),
        ("vendor/a.py", "generated", Kind.GENERATED),
        ("yarn.lock", "neither", Kind.LOCK),
    ],
)
def test_what_the_repository_says_of_a_file_goes_before_its_name(
    path: str, marked: Literal["generated", "vendored", "neither"] | None, kind: Kind
) -> None:
    assert kind_of_file(FileChange(path=path, status="M", marked=marked)) is kind


def test_pages_and_data_are_known_by_their_suffix() -> None:
    assert is_page("web/src/App.tsx")
    assert not is_page("web/src/api.ts")
    assert is_data("src/commands/get.json")
    assert not is_data("src/get.c")


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
