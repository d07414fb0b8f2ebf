"""What a fetch finds and keeps."""

import threading
from pathlib import Path

from mirrors import NOTHING, folder, walked
from repositories import Origin

from workers.history import Mirror


def test_fetch_finds_the_branches_and_the_default_one(origin: Origin, mirror: Mirror) -> None:
    first = origin.commit("Begin", {"a": "1"})
    topic = origin.commit("Topic", branch="topic/deep", parents=[first])
    heads = mirror.fetch()
    assert heads.branches == {"main": first, "topic/deep": topic}
    assert heads.default_branch == "main"
    assert heads.known == NOTHING


def test_known_is_what_the_branches_pointed_at_before_the_fetch(origin: Origin, mirror: Mirror) -> None:
    first = origin.commit("Begin")
    mirror.fetch()
    second = origin.commit("Go on")
    heads = mirror.fetch()
    assert (heads.branches["main"], heads.known) == (second, {first})


def test_an_empty_repository_has_no_heads(mirror: Mirror) -> None:
    heads = mirror.fetch()
    assert (heads.branches, heads.default_branch) == ({}, None)


def test_a_detached_head_names_no_default_branch(origin: Origin, mirror: Mirror) -> None:
    (origin.folder / "HEAD").write_text(origin.commit("Begin") + "\n")
    heads = mirror.fetch()
    assert (list(heads.branches), heads.default_branch) == (["main"], None)


def test_a_head_without_its_branch_names_no_default_branch(origin: Origin, mirror: Mirror) -> None:
    origin.commit("Begin", branch="topic")
    assert mirror.fetch().default_branch is None


def test_tags_and_pull_requests_stay_where_they_are(origin: Origin, mirror: Mirror) -> None:
    first = origin.commit("Begin")
    origin.git("tag", "v1", first)
    other = origin.commit("Not merged", branch="pull")
    origin.git("update-ref", "refs/pull/1/head", other)
    origin.point("pull", None)
    assert mirror.fetch().branches == {"main": first}
    assert not mirror.has(other)


def test_a_branch_may_go_and_its_name_become_a_folder(origin: Origin, mirror: Mirror) -> None:
    first = origin.commit("Begin")
    origin.point("release", first)
    assert "release" in mirror.fetch().branches
    origin.point("release", None)
    origin.point("release/2", first)
    assert sorted(mirror.fetch().branches) == ["main", "release/2"]


def test_a_mirror_holds_commits_only(origin: Origin, mirror: Mirror, tmp_path: Path) -> None:
    first = origin.commit("Begin", {"a": "one\n"})
    mirror.fetch()
    listing = ("cat-file", "--batch-all-objects", "--batch-check")
    kinds = origin.git("--git-dir", str(folder(tmp_path)), *listing)
    assert [line.split()[:2] for line in kinds.splitlines()] == [[first, "commit"]]


def test_several_may_fetch_at_once(origin: Origin, mirror: Mirror) -> None:
    origin.commit("Begin")
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(mirror.fetch().default_branch)) for _ in range(4)]
    for thread in threads:
        thread.start()
    origin.commit("Meanwhile")
    for thread in threads:
        thread.join()
    assert found == ["main"] * 4


def test_many_fetches_do_not_leave_many_packs(origin: Origin, mirror: Mirror, tmp_path: Path) -> None:
    cursor = origin.commit("Begin")
    mirror.fetch()
    for number in range(55):
        origin.commit(f"Commit {number}")
        mirror.fetch()
    assert len(list(folder(tmp_path).glob("objects/pack/*.pack"))) < 10
    assert len(list(walked(mirror, origin.head(), cursor=cursor, known=NOTHING))) == 55
