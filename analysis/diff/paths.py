"""What kind of file a path is, by its name and the repository's marks; and what the operator has shut out."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache

from analysis.models import FileChange


class Kind(StrEnum):
    """What a file is to someone who follows the repository."""

    CORE = "core"
    BUILD = "build"
    TEST = "test"
    DOCS = "docs"
    CI = "ci"
    EXAMPLE = "example"
    BENCHMARK = "benchmark"
    TRANSLATION = "translation"
    LOCK = "lock"
    GENERATED = "generated"
    MINIFIED = "minified"
    VENDORED = "vendored"


SKIPPABLE = frozenset({Kind.TEST, Kind.DOCS, Kind.CI, Kind.EXAMPLE, Kind.BENCHMARK, Kind.TRANSLATION})
"""A change that touches nothing else can be skipped by who only runs the project."""

UNREAD = frozenset({Kind.LOCK, Kind.GENERATED, Kind.MINIFIED, Kind.VENDORED})
"""Made by a program or elsewhere: a line about them says as much as their patch."""
MADE = frozenset({Kind.GENERATED, Kind.MINIFIED})
"""Made from other files of the repository: says nothing that those do not."""

_LOCKS = (
    r"(?:package-lock|npm-shrinkwrap|composer-lock|deno)\.json|(?:pnpm-lock|bun\.lockb?|yarn)\.?(?:ya?ml|lock)?|"
    r"[^/]+\.lock|go\.(?:work\.)?sum|gradle\.lockfile|Package\.resolved|packages\.lock\.json|flake\.lock|"
    r"mix\.lock|requirements[^/]*\.lock\.txt|\.terraform\.lock\.hcl"
)
_GENERATED = (
    r"[^/]*(?:\.pb\.(?:go|cc|h|rs|ts|js)|_pb2(?:_grpc)?\.pyi?|\.pb\.gw\.go|_generated\.\w+|\.generated\.\w+|\.gen\.\w+|"
    r"\.g\.dart|\.freezed\.dart|\.designer\.cs|_string\.go|bindata\.go|zz_generated[^/]*|\.snap|\.map|\.ipynb|\.svg|\.drawio)|"
    r"__snapshots__/.+|(?:dist|gen|generated|__generated__)/.+"
)
_VENDORED = (
    r"(?:vendor|vendored|third[_-]?party|3rdparty|node_modules|external|bower_components|_vendor)/.+|"
    r"(?<!/)deps/.+"
)
_TESTS = (
    r"(?:tests?|testing|test[_-]?utils?|__tests__|specs?|e2e|testdata|fixtures|conformance|mocks?|androidTest)/.+|"
    r"(?<!/)qa/.+|test_[^/]+|conftest\.py|"
    r"(?:tests?|testing)\.(?:rs|py|go|ts|js)|run_?-?tests?(?:[._-][\w.-]+)?|"
    r"[^/]+-(?:tests?|testing|test(?:ing)?-(?:utils?|support|helpers?))/.+|"
    r"[^/]+[._-](?:test|tests|spec)\.\w+|[^/]+(?:Test|Tests|Spec|IT)\.(?:java|kt|scala|cs|swift|php|groovy)"
)
_DOCS = (
    r"(?:[Dd]ocs?|[Dd]ocumentation|website|man|fern)/.+|(?<!/)site/.+|[^/]+\.(?:md|mdx|rst|adoc|asciidoc|markdown)|"
    r"(?:README|LICEN[CS]E|NOTICE|AUTHORS|CONTRIBUTORS|MAINTAINERS|GOVERNANCE|ROADMAP|(?:CODE_OF_)?CONDUCT|CHANGELOG|CHANGES|HISTORY|NEWS|COPYING|CITATION)[^/]*"
)
_CI = (
    r"\.(?:github|gitlab|circleci|buildkite|ci|woodpecker|azure-pipelines|husky|vscode|idea|devcontainer|claude|cursor|codex|agents?)/.+|"
    r"(?:\.gitlab-ci|\.travis|appveyor|azure-pipelines|codecov|\.codecov|\.pre-commit-config|\.readthedocs|mkdocs|"
    r"dependabot|renovate|netlify|\.coderabbit|\.yamllint|\.golangci|\.markdownlint)[^/]*\.(?:ya?ml|json|toml)|Jenkinsfile[^/]*|"
    r"\.config/nextest\.toml|\.env(?:rc|\.[\w.]+)?|\.(?:tool-versions|python-version|nvmrc|node-version)|"
    r"CODEOWNERS|tox\.ini|noxfile\.py|mypy\.ini|pytest\.ini|\.?ruff\.toml|\.coveragerc|\.codespellrc|"
    r"\.(?:gitignore|gitattributes|gitmodules|editorconfig|mailmap|dockerignore|flake8|pylintrc|clang-format|clang-tidy)|"
    r"\.(?:eslint|prettier|stylelint)[^/]*|(?:eslint|prettier|jest|vitest)\.config\.\w+|biome\.jsonc?|"
    r"(?:dist-workspace|dist|cliff|release-plz|deny|rustfmt|clippy|typos|_typos|\.?taplo)\.toml|[Jj]ustfile|"
    r"[\w.-]+-dev/.+|"
    r"(?<!/)(?:scripts?|hack|tools|utils)/(?!(?:.*/)?(?:[^/]*Dockerfile|entrypoint|install\.)).+"
)
_EXAMPLES = r"(?:examples?|samples?|demos?|tutorials?|cookbooks?|seeds?)/.+"
_BENCHMARKS = (
    r"(?:[^/]+-)?(?:bench|benches|benchmarks?|profiling)/.+|(?<!/)experiments?/.+|"
    r"(?:bench|benchmark)_[^/]+|[^/]+_(?:bench|benchmark)\.\w+"
)
_BUILD = (
    r"(?:[^/]*Dockerfile[^/]*|[^/]+\.dockerfile|(?:docker-)?compose[^/]*\.ya?ml|GNUmakefile|[Mm]akefile|[^/]+\.mk|"
    r"CMakeLists\.txt|[^/]+\.cmake|meson\.build|[^/]+\.bzl|BUILD(?:\.bazel)?|WORKSPACE|pyproject\.toml|setup\.(?:py|cfg)|"
    r"MANIFEST\.in|requirements[^/]*\.(?:txt|in)|constraints[^/]*\.txt|Pipfile|environment\.ya?ml|package\.json|tsconfig[^/]*\.json|"
    r"go\.(?:mod|work)|Cargo\.toml|build\.(?:rs|sbt)|[^/]+\.gradle(?:\.kts)?|pom\.xml|Gemfile|[^/]+\.gemspec|"
    r"(?:vite|webpack|rollup)\.config\.\w+|Procfile|[^/]+\.nix)|(?:requirements|build-logic)/.+"
)
_TRANSLATIONS = (
    r"(?:locales?|i18n|translations?|lang)/.+\.(?:json|ya?ml|xlf|arb|properties|ftl|strings|toml)|"
    r"[^/]+\.(?:po|pot|mo)"
)
_MINIFIED = r"[^/]+[.-]min\.(?:js|css|mjs)"

_ORDER = (
    (Kind.LOCK, _LOCKS),
    (Kind.MINIFIED, _MINIFIED),
    (Kind.VENDORED, _VENDORED),
    (Kind.GENERATED, _GENERATED),
    (Kind.CI, _CI),
    (Kind.TEST, _TESTS),
    (Kind.BENCHMARK, _BENCHMARKS),
    (Kind.TRANSLATION, _TRANSLATIONS),
    (Kind.DOCS, _DOCS),
    (Kind.EXAMPLE, _EXAMPLES),
    (Kind.BUILD, _BUILD),
)
_MARKED = {"generated": Kind.GENERATED, "vendored": Kind.VENDORED}
_MARKABLE = frozenset({Kind.GENERATED, Kind.MINIFIED, Kind.VENDORED})
_PATTERNS = tuple((kind, re.compile(rf"(?:.*/)?(?:{pattern})\Z", re.DOTALL)) for kind, pattern in _ORDER)
_PAGES = re.compile(r".+\.(?:tsx|jsx|vue|svelte|html?|css|scss|sass|less)")
_DATA = re.compile(r".+\.(?:json[5l]?|ya?ml|xml|csv|tsv|txt|conf|svg)")


def is_data(path: str) -> bool:
    """Whether its lines are values, of which a program writes a thousand as easily as one."""
    return bool(_DATA.fullmatch(path))


def is_page(path: str) -> bool:
    """Whether it is part of what a browser shows."""
    return bool(_PAGES.fullmatch(path))


def kind_of(path: str) -> Kind:
    """The kind of a file; CORE when nothing about its name says otherwise."""
    return next(_kinds(path), Kind.CORE)


def kind_of_file(file: FileChange) -> Kind:
    """The kind of a changed file: what its `.gitattributes` say goes before what its name looks like."""
    if file.marked in _MARKED:
        return _MARKED[file.marked]
    kinds = _kinds(file.path)
    if file.marked == "neither":
        return next((kind for kind in kinds if kind not in _MARKABLE), Kind.CORE)
    return next(kinds, Kind.CORE)


def _kinds(path: str) -> Iterator[Kind]:
    return (kind for kind, pattern in _PATTERNS if pattern.match(path))


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
