"""Importance by rule."""

import pytest
from commits import lines, make_commit

from analysis.importance.triage import at_least, floor, replay, triage
from analysis.importance.weights import DEFAULT, FLOOR, RULES
from analysis.language import Language
from analysis.models import FileChange, Importance, Reason
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


@pytest.mark.parametrize("files", [{"lib/reply.js": ("", "check()\n")}, {}])
def test_what_comes_from_the_private_fork_of_an_advisory_is_high(files: dict[str, tuple[str, str]]) -> None:
    """GitHub gives such a merge this title and says no more of it (docs.github.com, security advisories)."""
    assert triage(make_commit("Merge commit from fork", files)).importance is Importance.HIGH


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
