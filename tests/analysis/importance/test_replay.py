"""What is stored is enough to judge again."""

from commits import lines, make_commit
from hypothesis import given
from hypothesis import strategies as st

from analysis.importance.triage import floor, replay, triage
from analysis.importance.weights import RULES, SIZES, Weights
from analysis.models import Commit, Reason

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
