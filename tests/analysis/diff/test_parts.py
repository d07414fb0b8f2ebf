"""A commit taken apart, each part for one prompt."""

from collections import Counter

import pytest
from commits import lines, make_commit
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.diff.budget import choose_patches
from analysis.diff.parts import Parts, split, worth_parts
from analysis.model.llm import Model, ModelOptions, preload
from analysis.models import Commit, Coverage, FileChange, Patch

ROOM = 1_000


def words(text: str) -> int:
    """A tokenizer for which a word is a token."""
    return len(text.split())


def taken_apart(commit: Commit, most: int = 40, **terms: tuple[str, ...]) -> Parts:
    return split(commit, max_tokens=ROOM, most=most, count=words, **terms)


def added_lines(parts: Parts) -> Counter[str]:
    texts = (part.text for part in parts.parts)
    return Counter(line for text in texts for line in text.split("\n") if line.startswith("+value_"))


def seen(coverage: Coverage) -> dict[str, tuple[str, str]]:
    return {file.path: (file.seen, file.why) for file in coverage.files}


def large() -> Commit:
    return make_commit(
        files={
            **{f"src/part_{number}.py": (None, lines(150)) for number in range(8)},
            "src/big.py": (None, lines(2_000)),
            "src/gone.py": (lines(900), None),
            "tests/test_all.py": (None, lines(50)),
            "go.sum": (None, lines(900)),
            "secret/key.py": (None, lines(900)),
        }
    )


def test_each_part_fits_and_together_they_are_all_that_carries_the_change() -> None:
    parts = taken_apart(large(), exclude_paths=("secret/**",))
    assert all(words(part.text) <= ROOM for part in parts.parts)
    assert parts.coverage.parts == len(parts.parts) > 1
    assert seen(parts.coverage) == {
        **{f"src/part_{number}.py": ("whole", "") for number in range(8)},
        "src/big.py": ("whole", ""),
        "src/gone.py": ("none", "deleted"),
        "tests/test_all.py": ("whole", ""),
        "go.sum": ("none", "lock"),
        "secret/key.py": ("none", "excluded"),
    }
    counted = added_lines(parts)
    assert counted["+value_149 = compute(149)"] == 9
    assert counted["+value_1999 = compute(1999)"] == 1


def test_what_is_shut_out_is_in_no_part_under_any_name() -> None:
    commit = large()
    moved = commit.files[0].model_copy(update={"old_path": "secret/old.py", "status": "R"})
    commit = commit.model_copy(update={"files": (moved, *commit.files[1:])})
    parts = taken_apart(commit, exclude_paths=("secret/",))
    paths = {excerpt.path for part in parts.parts for excerpt in part.excerpts}
    assert not {"src/part_0.py", "secret/key.py"} & paths
    assert seen(parts.coverage)["src/part_0.py"] == ("none", "excluded")


def test_there_are_never_more_parts_than_the_commit_is_worth() -> None:
    parts = taken_apart(large(), most=3)
    assert len(parts.parts) <= 3
    assert all(words(part.text) <= ROOM for part in parts.parts)
    big = next(file for file in parts.coverage.files if file.path == "src/big.py")
    assert (big.seen, big.why, big.hunks, big.hunks_seen) == ("part", "budget", 1, ())


def test_other_files_only_fill_what_is_left() -> None:
    commit = make_commit(files={"src/a.py": (None, lines(600)), "tests/b.py": (None, lines(5_000))})
    parts = taken_apart(commit)
    assert len(parts.parts) <= 3
    assert seen(parts.coverage) == {"src/a.py": ("whole", ""), "tests/b.py": ("part", "budget")}


def test_small_files_stay_whole_in_one_part() -> None:
    parts = taken_apart(make_commit(files={f"src/{n}.py": (None, lines(100)) for n in range(30)}))
    assert (
        Counter(excerpt.path for part in parts.parts for excerpt in part.excerpts).most_common(1)[0][1] == 1
    )


def test_a_large_file_is_cut_between_hunks() -> None:
    before = lines(4_000)
    after = "".join(
        f"{line}\n" if at % 40 else "changed = 1\n" for at, line in enumerate(before.split("\n")[:-1])
    )
    parts = taken_apart(make_commit(files={"src/a.py": (before, after)}))
    assert len(parts.parts) > 1
    assert all(
        hunk.stop - hunk.start == hunk.size
        for part in parts.parts
        for each in part.excerpts
        for hunk in each.hunks
    )
    assert all(part.text.startswith("diff --git a/src/a.py b/src/a.py\n") for part in parts.parts)
    assert seen(parts.coverage) == {"src/a.py": ("whole", "")}


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["a.py", "b/c.py", "b.lock", "vendor/c.c", "docs/d.md", "e_test.go"]),
        st.tuples(st.integers(0, 300), st.integers(0, 600)),
    ),
    st.integers(1, 6),
    st.integers(0, 900),
)
def test_the_coverage_is_what_the_parts_hold(
    sizes: dict[str, tuple[int, int]], most: int, tokens: int
) -> None:
    texts = {
        path: (lines(old, path) or None, lines(new, f"new {path}")) for path, (old, new) in sizes.items()
    }
    commit = make_commit(files=texts)
    parts = split(commit, max_tokens=tokens, most=most, count=words)
    assert len(parts.parts) <= most
    assert all(words(part.text) <= tokens for part in parts.parts)
    shown = {line for part in parts.parts for line in part.text.split("\n")}
    for file, patch in zip(parts.coverage.files, commit.patches, strict=True):
        content = [line for line in patch.text.split("\n")[3:] if line[:1] in {"+", "-"}]
        there = [line in shown for line in content]
        assert file.seen != "whole" or all(there)
        assert file.seen != "none" or not any(there)
        assert (file.why == "budget") <= (not all(there))


def test_a_commit_is_worth_parts_if_one_prompt_cuts_what_carries_it() -> None:
    def is_worth(commit: Commit) -> bool:
        return worth_parts(commit, choose_patches(commit, max_tokens=ROOM, count=words).coverage)

    assert is_worth(large())
    assert not is_worth(make_commit(files={"src/a.py": (None, lines(100)), "docs/b.md": (None, lines(900))}))
    assert not is_worth(make_commit(files={"yarn.lock": (None, lines(9_000))}))
    assert not is_worth(make_commit(files={"src/gone.py": (lines(9_000), None)}))


def made(path: str, added: int, hunks: int) -> tuple[FileChange, Patch]:
    each = added // hunks
    body = "".join(
        f"@@ -{at * each + 1},1 +{at * each + 1},{each} @@ def f{at}():\n"
        + "".join(f"+    queue = schedule(batch_{at}, limit={line})\n" for line in range(each))
        for at in range(hunks)
    )
    header = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n"
    return FileChange(path=path, status="M", additions=added, deletions=0), Patch(
        path=path, text=header + body
    )


def commit_of(changes: list[tuple[FileChange, Patch]]) -> Commit:
    return make_commit("x", {}).model_copy(
        update={"files": tuple(file for file, _ in changes), "patches": tuple(patch for _, patch in changes)}
    )


@pytest.mark.parametrize(
    "commit",
    [
        commit_of([made(f"src/d{number % 9}/f{number}.py", 100, 4) for number in range(500)]),
        commit_of([made(f"src/f{number}.py", 10_000, 300) for number in range(5)]),
        commit_of([made(f"src/f{number}.py", 1, 1) for number in range(30_000)]),
        commit_of(
            [
                (
                    FileChange(path="a.py", status="M", additions=1, deletions=0),
                    Patch(path="a.py", text="diff --git a/a b/a\n@@ -1 +1 @@\n+" + "x1 " * 1_700_000),
                )
            ]
        ),
    ],
    ids=["50,000 lines", "long files", "30,000 files", "5 MB line"],
)
def test_a_commit_of_any_size_is_taken_apart_within_its_limits(commit: Commit) -> None:
    preload()
    model = Model(ModelOptions(model="openai/any"))
    parts = split(commit, max_tokens=12_000, most=40, count=model.count_tokens)
    assert 1 <= len(parts.parts) <= 40
    assert all(model.count_tokens(part.text) <= 12_050 for part in parts.parts)
    assert [file.path for file in parts.coverage.files] == [file.path for file in commit.files]
