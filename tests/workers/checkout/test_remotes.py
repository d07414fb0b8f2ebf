"""Remotes that lack a commit, give less than asked for, are shallow, silent or broken."""

import socket
import time
from pathlib import Path

import pytest
from gitserver import Door, serve
from read_commits import only_file, read
from repositories import Origin, shallow_clone

from workers.checkout import read_commit
from workers.patches import ReadLimits
from workers.remote import CommitUnreachable, RemoteUnavailable


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
