"""What kind of file a path is, by its name alone; and whether the operator has shut it out."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache


class Kind(StrEnum):
    """What a file is to someone who follows the repository."""

    CORE = "core"
    BUILD = "build"
    TEST = "test"
    DOCS = "docs"
    CI = "ci"
    EXAMPLE = "example"
    BENCHMARK = "benchmark"
    LOCK = "lock"
    GENERATED = "generated"
    MINIFIED = "minified"
    VENDORED = "vendored"


SKIPPABLE = frozenset({Kind.TEST, Kind.DOCS, Kind.CI, Kind.EXAMPLE, Kind.BENCHMARK})
"""A change that touches nothing else can be skipped by who only runs the project."""

UNREAD = frozenset({Kind.LOCK, Kind.GENERATED, Kind.MINIFIED, Kind.VENDORED})
"""Made by a program or elsewhere: a line about them says as much as their patch."""

_LOCKS = (
    r"(?:package-lock|npm-shrinkwrap|composer-lock|deno)\.json|(?:pnpm-lock|bun\.lockb?|yarn)\.?(?:ya?ml|lock)?|"
    r"[^/]+\.lock|go\.(?:work\.)?sum|gradle\.lockfile|Package\.resolved|packages\.lock\.json|flake\.lock|"
    r"mix\.lock|requirements[^/]*\.lock\.txt|\.terraform\.lock\.hcl"
)
_GENERATED = (
    r"[^/]*(?:\.pb\.(?:go|cc|h|rs|ts|js)|_pb2(?:_grpc)?\.pyi?|\.pb\.gw\.go|_generated\.\w+|\.generated\.\w+|\.gen\.\w+|"
    r"\.g\.dart|\.freezed\.dart|\.designer\.cs|_string\.go|zz_generated[^/]*|\.snap|\.map|\.ipynb|\.svg|\.drawio)|"
    r"__snapshots__/.+|(?:dist|gen|generated|__generated__)/.+"
)
_VENDORED = r"(?:vendor|vendored|third[_-]?party|3rdparty|node_modules|external|bower_components|_vendor)/.+"
_TESTS = (
    r"(?:tests?|testing|__tests__|specs?|e2e|testdata|fixtures|conformance)/.+|test_[^/]+|conftest\.py|"
    r"[^/]+[._-](?:test|tests|spec)\.\w+|[^/]+(?:Test|Tests|Spec|IT)\.(?:java|kt|scala|cs|swift|php|groovy)"
)
_DOCS = (
    r"(?:docs?|documentation|website|man|fern)/.+|[^/]+\.(?:md|mdx|rst|adoc|asciidoc|markdown)|"
    r"(?:README|LICEN[CS]E|NOTICE|AUTHORS|CONTRIBUTORS|CHANGELOG|CHANGES|HISTORY|NEWS|COPYING|CITATION)[^/]*"
)
_CI = (
    r"\.(?:github|gitlab|circleci|buildkite|ci|woodpecker|azure-pipelines|husky|vscode|idea|devcontainer|claude|cursor)/.+|"
    r"(?:\.gitlab-ci|\.travis|appveyor|azure-pipelines|codecov|\.codecov|\.pre-commit-config|\.readthedocs|mkdocs|"
    r"dependabot|renovate|\.coderabbit|\.yamllint|\.golangci|\.markdownlint)[^/]*\.(?:ya?ml|json|toml)|Jenkinsfile[^/]*|"
    r"CODEOWNERS|tox\.ini|noxfile\.py|mypy\.ini|pytest\.ini|\.?ruff\.toml|\.coveragerc|\.codespellrc|"
    r"\.(?:gitignore|gitattributes|gitmodules|editorconfig|mailmap|dockerignore|flake8|pylintrc|clang-format|clang-tidy)|"
    r"\.(?:eslint|prettier|stylelint)[^/]*|(?:eslint|prettier|jest|vitest)\.config\.\w+"
)
_EXAMPLES = r"(?:examples?|samples?|demos?|tutorials?|cookbooks?)/.+"
_BENCHMARKS = r"(?:bench|benches|benchmarks?)/.+|(?:bench|benchmark)_[^/]+|[^/]+_(?:bench|benchmark)\.\w+"
_BUILD = (
    r"(?:[^/]*Dockerfile[^/]*|[^/]+\.dockerfile|(?:docker-)?compose[^/]*\.ya?ml|GNUmakefile|[Mm]akefile|[^/]+\.mk|"
    r"CMakeLists\.txt|[^/]+\.cmake|meson\.build|[^/]+\.bzl|BUILD(?:\.bazel)?|WORKSPACE|pyproject\.toml|setup\.(?:py|cfg)|"
    r"MANIFEST\.in|requirements[^/]*\.(?:txt|in)|constraints[^/]*\.txt|Pipfile|environment\.ya?ml|package\.json|tsconfig[^/]*\.json|"
    r"go\.(?:mod|work)|Cargo\.toml|build\.(?:rs|gradle|gradle\.kts|sbt)|pom\.xml|Gemfile|[^/]+\.gemspec|"
    r"(?:vite|webpack|rollup)\.config\.\w+|Procfile|[^/]+\.nix)|requirements/.+"
)
_MINIFIED = r"[^/]+[.-]min\.(?:js|css|mjs)"

_ORDER = (
    (Kind.LOCK, _LOCKS),
    (Kind.MINIFIED, _MINIFIED),
    (Kind.VENDORED, _VENDORED),
    (Kind.GENERATED, _GENERATED),
    (Kind.TEST, _TESTS),
    (Kind.BENCHMARK, _BENCHMARKS),
    (Kind.CI, _CI),
    (Kind.BUILD, _BUILD),
    (Kind.DOCS, _DOCS),
    (Kind.EXAMPLE, _EXAMPLES),
)
_PATTERNS = tuple((kind, re.compile(rf"(?:.*/)?(?:{pattern})\Z", re.DOTALL)) for kind, pattern in _ORDER)


def kind_of(path: str) -> Kind:
    """The kind of a file; CORE when nothing about its name says otherwise."""
    return next((kind for kind, pattern in _PATTERNS if pattern.match(path)), Kind.CORE)


def shut_out(path: str, patterns: Iterable[str]) -> bool:
    """Whether one of the operator's `exclude_paths` matches; read like a `.gitignore`'s lines."""
    return any(_glob(pattern).match(path) for pattern in patterns)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/"))
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(wild.get(part, re.escape(part)) for part in parts)
    return re.compile(rf"{anywhere}{body}(?:/.*)?\Z", re.DOTALL)
