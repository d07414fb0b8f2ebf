import os
import socket
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from gitserver import Door, serve
from repositories import Header, Origin, executable, shallow_clone, submodule, symlink

from analysis.models import Commit, FileChange
from workers import checkout
from workers.checkout import read_commit
from workers.patches import ReadLimits
from workers.remote import CommitUnreachable, RemoteUnavailable


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "served" / "project.git")


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test does, no temporary file and no child process outlives it."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = children()
    yield
    assert list(scratch.iterdir()) == []
    assert children() <= before


def children() -> set[str]:
    """The processes that this one has started, where /proc tells."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if fields[1] == str(os.getpid()):
                found.add(status.parent.name)
    return found


def read(origin: Origin, sha: str | None = None, **limits: Any) -> Commit:
    return read_commit(origin.remote(), sha or origin.head(), limits=ReadLimits(**limits))


def only_file(commit: Commit) -> FileChange:
    (file,) = commit.files
    return file


def test_a_commit_is_read_with_everything_git_says_of_it(origin: Origin) -> None:
    parent = origin.commit("Begin", {"a.txt": "one\ntwo\n"})
    header = Header("Ada Lovelace <ada@example.org>", "1767916800 +0800", "1767920400 -0500")
    sha = origin.commit("fix: say two\n\nBecause one\nwas wrong.\n", {"a.txt": "one\n2\n"}, header=header)
    commit = read(origin)
    assert commit.repository == "example/project"
    assert (commit.sha, commit.parents) == (sha, (parent,))
    assert (commit.subject, commit.body) == ("fix: say two", "Because one\nwas wrong.")
    assert (commit.author, commit.committer) == ("Ada Lovelace", "Author One")
    assert commit.authored_at.isoformat() == "2026-01-09T08:00:00+08:00"
    assert commit.committed_at.isoformat() == "2026-01-08T20:00:00-05:00"
    assert only_file(commit) == FileChange(
        path="a.txt", status="M", additions=1, deletions=1, old_mode="100644", new_mode="100644"
    )
    (patch,) = commit.patches
    assert patch.path == "a.txt"
    assert patch.text.startswith("diff --git a/a.txt b/a.txt\nindex ")
    assert patch.text.endswith("@@ -1,2 +1,2 @@\n one\n-two\n+2\n")
    assert not patch.truncated
    assert not commit.capped
    assert not commit.at_history_edge
    assert commit.merged == 0


def test_what_is_read_survives_json(origin: Origin) -> None:
    origin.commit(b"\xe9cole \xed\xa0\x80", {b"\xff\xfe": b"\xe9\n", "\U0001f4a9": "\n"})
    commit = read(origin)
    assert Commit.model_validate_json(commit.model_dump_json()) == commit


def test_the_first_commit_of_all_adds_its_files(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": "one\n", "b.txt": "two\n"})
    commit = read(origin)
    assert commit.parents == ()
    assert not commit.at_history_edge
    assert [(file.path, file.status, file.additions) for file in commit.files] == [
        ("a.txt", "A", 1),
        ("b.txt", "A", 1),
    ]
    assert commit.patch_id


def test_a_commit_may_change_nothing(origin: Origin) -> None:
    origin.commit("Begin")
    for _ in range(2):
        origin.commit("Try the CI again")
        commit = read(origin)
        assert (commit.files, commit.patches, commit.patch_id, commit.capped) == ((), (), None, False)


def test_no_byte_in_a_path_confuses_the_listing_or_the_patches(origin: Origin) -> None:
    paths = [
        b"plain.txt",
        b"with space.txt",
        b'double"quote.txt',
        b"back\\slash.txt",
        b"tab\there.txt",
        b"new\nline.txt",
        b"\ndiff --git a",
        b"latin-\xe9.txt",
        "数据.txt".encode(),
        b"b/ b/ a/.txt",
        b"-rf",
        b":100644 100644",
    ]
    origin.commit("Begin", {path: f"old {number}\n" for number, path in enumerate(paths)})
    origin.commit("Change all", {path: f"new {number}\n" for number, path in enumerate(paths)})
    commit = read(origin)
    names = {path.decode("utf-8", "backslashreplace"): number for number, path in enumerate(paths)}
    assert {file.path for file in commit.files} == names.keys()
    assert {patch.path for patch in commit.patches} == names.keys()
    assert all(
        patch.text.endswith(f"-old {names[patch.path]}\n+new {names[patch.path]}\n")
        for patch in commit.patches
    )
    assert all((file.additions, file.deletions) == (1, 1) for file in commit.files)


def test_a_rename_keeps_its_old_path_and_numbers(origin: Origin) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    origin.commit("Begin", {"old.py": text, "still\n.py": text + "x\n", "z.py": "1\n"})
    origin.commit(
        "Move",
        {
            "old.py": None,
            "new.py": text + "more\n",
            "still\n.py": None,
            "a/b.py": text + "x\n",
            "z.py": "2\n",
        },
    )
    commit = read(origin)
    assert [
        (file.path, file.old_path, file.status, file.additions, file.deletions) for file in commit.files
    ] == [
        ("a/b.py", "still\n.py", "R", 0, 0),
        ("new.py", "old.py", "R", 1, 0),
        ("z.py", None, "M", 1, 1),
    ]
    assert [patch.path for patch in commit.patches] == ["a/b.py", "new.py", "z.py"]
    assert "rename from old.py" in commit.patches[1].text


def test_a_copy_is_an_added_file(origin: Origin) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    origin.commit("Begin", {"a.py": text})
    origin.commit("Copy", {"b.py": text})
    assert (only_file(read(origin)).status, only_file(read(origin)).additions) == ("A", 20)


def test_binary_files_have_no_lines(origin: Origin) -> None:
    origin.commit("Begin", {"logo.png": b"\0\1\2", "z.txt": "1\n"})
    origin.commit("Change", {"logo.png": b"\0\1\3", "z.txt": "2\n"})
    commit = read(origin)
    assert commit.files[0].binary
    assert commit.files[0].deletions is None
    assert not commit.files[1].binary
    assert commit.patches[0].text.endswith("Binary files a/logo.png and b/logo.png differ\n")
    assert commit.additions == 1


def test_modes_links_submodules_and_changes_of_type_are_told_apart(origin: Origin) -> None:
    origin.commit(
        "Begin",
        {"link": symlink("a"), "run.sh": "x\n", "sub": submodule("1" * 40), "turns": "text\n", "zone": "1\n"},
    )
    origin.commit(
        "Change",
        {
            "link": symlink("b"),
            "run.sh": executable("x\n"),
            "sub": submodule("2" * 40),
            "turns": symlink("zone"),
            "zone": "2\n",
        },
    )
    files = {file.path: file for file in read(origin).files}
    patches = {patch.path: patch.text for patch in read(origin).patches}
    assert files["link"].new_mode == "120000"
    assert (files["run.sh"].old_mode, files["run.sh"].new_mode) == ("100644", "100755")
    assert (files["run.sh"].additions, files["run.sh"].deletions) == (0, 0)
    assert patches["run.sh"] == "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n"
    assert files["sub"].submodule
    assert f"+Subproject commit {'2' * 40}" in patches["sub"]
    assert files["turns"].status == "T"
    assert patches["turns"].count("diff --git ") == 2
    assert patches["zone"].endswith("-1\n+2\n")


def test_a_message_in_any_encoding_is_read(origin: Origin) -> None:
    origin.commit("数据\n\n更多".encode("gbk"), header=Header(encoding="GBK"))
    commit = read(origin)
    assert (commit.subject, commit.body) == ("数据", "更多")
    origin.commit(b"\xe9cole\n\n\xff")
    commit = read(origin)
    assert (commit.subject, commit.body) == ("\\xe9cole", "\\xff")


def test_hunks_that_look_like_headers_stay_in_their_file(origin: Origin) -> None:
    fake = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n"
    origin.commit("Begin", {"a.patch": "1\n", "b.txt": "1\n"})
    origin.commit("Add a patch", {"a.patch": fake + "\rdiff --git a/y b/y\r", "b.txt": "2\n"})
    commit = read(origin)
    assert [patch.path for patch in commit.patches] == ["a.patch", "b.txt"]
    assert commit.patches[1].text.endswith("-1\n+2\n")


def test_attributes_and_drivers_of_the_repository_have_no_say(origin: Origin) -> None:
    origin.commit("Begin", {".gitattributes": "*.txt binary diff=evil\n", "a.txt": "1\n"})
    origin.commit("Change", {"a.txt": "2\n"})
    assert read(origin).patches[0].text.endswith("-1\n+2\n")


# -- merges -------------------------------------------------------------------------------------------------


def test_a_clean_merge_changes_nothing_by_hand_and_counts_what_it_brings(origin: Origin) -> None:
    text = "".join(f"{number}\n" for number in range(30))
    first = origin.commit("Begin", {"both.txt": text})
    origin.commit("Topic 1", {"topic.txt": "1\n"}, branch="topic", parents=[first])
    origin.commit("Topic 2", {"both.txt": text + "end\n"}, branch="topic")
    origin.commit("Meanwhile", {"both.txt": "start\n" + text})
    origin.merge("topic", files={"both.txt": "start\n" + text + "end\n"})
    commit = read(origin)
    assert len(commit.parents) == 2
    assert commit.merged == 2
    assert (commit.files, commit.patches, commit.patch_id) == ((), (), None)


def test_only_what_was_changed_by_hand_in_a_merge_is_listed(origin: Origin) -> None:
    first = origin.commit("Begin", {"con\nflict": "1\n", "logo": b"\0\1", "z": "1\n"})
    origin.commit(
        "Topic", {"con\nflict": "2\n", "logo": b"\0\2", "taken": "x\n"}, branch="topic", parents=[first]
    )
    origin.commit("Main", {"con\nflict": "3\n", "logo": b"\0\3"})
    origin.merge("topic", files={"con\nflict": "4\n5\n", "evil": "new\n", "logo": b"\0\4", "z": None})
    commit = read(origin)
    found = {file.path: (file.status, file.additions, file.deletions) for file in commit.files}
    assert found == {
        "con\nflict": ("M", 2, 0),
        "evil": ("A", 1, 0),
        "logo": ("M", None, None),
        "z": ("D", 0, 1),
    }
    assert [patch.path for patch in commit.patches] == ["con\nflict", "evil", "logo", "z"]
    assert commit.patches[0].text.startswith('diff --cc "con\\nflict"\n')
    assert commit.merged == 1


def test_a_file_renamed_on_one_side_and_edited_on_the_other_was_not_changed_by_hand(origin: Origin) -> None:
    text = "".join(f"{number}\n" for number in range(30))
    first = origin.commit("Begin", {"old": text})
    origin.commit("Rename", {"old": None, "new": text + "end\n"}, branch="topic", parents=[first])
    origin.commit("Edit", {"old": "start\n" + text})
    origin.merge("topic", files={"new": "start\n" + text + "end\n"})
    assert read(origin).files == ()


def test_a_merge_of_many_branches_counts_all_of_them(origin: Origin) -> None:
    first = origin.commit("Begin", {"a": "1\n"})
    for name in ("one", "two", "three"):
        origin.commit(name, {name: "1\n"}, branch=name, parents=[first])
        origin.commit(f"{name} again", {name: "2\n"}, branch=name)
    origin.commit("Main", {"m": "1\n"})
    origin.merge("one", "two", "three", files={"evil": "1\n"})
    commit = read(origin)
    assert len(commit.parents) == 4
    assert commit.merged == 6
    assert only_file(commit).path == "evil"
    assert (only_file(commit).additions, only_file(commit).deletions) == (1, 0)


def test_a_branch_that_left_long_ago_is_counted_too(origin: Origin) -> None:
    first = origin.commit("Begin", {"a": "1\n"})
    origin.commit("Topic", {"b": "1\n"}, branch="topic", parents=[first])
    for number in range(60):
        origin.commit(f"Main {number}")
    origin.merge("topic")
    assert read(origin).merged == 1


def test_a_merge_of_an_unrelated_history_counts_all_of_it(origin: Origin) -> None:
    origin.commit("Begin", {"a": "1\n"})
    for number in range(3):
        origin.commit(f"Other {number}", {"b": str(number)}, branch="other")
    origin.commit("Join", {"b": "2"}, parents=[origin.head(), origin.head("other")])
    assert read(origin).merged == 3


# -- remotes ------------------------------------------------------------------------------------------------


def test_a_sha_that_the_remote_does_not_have_is_unreachable(origin: Origin) -> None:
    origin.commit("Begin")
    with pytest.raises(CommitUnreachable, match="has no commit 1111"):
        read(origin, "1" * 40)


def test_a_tag_a_tree_and_a_file_are_no_commits(origin: Origin) -> None:
    origin.commit("Begin", {"a": "1\n"})
    origin.git("tag", "-a", "-m", "First", "v1", "refs/heads/main")
    for name in ("v1", "main^{tree}", "main:a"):
        with pytest.raises(CommitUnreachable):
            read(origin, origin.git("rev-parse", name))


@pytest.mark.parametrize("sha", ["main", "--output=x", "1" * 39, "", "HEAD"])
def test_only_a_full_sha_reaches_git(origin: Origin, sha: str) -> None:
    with pytest.raises(ValueError, match="full sha"):
        read_commit(origin.remote(), sha)


def test_a_commit_that_no_branch_reaches_any_more_can_be_read(origin: Origin) -> None:
    first = origin.commit("Begin")
    dropped = origin.commit("Dropped", {"a": "1\n"})
    origin.point("main", first)
    assert read(origin, dropped).subject == "Dropped"


def test_a_remote_that_ignores_filters_works(origin: Origin) -> None:
    origin.configure(uploadpack_allowFilter="false")
    first = origin.commit("Begin", {"a": "1\n"})
    origin.commit("Topic", {"b": "1\n"}, branch="topic", parents=[first])
    origin.commit("Change", {"a": "2\n"})
    assert read(origin).patches[0].text.endswith("-1\n+2\n")
    origin.merge("topic")
    assert read(origin).merged == 1


def test_a_server_that_gives_only_branches_is_asked_for_these(origin: Origin) -> None:
    origin.commit("Begin", {"a": "1\n"})
    inner = origin.commit("Change", {"a": "2\n"})
    dropped = origin.commit("Dropped")
    origin.commit("Go on", parents=[inner])
    with serve(Door(origin.folder.parent, old_protocol=True)) as url:
        remote = origin.remote(f"{url}/project.git")
        assert read_commit(remote, inner).patches[0].text.endswith("-1\n+2\n")
        with pytest.raises(CommitUnreachable):
            read_commit(remote, dropped)


def test_the_edge_of_a_shallow_remote_is_no_first_commit(origin: Origin, tmp_path: Path) -> None:
    for number in range(4):
        origin.commit(f"Commit {number}", {"a": f"{number}\n", "big": "x\n" * 1000})
    clone = shallow_clone(origin, tmp_path / "shallow.git", depth=2)
    inner, edge = read(clone), read(clone, origin.git("rev-parse", "main~1"))
    assert not inner.at_history_edge
    assert inner.patches[0].text.endswith("-2\n+3\n")
    assert edge.at_history_edge
    assert edge.parents == (origin.git("rev-parse", "main~2"),)
    assert (edge.files, edge.patches, edge.patch_id, edge.merged) == ((), (), None, 0)
    with pytest.raises(CommitUnreachable):
        read(clone, origin.git("rev-parse", "main~2"))


def test_the_first_commit_is_told_from_the_edge_in_a_shallow_remote_too(
    origin: Origin, tmp_path: Path
) -> None:
    root = origin.commit("Begin", {"a": "1\n"})
    origin.commit("Go on", {"a": "2\n"})
    clone = shallow_clone(origin, tmp_path / "shallow.git", depth=2)
    commit = read(clone, root)
    assert not commit.at_history_edge
    assert only_file(commit).status == "A"


def test_a_merge_at_the_edge_brings_nobody_knows_how_many(origin: Origin, tmp_path: Path) -> None:
    first = origin.commit("Begin", {"a": "1\n"})
    for number in range(3):
        origin.commit("Topic", {"b": str(number)}, branch="topic", parents=[first] if not number else None)
    origin.commit("Main", {"c": "1\n"})
    origin.merge("topic", files={"evil": "1\n"})
    inner = read(shallow_clone(origin, tmp_path / "two.git", depth=2))
    assert (inner.at_history_edge, inner.merged, only_file(inner).path) == (False, 0, "evil")
    edge = read(shallow_clone(origin, tmp_path / "one.git", depth=1))
    assert (edge.at_history_edge, edge.merged, len(edge.parents)) == (True, 0, 2)


# -- the same change ----------------------------------------------------------------------------------------


def test_the_same_change_elsewhere_has_the_same_patch_id(origin: Origin) -> None:
    first = origin.commit("Begin", {"a": "1\n2\n3\n"})
    origin.commit("Change", {"a": "1\ntwo\n3\n"})
    origin.commit("More", {"b": "1\n"}, branch="release", parents=[first])
    picked = origin.commit("Picked", {"a": "1\ntwo\n3\n"}, branch="release")
    origin.commit("Begin again", {"a": "1\n2\n3\n"})
    other = origin.commit("Indented", {"a": "1\n two\n3\n"})
    ids = [read(origin, sha).patch_id for sha in (origin.git("rev-parse", "main~2"), picked, other)]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0] is not None
    assert len(ids[0]) == 40


# -- limits -------------------------------------------------------------------------------------------------


def test_a_file_longer_than_its_limit_is_cut_at_a_line(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": "".join(f"line {n}\n" for n in range(1000)), "b.txt": "1\n"})
    commit = read(origin, file_bytes=2000)
    long, short = commit.patches
    assert long.truncated
    assert len(long.text) <= 2000
    assert long.text.endswith("\n")
    assert not short.truncated
    assert not commit.capped
    assert commit.files[0].additions == 1000
    assert commit.patch_id == read(origin).patch_id


def test_a_stream_longer_than_the_limit_is_cut_and_says_so(origin: Origin) -> None:
    origin.commit("Begin", {f"{n}.txt": "some text\n" * 100 for n in range(9)})
    commit = read(origin, patch_bytes=3000)
    assert commit.capped
    assert commit.patch_id is None
    assert len(commit.files) == 9
    assert commit.additions == 900
    assert [patch.truncated for patch in commit.patches] == [False, False, True]
    assert commit.patches[-1].text.endswith("\n+some text\n")
    assert sum(len(patch.text) for patch in commit.patches) <= 3000


def test_a_limit_that_is_met_exactly_is_not_exceeded(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": "some text\n" * 100})
    length = len(read(origin).patches[0].text)
    assert not read(origin, patch_bytes=length, file_bytes=length).capped
    assert not read(origin, patch_bytes=length, file_bytes=length).patches[0].truncated
    assert read(origin, patch_bytes=length - 1).capped


def test_a_line_of_five_megabytes_is_cut_within_and_between_characters(origin: Origin) -> None:
    origin.commit("Begin", {"a.json": "数" * 1_700_000, "z": "1\n"})
    commit = read(origin)
    assert commit.patches[0].truncated
    assert len(commit.patches[0].text.encode()) <= ReadLimits().file_bytes
    assert commit.patches[0].text[-10:] == "数" * 10
    assert commit.patches[1].text.endswith("+1\n")


def test_a_message_without_end_is_cut(origin: Origin) -> None:
    origin.commit("x" * 3_000_000 + "\n\n" + "line\n" * 600_000)
    commit = read(origin)
    assert len(commit.subject) == 1_000
    assert 30_000 < len(commit.body) < 65_536


def test_a_patch_without_end_is_read_in_bounded_memory(origin: Origin) -> None:
    origin.commit("Begin", {"a.txt": b"".join(b"line %d of a long file\n" % n for n in range(1_500_000))})
    tracemalloc.start()
    try:
        commit = read(origin)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert commit.capped
    assert commit.files[0].additions == 1_500_000
    assert peak < 50_000_000


def test_thousands_of_files_are_listed_up_to_the_limit(origin: Origin) -> None:
    origin.commit("Begin", {f"{n:04}/a.txt": f"{n}\n" for n in range(3000)})
    whole = read(origin)
    assert len(whole.files) == len(whole.patches) == 3000
    assert not whole.capped
    part = read(origin, files=2000)
    assert len(part.files) == len(part.patches) == 2000
    assert part.capped
    assert part.patches[-1].text.endswith("+1999\n")


def test_a_remote_that_never_answers_is_left_at_the_deadline(origin: Origin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/project.git"
        started = time.monotonic()
        with pytest.raises(RemoteUnavailable, match="in time"):
            read_commit(origin.remote(url), "1" * 40, limits=ReadLimits(seconds=0.5))
        assert time.monotonic() - started < 5


def test_a_file_that_the_remote_lost_makes_the_commit_unavailable(origin: Origin) -> None:
    origin.commit("Begin", {"a": "1\n"})
    origin.commit("Change", {"a": "2\n"})
    lost = origin.git("rev-parse", "main:a")
    (origin.folder / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(RemoteUnavailable):
        read(origin)


def test_several_workers_share_nothing(origin: Origin) -> None:
    shas = [origin.commit(f"Commit {n}", {"a": f"{n}\n"}) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        commits = list(pool.map(lambda sha: read_commit(origin.remote(), sha), shas))
    assert [commit.sha for commit in commits] == shas
    assert [commit.patches[0].text[-2:] for commit in commits[1:10]] == [f"{n}\n" for n in range(1, 10)]


def test_a_mode_that_only_old_git_wrote_is_taken_as_it_is(origin: Origin) -> None:
    blob = origin.git("hash-object", "-w", "--stdin", stdin=b"x\n")
    tree = origin.git(
        "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=b"100664 a\0" + bytes.fromhex(blob)
    )
    sha = origin.commit("Begin")
    ident = "Author One <one@example.org> 1767916800 +0800"
    raw = f"tree {tree}\nparent {sha}\nauthor {ident}\ncommitter {ident}\n\nOdd\n"
    commit = read(origin, origin.raw_commit(raw.encode()))
    assert only_file(commit).path == "a"


def test_what_killed_workers_left_behind_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leftovers = tmp_path / "leftovers"
    monkeypatch.setattr(checkout, "gettempdir", lambda: str(leftovers))
    old, fresh, other = (leftovers / name for name in ("pushdigest-git-old", "pushdigest-git-new", "other"))
    for folder in (old, fresh, other):
        folder.mkdir(parents=True)
    for folder in (old, other):
        os.utime(folder, (0, 0))
    checkout.sweep()
    assert {folder.name for folder in leftovers.iterdir()} == {"other", "pushdigest-git-new"}
