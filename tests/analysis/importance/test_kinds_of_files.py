"""What files say by their kind, and by what changes beside them."""

import pytest
from builders import make_facts
from commits import lines, make_commit

from analysis.importance.triage import replay, triage
from analysis.models import FileChange, Importance, Reason, Verdict


def test_what_only_changes_the_build_weighs_less_than_code() -> None:
    def verdict(path: str) -> Verdict:
        return triage(make_commit("Link the math library", {path: ("", "LIBS = -lm\n")}))

    assert verdict("src/Makefile").importance is Importance.LOW
    assert Reason(rule="only-build") in verdict("src/Makefile").reasons
    assert verdict("src/link.c").importance is Importance.MEDIUM
    both = {"Makefile": ("", "LIBS = -lm\n"), "src/link.c": ("", "int link;\n")}
    assert Reason(rule="only-build") not in triage(make_commit("Link the math library", both)).reasons


def test_tests_beside_the_code_say_that_its_behaviour_changes() -> None:
    code = {"engine/server.py": ("x = 1\n", "x = 2\n")}
    tests = {"tests/test_server.py": ("", "".join(f"assert x == {number}\n" for number in range(5)))}
    assert triage(make_commit("refactor: move it", code)).importance is Importance.LOW
    tested = triage(make_commit("refactor: move it", code | tests))
    assert tested.importance is Importance.MEDIUM
    assert Reason(rule="tests-too", evidence="5") in tested.reasons


def test_ci_beside_the_code_says_that_it_is_about_the_project_itself() -> None:
    code = {"engine/server.py": ("x = 1\n", "x = 2\n")}
    ci = {".github/workflows/test.yml": ("a: 1\n", "a: 2\n")}
    assert triage(make_commit("Watch the runs", code)).importance is Importance.MEDIUM
    assert triage(make_commit("Watch the runs", code | ci)).importance is Importance.LOW


def test_tests_that_say_something_else_tell_of_another_behaviour() -> None:
    code = {"engine/server.py": ("x = 1\n", "x = 2\n")}
    tests = {"tests/test_server.py": ("assert x == 1\nassert y\n", "assert x == 2\nassert y\n")}
    more = {"tests/test_server.py": ("assert x\n", "assert x\nassert y\n")}
    assert Reason(rule="tests-changed", evidence="+1 -1") in triage(make_commit("Tidy", code | tests)).reasons
    assert "tests-changed" not in {each.rule for each in triage(make_commit("Tidy", code | more)).reasons}
    assert "tests-changed" not in {each.rule for each in triage(make_commit("Tidy", tests)).reasons}


@pytest.mark.parametrize(("path", "gone"), [("engine/old.py", True), ("engine/old.json", False)])
def test_a_whole_file_of_code_that_goes_is_seen(path: str, *, gone: bool) -> None:
    file = FileChange(path=path, status="D", additions=0, deletions=3)
    commit = make_commit("Tidy", {}).model_copy(update={"files": (file,)})
    assert (Reason(rule="removed-file", evidence=path) in triage(commit).reasons) is gone


def test_what_is_let_through_no_longer_is_high_with_its_tests() -> None:
    code = {"engine/server.py": ("x = 1\n", "x = 2\n")}
    tests = {"tests/test_server.py": ("", lines(5))}
    verdict = triage(make_commit("Reject names that collide", code | tests))
    assert "strict-word" in {each.rule for each in verdict.reasons}
    assert verdict.importance is Importance.HIGH


@pytest.mark.parametrize(
    ("subject", "path"),
    [
        ("Adds a code of conduct", "CONDUCT"),
        ("Remove stale input", "crates/engine-bench/inputs/tags.rs"),
    ],
)
def test_papers_and_benchmarks_can_be_skipped(subject: str, path: str) -> None:
    facts = make_facts(subject=subject, files=(FileChange(path=path, status="A", additions=90),))
    assert replay(facts, ()).importance is Importance.LOW


@pytest.mark.parametrize("status", ["A", "D"])
def test_an_empty_file_says_nothing(status: str) -> None:
    empty = FileChange(path="engine/conn.py", status=status, additions=0, deletions=0)
    verdict = replay(make_facts(subject="feat: add prompts", files=(empty,)), ())
    assert verdict.importance is Importance.LOW
    assert [reason.rule for reason in verdict.reasons] == ["only-empty"]
    binary = FileChange(path="engine/logo.bin", status=status)
    assert (
        replay(make_facts(subject="feat: add prompts", files=(empty, binary)), ()).importance
        is Importance.MEDIUM
    )
