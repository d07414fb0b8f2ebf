from datetime import timedelta

import pytest
from builders import NOON, make_facts, make_sha
from hypothesis import given
from hypothesis import strategies as st

from analysis.story.calling import names_of, pull_number, shared_names, stem


def series(subject: str, author: str = "Author One") -> set[str]:
    return {each.name for each in shared_names(make_facts(subject=subject, author=author))}


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("fix: x (#12)", 12),
        ('Revert "x (#12)" (#13)', 13),
        ("Merge pull request #14 from octo/branch", 14),
        ("fix: x #12", None),
        ("fix (#12): x", None),
        ("fix: x (#12, #13)", None),
        ("", None),
    ],
)
def test_the_pull_request_that_brought_a_commit(subject: str, number: int | None) -> None:
    assert pull_number(subject) == number


@pytest.mark.parametrize(
    "subject",
    [
        "Cache the plan of a query",
        "feat(db)!: Cache the plan  of a query (#12)",
        "[Core][Perf] cache the plan of a query (#12) (#13)",
        "Reland: Cache the plan of a query (#14)",
        'Re-land "[Core] Cache the plan of a query (#12)" (#14)',
        "[Redo] Cache the plan of a query",
    ],
)
def test_a_subject_keeps_its_stem(subject: str) -> None:
    assert stem(subject) == "cache the plan of a query"


def test_a_revert_has_a_stem_of_its_own() -> None:
    assert stem('Revert "[Core] Cache the plan of a query (#12)" (#13)') == "revert cache the plan of a query"


@pytest.mark.parametrize(
    "subject", ["", "fix", "fix typo", "copy", "wip: x", "Merge", "internationalization", 'Revert "x"']
)
def test_a_subject_that_says_little_is_no_name(subject: str) -> None:
    assert stem(subject) == ""
    assert len(names_of(make_facts(subject=subject))) == 1


def test_a_commit_answers_to_its_sha_its_number_and_its_subject() -> None:
    names = names_of(make_facts(subject="fix: cache the plan of a query (#12)"))
    assert names[:2] == (f"@{make_sha(1)[:7]}", "#12")
    assert [name[0] for name in names] == ["@", "#", "="]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[MUSA][1/N] sglang.check_env (#1)", "[MUSA][10/N] Add GGUF support (#2)"),
        ("[1/n] refactor model.py: handlers", "[2/n] refactor model.py: move the forward method"),
        ("test: unit test tcp/client.rs [1/n]", "test: unit test TCP client [2/n]"),
        ("[Renderer] Move it (1/2)", "[Renderer] Drop the rest (2/2)"),
        ("test: add parity fixtures (part 1)", "test: add parity matrix (part 3)"),
        ("[core] step 1: route the lengths", "[core] step 2: drop the sentinel"),
        ("feat(vllm): set worker_type and needs at all", "feat(sglang): set worker_type and needs at all"),
        ("[MoE] Decouple Mega MoE from DeepEP (#1)", "[MoE] Decouple Mega MoE from DeepEP (#2)"),
    ],
)  # fmt: skip
def test_parts_of_a_series_share_a_name(one: str, other: str) -> None:
    assert series(one) & series(other)
    assert not series(one) & series(other, author="Another")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[MUSA] check the environment", "[MUSA] add support for it"),
        ("[MUSA][1/N] check the environment", "[MUSA] add support for it"),
        ("Add regression test for uv#1", "Add regression test for uv#2"),
        ("style: run linter on a.py", "style: run linter on a.py"),
        ("Bump version to 1.2.3", "Bump version to 1.2.4"),
        ("[Model] Support Step-3.5 of them", "[Model] Support Step-3.7 of them"),
        ("fix: x", "fix: x"),
        ('Revert "one thing that was bad"', 'Revert "one thing that was bad"'),
    ],
)
def test_what_only_looks_alike_does_not(one: str, other: str) -> None:
    assert not series(one) & series(other)


def test_a_program_gives_one_title_to_everything() -> None:
    for author in ("dependabot[bot]", "github-actions", "some-automation", "CI Bot"):
        assert series("Sync latest Python releases here", author) == set()


def test_the_same_change_shares_its_patch_id() -> None:
    one, other = (make_facts(seed=seed, subject=f"fix {seed}", patch_id="ab" * 20) for seed in (1, 2))
    (shared,) = shared_names(one)
    assert (shared.kind, shared.name) == ("same-change", shared_names(other)[0].name)
    assert timedelta(seconds=shared.apart) > timedelta(days=9000)


@given(
    st.text(st.characters(codec="utf-8"), max_size=120), st.text(st.characters(codec="utf-8"), max_size=20)
)
def test_names_of_any_commit_hold_no_blank(subject: str, author: str) -> None:
    facts = make_facts(subject=subject, author=author, authored_at=NOON)
    for name in (*names_of(facts), *(each.name for each in shared_names(facts))):
        assert name
        assert not any(character.isspace() for character in name)
