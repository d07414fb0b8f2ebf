"""What patches show."""

import time

import pytest
from commits import make_commit

from analysis.importance.evidence import signs
from analysis.models import Reason

ARGPARSE = 'parser.add_argument("--chunk-size", type=int, default={})\n'


FORMS = {"only-removed", "reworded"}
"""What is said of the form of a patch, whatever stands in its lines."""


def found(path: str, before: str, after: str) -> dict[str, str]:
    seen = signs(make_commit(files={path: (before, after)}))
    return {sign.rule: sign.evidence for sign in seen if sign.rule not in FORMS}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("x = f()\ny = g()\n", "x = f()\n", "only-removed"),
        ("say('no such file')\n", "say('there is no such file')\ny = g()\n", "reworded"),
    ],
)
def test_the_form_of_a_patch_is_seen(before: str, after: str, rule: str) -> None:
    commit = make_commit(files={"engine/a.py": (before, after)})
    assert Reason(rule=rule, evidence="engine/a.py") in list(signs(commit))


@pytest.mark.parametrize(
    ("path", "before", "name"),
    [
        ("a.py", "class Router:\n    pass\n", "Router"),
        ("a.py", "class A:\n    async def fetch(self):\n        pass\n", "A, fetch"),
        ("a.rs", "pub async fn connect() {}\n", "connect"),
        ("a.go", "func (s *Server) Listen() error {\n}\n", "Listen"),
        ("a.ts", "export default function render() {}\n", "render"),
        ("A.java", "  public static List<String> names(int count) {\n  }\n", "names"),
        ("src/module.c", "int VM_StringLength(ValkeyModuleString *key) {\n}\n", "VM_StringLength"),
        ("src/module.h", "API int (*ValkeyModule_Call)(void);\n", "ValkeyModule_Call"),
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
        ("src/server.c", "int listen(void) {\n}\n", ""),
        ("internal/cache/cache.go", "func Get() {}\n", ""),
        ("web/src/Page.tsx", "export const Page = () => null\n", ""),
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


OPTIONS = [
    ("a.py", ARGPARSE.format(1), "--chunk-size"),
    ("a.py", 'parser.add_argument(\n    "--old",\n    type=int,\n)\n', "--old"),
    ("a.py", '@click.option("-q", "--quiet/--loud", is_flag=True)\n', "--quiet, --loud"),
    ("a.py", 'name: str = typer.Option(None, "--name")\n', "--name"),
    ("a.rs", 'Arg::new("old").long("old-cache")\n', "--old-cache"),
    (
        "a.rs",
        '    #[arg(long, default_value = "x")]\n    /// Why.\n    pub(crate) old_cache: bool,\n',
        "--old-cache",
    ),
    ("a.rs", '    #[arg(long = "old-cache", global = true)]\n    pub cache: bool,\n', "--old-cache"),
    ("a.go", 'cmd.Flags().StringVar(&path, "old-path", "", "where")\n', "--old-path"),
    ("a.go", 'port := flag.Int("port", 80, "where")\n', "--port"),
    ("a.ts", 'program.option("-o, --old <path>", "where")\n', "--old"),
]


@pytest.mark.parametrize(("path", "before", "name"), OPTIONS)
def test_an_option_that_goes_is_seen_and_one_that_comes(path: str, before: str, name: str) -> None:
    assert found(path, before, "") == {"removed-flag": name}
    assert found(path, "", before) == {"new-option": name}


def test_a_renamed_option_goes_and_comes() -> None:
    after = ARGPARSE.format(1).replace("chunk-size", "chunk")
    assert found("a.py", ARGPARSE.format(1), after) == {
        "removed-flag": "--chunk-size",
        "new-option": "--chunk",
    }


@pytest.mark.parametrize(
    "line",
    [
        'FETCH = ("fetch", "--prune", "--no-tags")\n',
        '    "--prune",\n',
        'subprocess.run(["git", "fetch", "--prune"])\n',
        'print("pass --prune")\n',
    ],
)
def test_an_option_for_another_program_is_none_of_ours(line: str) -> None:
    assert not found("a.py", line, "")
    assert not found("a.py", "", line)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  int32 memo_id = 1;\n", "  string memo = 1;\n"),
        ("  int32 memo_id = 1;\n", "  int64 memo_id = 1;\n"),
        ("  int32 memo_id = 1;\n", "  int32 memo_id = 2;\n"),
    ],
)
def test_a_field_that_is_sent_otherwise_is_seen(before: str, after: str) -> None:
    assert found("api.proto", before, after) == {"removed-field": "int32 memo_id = 1"}


def test_a_field_that_comes_breaks_nobody() -> None:
    assert not found("api.proto", "  int32 a = 1;\n", "  int32 a = 1;\n  repeated Memo b = 2;\n")


@pytest.mark.parametrize(
    ("path", "before", "name"),
    [
        ("src/config.c", '    createBoolConfig("io-threads", NULL, 0, server.io, 1, NULL),\n', "io-threads"),
        ("config.go", 'viper.SetDefault("data.dir", "/var")\n', "data.dir"),
        ("valkey.conf", "repl-diskless-sync yes\n", "repl-diskless-sync"),
    ],
)
def test_a_setting_that_goes_is_seen(path: str, before: str, name: str) -> None:
    assert found(path, before, "") == {"removed-setting": name}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'x = os.environ.get("CACHE_DIR")\n'),
        ("a.py", "x = os.environ['CACHE_DIR']\n"),
        ("a.rs", 'let x = env::var_os("CACHE_DIR");\n'),
        ("a.rs", '    pub const CACHE_DIR: &\'static str = "CACHE_DIR";\n'),
        ("a.go", 'x, ok := os.LookupEnv("CACHE_DIR")\n'),
        ("a.ts", "const x = process.env.CACHE_DIR;\n"),
        ("a.c", 'char *x = getenv("CACHE_DIR");\n'),
    ],
)
def test_an_environment_variable_that_is_no_longer_read_is_seen(path: str, line: str) -> None:
    assert found(path, line, "\n") == {"removed-variable": "CACHE_DIR"}


@pytest.mark.parametrize(
    ("before", "after", "evidence"),
    [
        (ARGPARSE.format(512), ARGPARSE.format(384), "--chunk-size: 512 → 384"),
        ("    default=512,\n", "    default=384,\n", "default: 512 → 384"),
        ('    engine: str = "v0",\nold = f()\n', '    engine: str = "v1",\n', 'engine: "v0" → "v1"'),
        ("DEFAULT_TTL = 512\n", "DEFAULT_TTL = 384\n", "DEFAULT_TTL: 512 → 384"),
        ("    eager: bool = False\n", "    eager: bool = True\n", "eager: False → True"),
        ("    retries: int = 3,\n", "    retries: int = 5,\n", "retries: 3 → 5"),
    ],
)
def test_a_changed_default_is_shown_with_both_values(before: str, after: str, evidence: str) -> None:
    assert found("a.py", before, after) == {"changed-default": evidence}


@pytest.mark.parametrize(
    ("path", "before", "after", "evidence"),
    [
        ("a.go", 'viper.SetDefault("port", 80)\n', 'viper.SetDefault("port", 81)\n', "port: 80 → 81"),
        ("a.go", 'f.IntVar(&p, "port", 80, "x")\n', 'f.IntVar(&p, "port", 81, "x")\n', "port: 80 → 81"),
        (
            "config.c",
            'createIntConfig("hz", NULL, MODIFIABLE, 0, 99, server.hz, 10, INTEGER, NULL, f),\n',
            'createIntConfig("hz", NULL, MODIFIABLE, 0, 99, server.hz, 20, INTEGER, NULL, f),\n',
            "hz: 10 → 20",
        ),
        (
            "redis.conf",
            "repl-backlog-size 1mb\n",
            "repl-backlog-size 10mb\n",
            "repl-backlog-size: 1mb → 10mb",
        ),
    ],
)
def test_defaults_are_known_in_other_languages(path: str, before: str, after: str, evidence: str) -> None:
    assert found(path, before, after) == {"changed-default": evidence}


@pytest.mark.parametrize(
    "line", ['VERSION = "1.{}"', '__version__ = "1.{}"', "RELEASE_DATE = {}", "rev: str = '{}'"]
)
def test_a_version_is_no_default(line: str) -> None:
    assert not found("a.py", line.format(1) + "\n", line.format(2) + "\n")


def test_lines_that_cannot_be_told_apart_are_not_paired() -> None:
    assert not found("a.py", "    default=1,\n    default=2,\n", "    default=2,\n")


def test_a_local_variable_has_no_default() -> None:
    assert not found("a.py", "count = 1\n", "count = 2\n")


@pytest.mark.parametrize(
    ("path", "line", "shown"),
    [
        ("a.py", "with threading.Lock():", "threading.Lock"),
        ("a.go", "var mu sync.RWMutex", "RWMutex"),
        ("a.rs", "self.map.lock().unwrap()", "lock"),
        ("a.c", "pthread_join(thread, NULL);", "pthread_join"),
    ],
)
def test_locks_that_are_touched_are_seen(path: str, line: str, shown: str) -> None:
    assert found(path, "\n", f"{line}\n") == {"locks": shown}


@pytest.mark.parametrize(
    "line", ["uv.lock", "lock = read('uv.lock')", "lock_file(path)", "block()", "self.unlocked"]
)
def test_a_lock_file_is_no_lock(line: str) -> None:
    assert not found("a.py", "\n", f"{line}\n")


@pytest.mark.parametrize(
    ("subject", "body", "rules"),
    [
        ("fix: answer", "Writes could be lost: data loss.", ["data-loss-in-body"]),
        ("fix: answer", "This could hang and crash.", ["deadlock-in-body", "crash-in-body"]),
        ("fix: crash", "This could crash.", []),
        ("fix: answer", "See CVE-2026-12345.", ["security-in-body"]),
        ("Bump x from 1.2 to 1.3", "Fixes a crash, CVE-2026-12345.", ["security-in-body"]),
        ("fix: answer", "BREAKING CHANGE: none", []),
    ],
)
def test_the_body_is_heard(subject: str, body: str, rules: list[str]) -> None:
    assert [sign.rule for sign in signs(make_commit(subject, {}, body=body))] == rules


def test_danger_is_seen_in_the_comments_of_changed_code() -> None:
    shown = found("a.c", "\n", "// or the list is corrupted\nfree(list);\n")
    assert shown == {"stakes-in-code": "corrupted"}
    assert not found("a.c", "\n", "free(corrupted);\n")
    assert not found("a.rs", "\n", "/// # Panics\nlet x = 1;\n")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "# why\n\n#: how\n"),
        ("a.rs", "/// why\n//! how\n"),
        ("a.c", "/* why\n * how\n */\n"),
        ("a.sql", "-- why\n"),
    ],
)
def test_a_change_of_comments_only_is_seen(path: str, text: str) -> None:
    assert found(path, "x\n", f"{text}x\n") == {"only-comments": path}
    assert not found(path, "x\n", f"{text}x\ny\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [("x = 1  \n", "x = 1\n"), ("x\ny\n", "x\n\ny\n"), ("x = 1\n# a\n", "# b\nx = 1\n")],
)
def test_blanks_are_no_change_either(before: str, after: str) -> None:
    assert found("a.py", before, after) == {"only-comments": "a.py"}


@pytest.mark.parametrize(("before", "after"), [("x\ny\n", "y\nx\n"), ("if x:\n    y\n", "if x:\ny\n")])
def test_lines_that_move_or_are_indented_are(before: str, after: str) -> None:
    assert not found("a.py", before, after)


@pytest.mark.parametrize(("path", "line"), [("a.c", "#define X 1"), ("a.c", "*p = 1;"), ("a.txt", "# why")])
def test_what_looks_like_a_comment_is_none(path: str, line: str) -> None:
    assert "only-comments" not in found(path, "x\n", f"{line}\nx\n")


def test_a_new_mode_beside_a_comment_is_more_than_a_comment() -> None:
    commit = make_commit(files={"a.py": ("x\n", "# why\nx\n"), "b.py": ("x\n", "x\n")})
    only = commit.model_copy(update={"patches": commit.patches[:1]})
    assert not list(signs(only))


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


def test_only_the_first_names_are_shown() -> None:
    before = "".join(f"def name{number}():\n    pass\n" for number in range(9))
    assert found("a.py", before, "") == {"removed-api": "name0, name1, name2 +6"}


def test_a_sign_belongs_to_its_own_line() -> None:
    before = 'flags = [\n\n    "--kept",\n]\n'
    assert found("a.py", before, before.replace("\n\n", "\n")) == {"only-comments": "a.py"}


STALLING = [
    "add_argument(" * 22,
    "public " + "a" * 290,
    "public " + "<a, " * 70,
    "os.environ[ " * 24,
    "default=" * 36,
    "a: b: " * 48,
    "A_B" + ": " * 140,
    " " * 299,
    "'--" + "a-" * 140,
    "#[arg(long " * 26,
    'flags("a",' * 29,
    "map<a, " * 42,
    'createIntConfig("a",' + "server.a," * 30,
    "a-b-" * 74,
    "/* " * 98,
    '"' + "a" * 100 + '"' + " " * 190,
    "0." * 148,
]


@pytest.mark.parametrize(
    "path", ["a.py", "a.rs", "a.go", "a.ts", "a.c", "a.proto", "a.conf", "pyproject.toml"]
)
def test_lines_made_to_stall_do_not(path: str) -> None:
    text = "".join(f"{line}{number}\n" for line in STALLING for number in range(300))
    commit = make_commit(files={path: ("", text)})
    started = time.process_time()
    list(signs(commit))
    assert time.process_time() - started < 10


def test_a_giant_line_is_not_looked_at() -> None:
    started = time.process_time()
    assert not found("a.py", "def f():" + "add_argument('--x', default=1)" * 20_000 + "\n", "")
    assert time.process_time() - started < 5
