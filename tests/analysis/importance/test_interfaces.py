"""Names, options, fields, settings and variables that go or come."""

import pytest
from commits import make_commit
from signs import ARGPARSE, found

from analysis.importance.evidence import signs


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


def test_an_option_that_changes_its_kind_neither_goes_nor_comes() -> None:
    before, after = (f'cmd.{kind}().String("addr", "", "where")\n' for kind in ("PersistentFlags", "Flags"))
    assert not found("cmd/main.go", before, after)


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


def test_only_the_first_names_are_shown() -> None:
    before = "".join(f"def name{number}():\n    pass\n" for number in range(9))
    assert found("a.py", before, "") == {"removed-api": "name0, name1, name2 +6"}
