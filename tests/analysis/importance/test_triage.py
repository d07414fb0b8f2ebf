"""Importance by rule."""

import pytest
from builders import make_facts
from commits import lines, make_commit
from hypothesis import given
from hypothesis import strategies as st

from analysis.importance.triage import at_least, floor, replay, triage
from analysis.importance.weights import DEFAULT, FLOOR, RULES, SIZES, Weights
from analysis.language import Language
from analysis.models import Commit, FileChange, Importance, Reason, Verdict
from analysis.words import words_for

ONE_LINE = {"engine/server.py": ("a = 1\n", "a = 1\nlog.info('started')\n")}


@pytest.mark.parametrize(
    "subject",
    [
        "[Security] fix RCE in loader",
        "feat!: remove API",
        'Revert "[Security] fix RCE in loader"',
        'Revert "feat!: remove API" (#12)',
        "[Bugfix] Fix deadlock in the scheduler",
        "fix: job records are corrupted on restart",
        "CVE-2026-12345: check the path",
    ],
)
def test_what_must_be_known_is_high(subject: str) -> None:
    assert triage(make_commit(subject)).importance is Importance.HIGH


def test_a_breaking_footer_is_high_and_quoted() -> None:
    verdict = triage(make_commit("refactor: config", body="Why.\n\nBREAKING CHANGE: `url` is now `urls`."))
    assert verdict.importance is Importance.HIGH
    assert Reason(rule="breaking-note", evidence="`url` is now `urls`.") in verdict.reasons


@pytest.mark.parametrize(
    "subject", ["Stop breaking on empty input", "fix: a non-breaking space", "docs: no BREAKINGS"]
)
def test_breaking_in_a_sentence_is_no_mark(subject: str) -> None:
    assert "breaking-mark" not in {reason.rule for reason in triage(make_commit(subject)).reasons}


def test_an_empty_breaking_footer_of_a_template_is_not() -> None:
    verdict = triage(make_commit("refactor: config", body="BREAKING CHANGE: none"))
    assert verdict.importance is not Importance.HIGH


@pytest.mark.parametrize("subject", ["feat: add log line", "Add a log line", "[Core] add log line"])
def test_one_more_line_of_log_is_not_high(subject: str) -> None:
    assert triage(make_commit(subject, ONE_LINE)).importance is not Importance.HIGH


@pytest.mark.parametrize(
    ("subject", "path"),
    [
        ("fix: explain the flags", "docs/flags.md"),
        ("feat: cover the router", "tests/test_router.py"),
        ("fix: speed up wheels", ".github/workflows/wheels.yml"),
        ("chore: enable a lint rule", "ruff.toml"),
        ("feat: a deadlock demo", "examples/deadlock.py"),
        ("fix crash of the benchmark", "benchmarks/serve.py"),
    ],
)
def test_what_touches_nothing_that_runs_is_low(subject: str, path: str) -> None:
    verdict = triage(make_commit(subject, {path: ("a\n", lines(400))}))
    assert verdict.importance is Importance.LOW
    assert [reason.rule for reason in verdict.reasons] == ["only-skippable"]


@pytest.mark.parametrize(
    "subject", ["docs: fix a typo", "[Doc] typo", "style: format", "ci: cache", "test: x"]
)
def test_a_typo_in_the_core_is_low(subject: str) -> None:
    assert triage(make_commit(subject, ONE_LINE)).importance is Importance.LOW


def test_a_leaked_secret_in_ci_is_never_low() -> None:
    verdict = triage(make_commit("ci: fix token leak", {".github/workflows/ci.yml": ("a\n", "b\n")}))
    assert verdict.importance is not Importance.LOW


def test_the_patch_raises_what_the_title_plays_down() -> None:
    flag = 'parser.add_argument("--kv-events", default={})\n'
    quiet = triage(make_commit("chore: tidy", {"cli.py": ("a\n" * 20, "b\n" * 20)}))
    loud = triage(make_commit("chore: tidy", {"cli.py": (flag.format(1) + "a\n" * 20, "b\n" * 20)}))
    assert (quiet.importance, loud.importance) == (Importance.LOW, Importance.MEDIUM)
    assert Reason(rule="removed-flag", evidence="--kv-events") in loud.reasons


def test_retiring_an_old_engine_is_high() -> None:
    before = 'V1 = os.getenv("USE_V1")\n    engine: str = "v0",\n' + lines(30)
    after = '    engine: str = "v1",\n'
    verdict = triage(make_commit("feat: retire the old engine", {"engine/config.py": (before, after)}))
    assert {"removed-variable", "changed-default"} <= {reason.rule for reason in verdict.reasons}
    assert verdict.importance is Importance.HIGH


def test_a_fix_of_correctness_is_not_low() -> None:
    files = {"engine/mesh.py": ("a = 1\n", "a = 2\n")}
    assert triage(make_commit("chore: multi-node correctness", files)).importance is Importance.MEDIUM


def test_a_large_feature_is_high_and_its_revert_too() -> None:
    title = "feat: restart mechanism"
    files = {"operator/restart.go": ("", lines(1600))}
    undone = {"operator/restart.go": (lines(1600), "")}
    assert triage(make_commit(title, files)).importance is Importance.HIGH
    assert triage(make_commit(f'Revert "{title}"', undone)).importance is Importance.HIGH


def test_the_revert_of_what_the_ledger_has_as_high_is_high() -> None:
    commit = make_commit('Revert "Tidy the scheduler"', body=f"This reverts commit {'1' * 40}.")
    known = [Reason(rule="reverts-high", evidence="1111111")]
    verdict = triage(commit, known=known)
    assert triage(commit).importance is not Importance.HIGH
    assert verdict.importance is Importance.HIGH
    assert replay(commit.facts(), verdict.reasons) == verdict


def test_a_lock_file_of_a_thousand_lines_is_no_change_of_the_core() -> None:
    verdict = triage(make_commit("chore: refresh", {"yarn.lock": (lines(2000), lines(2000, "other"))}))
    assert verdict.importance is Importance.LOW


def test_a_major_version_matters_more_than_a_minor_one() -> None:
    minor = {"Cargo.toml": ('tonic = "1.2"\n', 'tonic = "1.3"\n')}
    major = {"Cargo.toml": ('tonic = "1.2"\n', 'tonic = "2.0"\n')}
    assert triage(make_commit("bump tonic from 1.2 to 1.3", minor)).importance is Importance.LOW
    assert triage(make_commit("bump tonic from 1.2 to 2.0", major)).importance is Importance.MEDIUM
    assert triage(make_commit("bump tonic", major)).importance is Importance.MEDIUM


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": ""},
        {"subject": " \t "},
        {"subject": "Merge pull request #1 from a/b", "merged": 4, "files": {}},
        {"subject": "empty", "files": {}},
        {"subject": "edge", "files": {}, "at_history_edge": True},
    ],
)
def test_every_commit_has_a_verdict_with_a_reason(fields: dict[str, object]) -> None:
    assert triage(make_commit(**fields)).reasons  # type: ignore[arg-type] # the fields are those of Commit


def test_thirty_thousand_files_are_weighed() -> None:
    files = tuple(
        FileChange(path=f"src/{number}.py", status="M", additions=1, deletions=1) for number in range(30_000)
    )
    verdict = triage(make_commit("refactor: headers", {}).model_copy(update={"files": files}))
    assert Reason(rule="size-huge", evidence="60000") in verdict.reasons


def test_the_weightiest_reason_comes_first() -> None:
    verdict = triage(make_commit("fix!: crash on start"))
    weights = [abs(DEFAULT.of(reason.rule)) for reason in verdict.reasons]
    assert weights == sorted(weights, reverse=True)


def test_serious_reasons_set_a_floor() -> None:
    assert floor([Reason(rule="fix")]) is Importance.LOW
    assert all(floor([Reason(rule=rule)]) is Importance.MEDIUM for rule in FLOOR)
    assert at_least(Importance.LOW, Importance.MEDIUM) is Importance.MEDIUM
    assert at_least(Importance.HIGH, Importance.MEDIUM) is Importance.HIGH


def test_evidence_is_short_and_holds_no_secret() -> None:
    key = "sk-" + "aB3dE6gH9jK2mN5pQ8sT" * 2
    verdict = triage(
        make_commit("x" * 100_000, {"a.py": ("api_key: str = '1'\n", f"api_key: str = '{key}'\n")})
    )
    assert "changed-default" in {reason.rule for reason in verdict.reasons}
    assert key not in verdict.model_dump_json()
    assert len(verdict.model_dump_json()) < 1000


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_rule_can_be_said(language: Language) -> None:
    words = words_for(language)
    assert [rule for rule in RULES if not words.has(f"reason.{rule}")] == []


# What is stored is enough to judge again

SUBJECTS = [
    "fix!: crash on start",
    'Revert "feat: x"',
    "bump tonic from 1.2 to 2.0",
    "[Security] fix RCE in loader",
    "docs: CVE-2026-12345",
    "chore: tidy",
    "",
]
BODIES = ["", "BREAKING CHANGE: all of it", "This leaks tokens.", "BREAKING CHANGE: none"]
TEXTS = [
    ("a\n", "b\n"),
    ("a\n", "# b\na\n"),
    ('add_argument("--old", default=1)\n', 'add_argument("--old", default=2)\n'),
    ('os.environ["CACHE_DIR"]\n', "x\n"),
    ("with threading.Lock():\n", "# or the data is corrupted\n"),
    ('"redis>=4",\n', '"redis>=5",\n'),
    ("a\n", lines(600)),
]
PATHS = ["a.py", "pyproject.toml", "docs/a.md", ".github/a.yml", "api.proto", "uv.lock", "tests/test_a.py"]
COMMITS = st.builds(
    make_commit,
    subject=st.sampled_from(SUBJECTS) | st.text(),
    files=st.dictionaries(st.sampled_from(PATHS), st.sampled_from(TEXTS), max_size=3),
    body=st.sampled_from(BODIES) | st.text(),
)
WEIGHTS = st.builds(
    Weights,
    high=st.integers(5, 12),
    medium=st.integers(1, 5),
    weights=st.dictionaries(st.sampled_from(sorted(RULES)), st.integers(-9, 9)),
    sizes=st.dictionaries(st.sampled_from(sorted(SIZES)), st.integers(0, 2000)),
)


@given(commit=COMMITS, weights=WEIGHTS)
def test_stored_facts_and_reasons_give_the_same_verdict_again(commit: Commit, weights: Weights) -> None:
    verdict = triage(commit, weights)
    assert replay(commit.facts(), verdict.reasons, weights) == verdict
    assert replay(commit.facts(), triage(commit).reasons, weights).importance is verdict.importance


@given(commit=COMMITS, weights=WEIGHTS)
def test_no_weights_take_a_serious_commit_below_medium(commit: Commit, weights: Weights) -> None:
    verdict = triage(commit, weights)
    assert verdict.reasons
    assert verdict.importance.rank <= floor(verdict.reasons).rank


def test_the_reasons_of_other_rules_are_not_taken_over() -> None:
    commit = make_commit("chore: tidy")
    forged = [Reason(rule="security-word", evidence="RCE"), Reason(rule="model", evidence="x")]
    assert replay(commit.facts(), forged) == replay(commit.facts(), [])


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
