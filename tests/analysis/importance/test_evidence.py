"""What patches show."""

import time

import pytest
from commits import make_commit
from signs import found

from analysis.importance.evidence import signs
from analysis.models import Reason


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
