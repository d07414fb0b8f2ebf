import pytest
from builders import make_facts
from hypothesis import given
from hypothesis import strategies as st

from analysis.story.calling import number_name, sha_name, stem, title_name
from analysis.story.references import FEW, Reference, references_of

SHA = "18898c982192d163897b70fbd7c153808bdd6e9b"


def named(subject: str, body: str = "") -> set[tuple[str, str]]:
    """What is said to be done to which commit, by the evidence or, of a subject that is quoted, its stem."""
    return {
        (each.kind, each.evidence or each.name)
        for each in references_of(make_facts(subject=subject, body=body))
    }


PLAN = "Cache the plan of a query"


def title(text: str = PLAN) -> str:
    return title_name(stem(text))


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        (f'Revert "[Core] {PLAN}" (#18)', "", {title()}),
        (f'Revert "[Core] {PLAN} (#12)" (#18)', "", {title(), "#12"}),
        (f'[Core] Revert "{PLAN}" (#12 and #13) (#18)', "", {title(), "#12", "#13"}),
        ("Revert early binding (#17, #19) (#20468)", "", {title("early binding"), "#17", "#19"}),
        ("Revert #38730 and #38791  (#40032)", "", {"#38730", "#38791"}),
        ("[Diffusion] Revert 18619 (#19510)", "", {"#18619"}),
        ("fix: undo it", f"This reverts commit {SHA}.", {SHA}),
        ("fix: undo it", f"This reverts commit {SHA}, reversing\nchanges made to {SHA[::-1]}.", {SHA}),
        ("fix: undo it", "Reverts octo/engine#12, it hangs", {"#12"}),
        ("fix: undo it", "Reverts:\n\n- #14349\n- #14346\n", {"#14349", "#14346"}),
        ("fix(revert): complete revert of the erroneous #9216, which messed up x (#9320)", "", {"#9216"}),
    ],
)  # fmt: skip
def test_what_is_reverted(subject: str, body: str, expected: set[str]) -> None:
    assert {evidence for kind, evidence in named(subject, body) if kind == "reverts"} == expected


def test_a_number_inside_the_quoted_subject_is_not_reverted() -> None:
    subject = 'Revert "[AMD] Fix the crash of the thing (regression from #17934)" (#18922)'
    assert {kind for kind, evidence in named(subject) if evidence.startswith("#")} == set()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (f'Reland "{PLAN} (#12)" (#18)', {title(), "#12"}),
        (f"[Re-land][Core] {PLAN} (#18)", {title()}),
        (f"Reapply [Core] {PLAN} (#18)", {title()}),
        (f"[Core] Re-land: {PLAN} (#37831) (#38973)", {title(), "#37831"}),
        ("Re-land #23109: with a mode (#24180)", {title("#23109: with a mode"), "#23109"}),
        ("perf: make it quick (redo of #21734) (#23227)", {title("make it quick ( of #21734)"), "#21734"}),
    ],
)
def test_what_is_landed_again(subject: str, expected: set[str]) -> None:
    assert {evidence for kind, evidence in named(subject) if kind == "relands"} == expected


def test_the_revert_of_a_revert_lands_again() -> None:
    found = named(f'Revert "Revert "{PLAN} (#12)" (#18)" (#20)')
    assert {("reverts", title(f'Revert "{PLAN}"')), ("reverts", "#18"), ("relands", title())} <= found


@pytest.mark.parametrize(
    ("subject", "body", "evidence"),
    [
        ("x: y", f'Fixes: {SHA[:12]} ("a: b")', SHA[:12]),
        ("ci: mend it (fixes #39024) (#39793)", "", "#39024"),
        ("[diffusion] fix accuracy bug caused by #14717 (#18296)", "", "#14717"),
        ("[Model Runner V2] Fix slot_mapping after #25954 (#33046)", "", "#25954"),
        ("[AMD] Fix the crash on ROCm (regression from #17934) (#18903)", "", "#17934"),
        ("[CI] Mend the pooler test broken by #38139 (#38495)", "", "#38139"),
        ("Fix BGSAVE CANCEL fields (#1200)", 'Fixes wrong "since" introduced in #757.', "#757"),
        ("Adjust the test", "A change in #35478 caused this test failure. #12 broke it.", "#12"),
        ("Adjust the test", f"In #4615 [1], commit {SHA[:7]} [2] introduces a\nregression", SHA[:7]),
        ("Adjust the example", "Failing since 67624eba0b09 (#2043)", "67624eba0b09"),
        ("[docker] A follow-up patch to fix #30913: install it (#31775)", "", "#30913"),
    ],
)  # fmt: skip
def test_what_is_mended(subject: str, body: str, evidence: str) -> None:
    assert ("fixes", evidence) in named(subject, body)


@pytest.mark.parametrize(
    ("subject", "body", "evidence"),
    [
        ("[Spec] Polish FutureMap after #25879: rename callback (#25962)", "", "#25879"),
        ("Fix Qwen3 MoE: also guard it (follow-up to #23731) (#23734)", "", "#23731"),
        ("Skip CI tests added in #24816 (broken on main) (#25329)", "", "#24816"),
        ("docs: sync with default changes from #5941 (#6073)", "", "#5941"),
        ("revert row from https://github.com/octo/engine/pull/17584/ (#17701)", "", "#17584"),
        ("feat: x", "The bug was fixed in #12.", "#12"),
        ("feat: x", f"(cherry picked from commit {SHA})", SHA),
        ("feat: x", "The flag introduced in #12 is shown now.", "#12"),
        ("feat: x", "This was reverted in #12 for now", "#12"),
        ("fix: x", "As part of the recent fix of #12, y", "#12"),
    ],
)  # fmt: skip
def test_what_is_only_named(subject: str, body: str, evidence: str) -> None:
    assert {kind for kind, found in named(subject, body) if found == evidence} == {"names"}


def test_a_fixup_names_what_it_will_be_squashed_into() -> None:
    assert ("names", title("feat: cache the plan of a query")) in named(
        "fixup! feat: cache the plan of a query"
    )


def test_a_commit_does_not_name_itself() -> None:
    assert named("feat: x (#12)", "#12 is about x") == set()
    assert named("Merge pull request #12 from octo/branch", "see #12") == set()


def test_the_strongest_that_is_said_of_a_commit_counts() -> None:
    found = references_of(make_facts(subject="feat: x", body="See #12. Reverts #12. Fixes #12."))
    assert found == (Reference("reverts", number_name(12), "#12"),)


def test_who_names_many_names_none_but_those_of_which_more_is_said() -> None:
    listed = "\n".join(f"see #{number}" for number in range(1, FEW + 2))
    assert named("feat: x", f"{listed}\n\nReverts #99.") == {("reverts", "#99")}


@pytest.mark.parametrize(
    "subject", ["Bump lib from 1.0 to 1.1 (#7)", "chore(deps): bump lib (#7)", "Release 1.2.3"]
)
def test_what_a_new_version_of_something_names_is_not_ours(subject: str) -> None:
    assert named(subject, f"Fixes #12 ({SHA[:8]})") == set()


def test_a_sha_is_asked_for_by_its_first_digits() -> None:
    (reference,) = references_of(make_facts(subject="x: y", body=f"see {SHA[:9]} for more"))
    assert reference == Reference("names", sha_name(SHA), SHA[:9])


@pytest.mark.parametrize(
    "piece", ['Revert "', "(#1)", "(#1, #2) ", "Reland ", "[a]", "fixup! ", "1/2 ", "in #1 "]
)
def test_a_message_without_end_is_read_from_its_beginning(piece: str) -> None:
    message = piece * (30_000 // len(piece))
    references = references_of(make_facts(subject=message, body=message))
    assert {reference.evidence for reference in references} <= {"", "#1", "#2"}


@given(
    st.text(st.characters(codec="utf-8"), max_size=200), st.text(st.characters(codec="utf-8"), max_size=500)
)
def test_any_message_can_be_read(subject: str, body: str) -> None:
    for reference in references_of(make_facts(subject=subject, body=body)):
        assert not set(reference.name).intersection(" \n")


PIECES = st.sampled_from(
    ["Revert ", "Reland", "fixup! ", "fixes", "broke", "of", "in", "(#1)", "#2", "0123abc", *' "”\n[]:,']
)


@given(st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map("".join))
def test_any_pieces_of_a_message_can_be_read(subject: str, body: str) -> None:
    names = [each.name for each in references_of(make_facts(subject=subject, body=body))]
    assert len(names) == len(set(names))
