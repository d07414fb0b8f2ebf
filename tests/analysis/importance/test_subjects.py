"""What a subject gives as reasons."""

import time

import pytest

from analysis.importance.subjects import claims, looks, stakes


def rules(subject: str) -> set[str]:
    return {reason.rule for reason in claims(subject)}


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        ("feat!: remove API", "breaking-mark"),
        ("[BREAKING] Drop the old format", "breaking-mark"),
        ("fix: delete access token when sign out", "access-word"),
        ("Don't capture secrets in tracing", "access-word"),
        ("feat: Enable tracing by default", "default-word"),
        ("chore: update sign-up default value", "default-word"),
        ("chore: remove gRPC listener", "removal-word"),
        ("Fix typo in a message", "skippable-word"),
        ("Fix flaky reconnect", "skippable-word"),
        ("Remove a debug message", "skippable-word"),
        ("Remove duplicate header include", "skippable-word"),
        ("Update comment in the header", "skippable-word"),
        ("Repair CI", "skippable-word"),
        ("fix: cases of the unit tests", "skippable-word"),
        ("Add a test for models with a default", "skippable-word"),
        ("Fix implicit state test", "skippable-word"),
        ("Format code", "skippable-word"),
        ("Adapt from code review", "skippable-word"),
        ("Write documentation for the codec", "skippable-word"),
        ("Add docs to some struct fields", "skippable-word"),
        ("Remove an orphaned module", "skippable-word"),
        ("Fix minor memory leak on exit", "minor-word"),
        ("Remove support for old servers", "retired-word"),
        ("Make the token required", "retired-word"),
        ("Rename the store", "rename-word"),
        ("Return the old address when none is given", "case-word"),
        ("feat: reject names that collide", "strict-word"),
        ("Requires a token", "strict-word"),
        ("chore: update the sidebar", "update-word"),
        ("Tweaked the retry timer", "update-word"),
        ("Add a hint about the proxy", "hint-word"),
        ("Bump tonic from 1.9 to 2.0", "major-bump"),
        ('Revert "feat!: remove API"', "breaking-mark"),
    ],
)
def test_a_subject_gives_its_reasons(subject: str, rule: str) -> None:
    assert rule in rules(subject)


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        ("feat: page of access tokens", "access-word"),
        ("Reject duplicate entries", "skippable-word"),
        ("Add the format of dates", "skippable-word"),
        ("Remove the latest entry", "skippable-word"),
        ("Keep the improved record", "update-word"),
        ("Improve the order of matches", "update-word"),
        ("Support typed dictionaries", "skippable-word"),
        ("Sync latest releases", "skippable-word"),
        ("Fix wrong type error", "skippable-word"),
        ("`cache prune --ci` keeps wheels", "skippable-word"),
        ("chore: show the comment in activity", "skippable-word"),
        ("Support to rename a list", "rename-word"),
        ("Fix the output of tool-benchmark", "skippable-word"),
        ("Show what was rejected", "strict-word"),
        ("Requirements of the build", "strict-word"),
        ("Keep the updated record", "update-word"),
        ("Add a specific whenever", "case-word"),
        ("Forewarned is forearmed", "hint-word"),
        ("Support removing the listener", "retired-word"),
        ("Bump tonic from 1.8 to 1.9", "major-bump"),
        ("The dropped connection comes back", "removal-word"),
        ("fix: a non-breaking space", "breaking-mark"),
    ],
)
def test_what_only_sounds_like_it_does_not(subject: str, rule: str) -> None:
    assert rule not in rules(subject)


def test_a_revert_claims_what_the_reverted_title_did() -> None:
    assert [reason.rule for reason in claims('Revert "fix: answer"')] == ["revert", "fix"]
    assert [reason.rule for reason in claims('Revert "Revert "fix: answer""')] == ["revert", "revert"]


def test_looks_and_stakes_are_told_with_their_word() -> None:
    assert [(each.rule, each.evidence) for each in looks("fix: dialog padding")] == [("look-word", "padding")]
    assert [(each.rule, each.evidence) for each in stakes("Fix deadlock")] == [("deadlock-word", "deadlock")]
    assert not list(looks("fix: dialog"))


@pytest.mark.parametrize(
    "word", ['Revert "', 'Reapply "', "from 1 to ", "fix ", "1.", "add log ", "remove ", "a==1", "leak ", "("]
)
def test_a_subject_made_to_stall_does_not(word: str) -> None:
    started = time.process_time()
    subject = word * (200_000 // len(word))
    assert list(claims(subject))
    list(stakes(subject))
    assert time.process_time() - started < 5
