"""What the model is shown, and what it is said not to have been shown."""

import re
from collections import Counter
from typing import Literal

import pytest
from commits import lines, make_commit
from hypothesis import given
from hypothesis import strategies as st

from analysis.diff.budget import MADE_ALONE, Selection, choose_patches
from analysis.diff.coverage import seen_by_rules
from analysis.models import Commit, FileChange, FileCoverage, Patch
from analysis.words import words_for


def words(text: str) -> int:
    """A tokenizer for which a word is a token."""
    return len(text.split())


def seen(selection: Selection) -> dict[str, tuple[str, str]]:
    return {file.path: (file.seen, file.why) for file in selection.coverage.files}


def mixed() -> Commit:
    return make_commit(
        files={
            "yarn.lock": (lines(500), lines(500, "other")),
            "src/big.py": (None, lines(400)),
            "src/small.py": ("a = 1\n", "a = 2\n"),
            "src/gone.py": (lines(300), None),
            "tests/test_small.py": ("a = 1\n", "a = 2\n"),
            "vendor/lib.js": (None, lines(200)),
        }
    )


def readable(commit: Commit) -> tuple[str, ...]:
    return tuple(patch.text for patch in commit.patches if not re.search(r"lock|vendor", patch.path))


def test_everything_is_shown_if_it_fits_but_what_a_program_made() -> None:
    selection = choose_patches(mixed(), max_tokens=1_000_000, count=words)
    assert selection.patches == readable(mixed())
    assert {path: said for path, said in seen(selection).items() if said != ("whole", "")} == {
        "yarn.lock": ("none", "lock"),
        "vendor/lib.js": ("none", "vendored"),
    }


def test_a_short_change_to_a_lock_file_is_shown() -> None:
    commit = make_commit(files={"go.sum": ("a 1\n", "a 2\n"), "main.go": ("x\n", "y\n")})
    selection = choose_patches(commit, max_tokens=1_000, count=words)
    assert selection.patches == tuple(patch.text for patch in commit.patches)
    assert not selection.coverage.missing()


def test_of_a_commit_that_a_program_made_the_beginning_is_shown() -> None:
    commit = make_commit(files={"yarn.lock": (lines(3_000), lines(3_000, "other"))})
    selection = choose_patches(commit, max_tokens=1_000_000, count=words)
    assert MADE_ALONE // 2 < words(selection.patches[0]) <= MADE_ALONE
    assert seen(selection) == {"yarn.lock": ("part", "budget")}


def test_what_the_repository_says_of_a_file_counts() -> None:
    commit = mixed()
    marks: dict[str, Literal["generated", "neither"]] = {
        "src/big.py": "generated",
        "vendor/lib.js": "neither",
    }
    files = tuple(file.model_copy(update={"marked": marks.get(file.path)}) for file in commit.files)
    selection = choose_patches(commit.model_copy(update={"files": files}), max_tokens=1_000_000, count=words)
    assert seen(selection)["src/big.py"] == ("none", "generated")
    assert seen(selection)["vendor/lib.js"] == ("whole", "")


def test_else_what_carries_the_change_comes_first() -> None:
    selection = choose_patches(mixed(), max_tokens=900, count=words)
    assert sum(words(text) for text in selection.patches) <= 900
    assert seen(selection) == {
        "yarn.lock": ("none", "lock"),
        "src/big.py": ("part", "budget"),
        "src/small.py": ("whole", ""),
        "src/gone.py": ("none", "deleted"),
        "tests/test_small.py": ("whole", ""),
        "vendor/lib.js": ("none", "vendored"),
    }


def test_whole_files_come_before_parts_of_files() -> None:
    sizes = (200, 210, 220, 230)
    commit = make_commit(files={f"src/{size}.py": (None, lines(size)) for size in sizes})
    selection = choose_patches(commit, max_tokens=2_000, count=words)
    assert [seen(selection)[f"src/{size}.py"][0] for size in sizes] == ["whole", "whole", "part", "part"]


def test_a_part_says_which_hunks_it_is() -> None:
    before = lines(400).splitlines(keepends=True)
    after = list(before)
    for at in (20, 100, 200, 300, 380):
        after[at] = f"changed = {at}\n"
    after[200:201] = lines(400, "much").splitlines(keepends=True)
    commit = make_commit(files={"src/a.py": ("".join(before), "".join(after))})
    (file,) = choose_patches(commit, max_tokens=200, count=words).coverage.files
    assert (file.seen, file.hunks, file.hunks_seen) == ("part", 5, (1, 2, 4, 5))


def test_the_others_get_what_is_left() -> None:
    selection = choose_patches(mixed(), max_tokens=1_700, count=words)
    assert seen(selection)["tests/test_small.py"] == ("whole", "")


def test_an_excluded_file_is_never_read_under_either_name() -> None:
    commit = mixed()
    moved = commit.files[2].model_copy(update={"old_path": "secrets/key.py", "status": "R"})
    commit = commit.model_copy(update={"files": (*commit.files[:2], moved, *commit.files[3:])})
    selection = choose_patches(
        commit, max_tokens=1_000_000, count=words, exclude_paths=("secrets/**", "*.lock")
    )
    assert seen(selection)["src/small.py"] == ("none", "excluded")
    assert seen(selection)["yarn.lock"] == ("none", "excluded")
    assert not [text for text in selection.patches if "small.py b/src/small" in text or "yarn.lock" in text]


def test_a_binary_file_is_named() -> None:
    binary = FileChange(path="logo.png", status="A")
    text = Patch(path="logo.png", text="diff --git a/logo.png b/logo.png\nBinary files differ\n")
    commit = make_commit(files={}).model_copy(update={"files": (binary,), "patches": (text,)})
    selection = choose_patches(commit, max_tokens=1000, count=words)
    assert (selection.patches, seen(selection)) == ((), {"logo.png": ("none", "binary")})


def test_what_the_reader_capped_is_said_to_be_missing() -> None:
    commit = mixed()
    first = commit.patches[1].model_copy(update={"truncated": True})
    capped = commit.model_copy(update={"patches": (first,), "capped": True})
    found = seen(choose_patches(capped, max_tokens=1_000_000, count=words))
    assert found["src/big.py"] == ("part", "capped")
    assert found["src/small.py"] == ("none", "capped")
    assert (
        seen_by_rules(capped).missing()
        == choose_patches(capped, max_tokens=1_000_000, count=words).coverage.missing()
    )


def test_a_file_without_a_patch_has_nothing_to_miss() -> None:
    mode = FileChange(
        path="run.sh", status="M", additions=0, deletions=0, old_mode="100644", new_mode="100755"
    )
    commit = make_commit(files={}).model_copy(update={"files": (mode,)})
    assert seen(choose_patches(commit, max_tokens=10, count=words)) == {"run.sh": ("whole", "")}


def test_a_cut_line_is_a_part() -> None:
    commit = make_commit(files={"data.py": ("a\n", "x = '" + "1 2 " * 10_000 + "'\n")})
    (file,) = choose_patches(commit, max_tokens=5_000, count=words).coverage.files
    assert (file.seen, file.why, file.hunks, file.hunks_seen) == ("part", "long-line", 1, ())


@pytest.mark.parametrize(
    "commit",
    [
        make_commit("", {}),
        make_commit("Merge branch 'x'", {}, merged=3),
        make_commit("blank", {"a.py": ("x\n", "\n\n  \n\t\nx\n")}),
        make_commit("all binary", {}).model_copy(
            update={"files": tuple(FileChange(path=f"{number}.png", status="A") for number in range(9))}
        ),
        make_commit("edge", {}, at_history_edge=True),
    ],
    ids=["nothing", "merge", "blank", "binary", "edge"],
)
@pytest.mark.parametrize("tokens", [0, 100_000])
def test_a_commit_with_little_to_read_is_covered_truly(commit: Commit, tokens: int) -> None:
    selection = choose_patches(commit, max_tokens=tokens, count=words)
    whole = {file.path for file in selection.coverage.files if file.seen == "whole"}
    assert len(selection.coverage.files) == len(commit.files)
    assert whole == {patch.path for patch in commit.patches if patch.text in selection.patches}


def test_a_rename_without_a_change_is_never_missing() -> None:
    header = "diff --git a/old.py b/new.py\nsimilarity index 100%\nrename from old.py\nrename to new.py\n"
    file = FileChange(path="new.py", old_path="old.py", status="R", additions=0, deletions=0)
    commit = make_commit(files={}).model_copy(
        update={"files": (file,), "patches": (Patch(path="new.py", text=header),)}
    )
    assert choose_patches(commit, max_tokens=100, count=words).patches == (header,)
    assert choose_patches(commit, max_tokens=0, count=words).patches == ()
    assert seen(choose_patches(commit, max_tokens=0, count=words)) == {"new.py": ("whole", "")}


def test_without_any_room_nothing_is_shown() -> None:
    selection = choose_patches(mixed(), max_tokens=0, count=words)
    assert selection.patches == ()
    assert all(file.seen == "none" for file in selection.coverage.files)


def test_thirty_thousand_files_are_chosen_from() -> None:
    texts = {f"src/{number}.py": ("a = 1\n", f"b = {number}\n") for number in range(30_000)}
    selection = choose_patches(make_commit(files=texts), max_tokens=3_000, count=words)
    counted = Counter(file.seen for file in selection.coverage.files)
    assert counted["whole"] == 3_000 // words(
        make_commit(files={"src/0.py": texts["src/0.py"]}).patches[0].text
    )
    assert counted.total() == 30_000


@given(
    st.dictionaries(
        st.sampled_from(["a.py", "b.lock", "vendor/c.c", "docs/d.md", "e_test.go"]), st.integers(0, 400)
    ),
    st.integers(0, 2_000),
)
def test_the_budget_holds_and_every_file_is_accounted_for(sizes: dict[str, int], tokens: int) -> None:
    commit = make_commit(files={path: (None, lines(size)) for path, size in sizes.items()})
    selection = choose_patches(commit, max_tokens=tokens, count=words)
    assert sum(words(text) for text in selection.patches) <= tokens
    assert [file.path for file in selection.coverage.files] == list(sizes)
    whole = {path for path in sizes if _coverage_of(path, selection).seen == "whole"}
    shown = {patch.path for patch in commit.patches if patch.text in selection.patches}
    assert {path for path in whole if sizes[path]} == {path for path in shown if sizes[path]}


def test_every_reason_can_be_said() -> None:
    reasons = [
        "budget",
        "lock",
        "generated",
        "minified",
        "vendored",
        "binary",
        "deleted",
        "excluded",
        "capped",
    ]
    for language in ("zh-CN", "en"):
        assert all(words_for(language).has(f"coverage.{why}") for why in [*reasons, "long-line"])


def _coverage_of(path: str, selection: Selection) -> FileCoverage:
    return next(file for file in selection.coverage.files if file.path == path)
