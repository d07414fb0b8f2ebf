"""What patches show."""

import time

import pytest
from commits import make_commit

from analysis.evidence import signs

ARGPARSE = 'parser.add_argument("--chunk-size", type=int, default={})\n'


def found(path: str, before: str, after: str) -> dict[str, str]:
    return {sign.rule: sign.evidence for sign in signs(make_commit(files={path: (before, after)}))}


@pytest.mark.parametrize(
    ("path", "before", "name"),
    [
        ("a.py", "class Router:\n    pass\n", "Router"),
        ("a.py", "class A:\n    async def fetch(self):\n        pass\n", "A, fetch"),
        ("a.rs", "pub async fn connect() {}\n", "connect"),
        ("a.go", "func (s *Server) Listen() error {\n}\n", "Listen"),
        ("a.ts", "export default function render() {}\n", "render"),
        ("A.java", "  public static List<String> names(int count) {\n  }\n", "names"),
    ],
)
def test_a_public_name_that_goes_is_seen(path: str, before: str, name: str) -> None:
    assert found(path, before, "") == {"removed-api": name}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", "def _private():\n    pass\n", ""),
        ("a.py", "def size(a):\n    pass\n", "def size(a, b):\n    pass\n"),
        ("a.go", "func local() {}\n", ""),
        ("a.rs", "fn local() {}\n", ""),
        ("tests/test_a.py", "def test_it():\n    pass\n", ""),
    ],
)
def test_a_name_that_is_private_kept_or_of_a_test_is_not(path: str, before: str, after: str) -> None:
    assert not found(path, before, after)


def test_a_name_that_moves_to_another_file_is_not_gone() -> None:
    code = "def route():\n    pass\n"
    assert not list(signs(make_commit(files={"a.py": (code, None), "b.py": (None, code)})))


def test_nothing_is_gone_from_patches_that_were_cut() -> None:
    commit = make_commit(files={"a.py": ("class Router:\n    pass\n", "")})
    cut = commit.patches[0].model_copy(update={"truncated": True})
    assert not list(signs(commit.model_copy(update={"capped": True})))
    assert not list(signs(commit.model_copy(update={"patches": (cut,)})))


def test_a_renamed_flag_is_gone() -> None:
    assert found("a.py", ARGPARSE.format(1), ARGPARSE.format(1).replace("chunk-size", "chunk"))[
        "removed-flag"
    ] == ("--chunk-size")


def test_a_flag_on_a_line_of_its_own_is_seen() -> None:
    before = 'parser.add_argument(\n    "--old",\n    type=int,\n)\n'
    assert found("a.py", before, "") == {"removed-flag": "--old"}


def test_an_environment_variable_that_is_no_longer_read_is_seen() -> None:
    assert found("a.py", 'x = os.environ.get("CACHE_DIR")\n', "x = None\n") == {
        "removed-variable": "CACHE_DIR"
    }


@pytest.mark.parametrize(
    ("before", "after", "evidence"),
    [
        (ARGPARSE.format(512), ARGPARSE.format(384), "--chunk-size: 512 → 384"),
        ("    default=512,\n", "    default=384,\n", "default: 512 → 384"),
        ('    engine: str = "v0",\nold = f()\n', '    engine: str = "v1",\n', 'engine: "v0" → "v1"'),
        ("MAX_BATCH = 512\n", "MAX_BATCH = 384\n", "MAX_BATCH: 512 → 384"),
        ("    eager: bool = False\n", "    eager: bool = True\n", "eager: False → True"),
        ("    retries: int = 3,\n", "    retries: int = 5,\n", "retries: 3 → 5"),
    ],
)
def test_a_changed_default_is_shown_with_both_values(before: str, after: str, evidence: str) -> None:
    assert found("a.py", before, after) == {"changed-default": evidence}


def test_lines_that_cannot_be_told_apart_are_not_paired() -> None:
    assert not found("a.py", "    default=1,\n    default=2,\n", "    default=2,\n")


def test_a_local_variable_has_no_default() -> None:
    assert not found("a.py", "count = 1\n", "count = 2\n")


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("store/migration/mysql/02__reaction.sql", "migration"),
        ("app/migrations/0002_name.py", "migration"),
        ("proto/api/v1/memo.proto", "wire-format"),
        ("api/openapi.yaml", "schema"),
        ("deploy/crds/graph.yaml", "schema"),
    ],
)
def test_schemas_are_known_by_their_place(path: str, rule: str) -> None:
    assert rule in found(path, "a\n", "b\n")


def test_only_the_first_names_are_shown() -> None:
    before = "".join(f"def name{number}():\n    pass\n" for number in range(9))
    assert found("a.py", before, "") == {"removed-api": "name0, name1, name2 +6"}


def test_a_sign_belongs_to_its_own_line() -> None:
    before = 'flags = [\n\n    "--kept",\n]\n'
    assert not found("a.py", before, before.replace("\n\n", "\n"))


@pytest.mark.parametrize(
    "line",
    [
        "add_argument(" * 22,
        "public " + "a" * 290,
        "public " + "<a, " * 70,
        "os.environ[ " * 24,
        "default=" * 36,
        "a: b: " * 48,
        "A_B" + ": " * 140,
        " " * 299,
        "'--" + "a-" * 140,
    ],
)
def test_lines_made_to_stall_do_not(line: str) -> None:
    text = "".join(f"{line}{number}\n" for number in range(3_000))
    commit = make_commit(files={"a.py": ("", text)})
    started = time.process_time()
    list(signs(commit))
    assert time.process_time() - started < 10


def test_a_giant_line_is_not_looked_at() -> None:
    started = time.process_time()
    assert not found("a.py", "def f():" + "add_argument('--x', default=1)" * 20_000 + "\n", "")
    assert time.process_time() - started < 5
