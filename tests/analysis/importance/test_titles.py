"""What a subject claims."""

import pytest

from analysis.importance.titles import ChangeType, parse_title


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("fix: answer in time", ChangeType.FIX),
        ("feat(operator)!: rollout", ChangeType.FEATURE),
        ("[Bugfix][Core] Handle empty batches", ChangeType.FIX),
        ("[Bug Fix] Handle empty batches", ChangeType.FIX),
        ("[diffusion] fix: load several checkpoints", ChangeType.FIX),
        ("[CI/Build] Speed up wheels", ChangeType.CI),
        ("[CI][Hardware][AMD] Fix test_rotary", ChangeType.CI),
        ("[Doc] Fix typos", ChangeType.DOCS),
        ("[Security] fix RCE in loader", ChangeType.SECURITY),
        ("chore(deps): bump x from 1.2 to 2.0", ChangeType.DEPENDENCY),
        ("Bump actions/checkout from 3 to 4", ChangeType.DEPENDENCY),
        ("Fix an issue where jobs are lost", ChangeType.FIX),
        ("Support DICT_CONFIG", ChangeType.FEATURE),
        ("Cron job history", ChangeType.OTHER),
        ("", ChangeType.OTHER),
        ("   ", ChangeType.OTHER),
        ('Revert "feat: x"', ChangeType.REVERT),
        ("Merge pull request #12 from octo/topic", ChangeType.MERGE),
        ("Merge branch 'main' into topic", ChangeType.MERGE),
        ("Merge the two caches", ChangeType.OTHER),
        ("Bump version to 2.9 (#2405)", ChangeType.RELEASE),
        ("chore: bump version to 1.2.0", ChangeType.RELEASE),
        ("set version to 0.84.1.dev", ChangeType.RELEASE),
        ("Release 0.3.11.", ChangeType.RELEASE),
        ("v1.2.3", ChangeType.RELEASE),
        ("v1.2.3 (#1609)", ChangeType.RELEASE),
        ("*: cut 0.5.0", ChangeType.RELEASE),
        ("Cut v0.26.0 rc.0 (#3447)", ChangeType.RELEASE),
        ("Bumped v4.12.0", ChangeType.RELEASE),
        ("Prepare for release 4.7.0.", ChangeType.RELEASE),
        ("Prepare next development version.", ChangeType.RELEASE),
        ("Update main with the latest v0.14.3", ChangeType.RELEASE),
        ("Cut the queue in two", ChangeType.OTHER),
        ("Merge commit from fork", ChangeType.OTHER),
        ("Merge commit '1a2b3c' into main", ChangeType.MERGE),
        ("DOC Clarify what is overridden", ChangeType.DOCS),
        ("MNT Remove what nobody uses", ChangeType.CHORE),
        ("ENH: widen the store", ChangeType.FEATURE),
        ("DOCKER images for two platforms", ChangeType.OTHER),
        ("Prepare the statement once", ChangeType.OTHER),
        ("Release the lock in the handler", ChangeType.OTHER),
        ("Update Rust crate clap to v4.6.3", ChangeType.DEPENDENCY),
        ("numpy==1.26.4", ChangeType.DEPENDENCY),
        ("chore: fix the search", ChangeType.FIX),
        ("chore: update the search", ChangeType.CHORE),
        ("refactor: fix names", ChangeType.REFACTOR),
        ("More efficient self-XCLAIM", ChangeType.PERFORMANCE),
        ("Cluster refactor: fn renames", ChangeType.REFACTOR),
        ("redis-cli prompt: fix the number", ChangeType.FIX),
        ("Use fmt::from_fn for names", ChangeType.REFACTOR),
        ("Use exit code 1 if it fails to connect", ChangeType.OTHER),
        ("Avoid cloning the lookup services", ChangeType.REFACTOR),
        ("Avoid panics for invalid URLs", ChangeType.FIX),
        ('Reapply "fix: answer in time"', ChangeType.FIX),
        ("Revert the answer in time", ChangeType.REVERT),
    ],
)
def test_the_type_is_read_from_tags_prefixes_or_the_first_verb(subject: str, kind: ChangeType) -> None:
    assert parse_title(subject).type is kind


def test_marks_are_taken_off_and_areas_kept() -> None:
    title = parse_title("[Bugfix][Core] fix(kv)!: keep blocks")
    assert (title.rest, title.areas, title.breaking) == ("keep blocks", ("Core", "kv"), True)


def test_a_colon_in_a_sentence_is_no_prefix() -> None:
    title = parse_title("Note on caches: they are cold")
    assert (title.rest, title.areas) == ("Note on caches: they are cold", ())


def test_a_revert_names_what_it_reverts() -> None:
    assert parse_title('Revert "[Security] fix RCE" (#12)').reverts == "[Security] fix RCE"
    assert parse_title("revert: fix RCE").reverts == "fix RCE"
    assert parse_title("Revert").reverts is None


def test_a_title_of_marks_only_keeps_its_text() -> None:
    assert parse_title("[Bugfix]").rest == "[Bugfix]"


def test_a_long_subject_of_brackets_is_read_at_once() -> None:
    assert parse_title("[" * 50_000).type is ChangeType.OTHER
    assert parse_title("a" * 50_000 + ":").type is ChangeType.OTHER
