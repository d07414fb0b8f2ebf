import shutil
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gitserver import Door, serve
from repositories import Header, Origin, shallow_clone

from analysis.models import Landed
from workers.history import Mirror
from workers.remote import CommitUnreachable, RemoteUnavailable

NOTHING: frozenset[str] = frozenset()
ABSENT = "1" * 40


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "served" / "project.git")


def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirrors" / "example" / "project.git"


@pytest.fixture
def mirror(origin: Origin, tmp_path: Path) -> Mirror:
    return Mirror(folder(tmp_path), origin.remote())


def walked(
    mirror: Mirror, head: str, *, cursor: str | None, known: frozenset[str], floor: str | None = None
) -> Iterator[Landed]:
    """What landed on a branch since its cursor."""
    return mirror.walk(head, mirror.boundary(cursor, known=known, floor=floor))


def subjects(commits: Iterable[Landed]) -> list[str]:
    return [commit.subject for commit in commits]


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


def test_walk_lists_what_came_after_the_cursor_oldest_first(origin: Origin, mirror: Mirror) -> None:
    shas = [origin.commit(f"Commit {number}") for number in range(5)]
    mirror.fetch()
    landed = list(walked(mirror, shas[4], cursor=shas[1], known=NOTHING))
    assert [commit.sha for commit in landed] == shas[2:]
    assert landed[0].parents == (shas[1],)


def test_a_branch_without_a_cursor_starts_at_its_head(origin: Origin, mirror: Mirror) -> None:
    head = origin.commit("Begin")
    mirror.fetch()
    assert list(walked(mirror, head, cursor=None, known=NOTHING)) == []
    assert list(walked(mirror, head, cursor=head, known=NOTHING)) == []


def test_a_merge_lands_with_everything_it_brings_parents_first(origin: Origin, mirror: Mirror) -> None:
    first = origin.commit("Begin", {"a": "1"})
    origin.commit("Topic 1", {"b": "1"}, branch="topic", parents=[first])
    origin.commit("Topic 2", {"b": "2"}, branch="topic")
    cursor = origin.commit("Main goes on", {"c": "1"})
    head = origin.merge("topic")
    mirror.fetch()
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == [
        "Topic 1",
        "Topic 2",
        "Merge topic",
    ]


def test_an_old_date_hides_nothing(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin", header=Header(authored="1767916800 +0000"))
    origin.commit("New", header=Header(authored="1767916900 +0000"))
    origin.commit("Dated long ago", header=Header(authored="86400 +0000"))
    head = origin.commit("Newest", header=Header(authored="1767917000 +0000"))
    mirror.fetch()
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["New", "Dated long ago", "Newest"]
    start = datetime.fromtimestamp(1767916900, UTC)
    assert subjects(mirror.between(head, start, start + timedelta(seconds=101))) == ["New", "Newest"]


def test_between_takes_the_start_and_leaves_the_end(origin: Origin, mirror: Mirror) -> None:
    for second in range(4):
        origin.commit(f"At {second}", header=Header(committed=f"{1767916800 + second} +0800"))
    mirror.fetch()
    start = datetime.fromtimestamp(1767916801, UTC)
    found = mirror.between(origin.head(), start, start + timedelta(seconds=2))
    assert subjects(found) == ["At 1", "At 2"]


def test_after_a_force_push_what_the_old_head_had_is_not_listed_again(origin: Origin, mirror: Mirror) -> None:
    first = origin.commit("Begin")
    shared = origin.commit("Shared")
    old = origin.commit("Dropped")
    mirror.fetch()
    new = origin.commit("Rewritten", parents=[shared])
    origin.forget()
    mirror.fetch()
    assert subjects(walked(mirror, new, cursor=old, known=NOTHING)) == ["Rewritten"]
    back = origin.commit("Back at the start", parents=[first])
    mirror.fetch()
    assert subjects(walked(mirror, back, cursor=new, known=NOTHING)) == ["Back at the start"]


def test_a_fresh_mirror_asks_the_remote_for_a_cursor_that_no_branch_reaches(
    origin: Origin, mirror: Mirror
) -> None:
    shared = origin.commit("Shared")
    old = origin.commit("Dropped")
    new = origin.commit("Rewritten", parents=[shared])
    mirror.fetch()
    assert not mirror.has(old)
    assert subjects(walked(mirror, new, cursor=old, known=NOTHING)) == ["Rewritten"]


def test_a_cursor_that_is_gone_everywhere_is_replaced_by_what_was_known(
    origin: Origin, mirror: Mirror
) -> None:
    origin.commit("Begin")
    known = origin.commit("Known")
    new = origin.commit("New")
    mirror.fetch()
    landed = walked(mirror, new, cursor=ABSENT, known=frozenset({known, "2" * 40}))
    assert subjects(landed) == ["New"]


def test_a_cursor_that_is_gone_everywhere_leaves_the_floor(origin: Origin, mirror: Mirror) -> None:
    floor = origin.commit("Begin")
    topic = origin.commit("Topic", branch="topic", parents=[floor])
    head = origin.merge("topic")
    mirror.fetch()
    landed = walked(mirror, head, cursor=ABSENT, known=frozenset({topic}), floor=floor)
    assert subjects(landed) == ["Topic", "Merge topic"]


def test_what_the_floor_has_does_not_land_after_a_branch_was_sent_back(
    origin: Origin, mirror: Mirror
) -> None:
    first, floor, head = (origin.commit(name) for name in ("Begin", "Floor", "Landed"))
    mirror.fetch()
    assert subjects(walked(mirror, head, cursor=first, known=NOTHING, floor=floor)) == ["Landed"]
    assert subjects(walked(mirror, floor, cursor=first, known=NOTHING, floor=floor)) == []


def test_an_empty_boundary_bounds_nothing(origin: Origin, mirror: Mirror) -> None:
    origin.commit("Begin")
    head = origin.commit("Go on")
    mirror.fetch()
    assert subjects(mirror.walk(head, frozenset())) == ["Begin", "Go on"]
    assert subjects(mirror.walk(head, None)) == []


def test_how_far_a_branch_had_come_at_an_instant(origin: Origin, mirror: Mirror) -> None:
    def at(second: int) -> Header:
        return Header(committed=f"{1767916800 + second} +0800")

    cursor = origin.commit("Begin", header=at(0))
    origin.commit("Topic", branch="topic", parents=[cursor], header=at(1))
    early = origin.commit("Early", {"a": "1"}, header=at(2))
    merge = origin.merge("topic")
    late = origin.commit("Late", header=at(3))
    head = origin.commit("Dated before its parent", header=at(1))
    mirror.fetch()
    known = frozenset({cursor})
    found = [
        mirror.last_before(head, datetime.fromtimestamp(1767916800 + second, UTC), known)
        for second in (2, 3, 4)
    ]
    assert found == [None, merge, head]
    assert mirror.last_before(early, datetime.fromtimestamp(1767916803, UTC), frozenset({late})) is None
    assert mirror.last_before(ABSENT, datetime.fromtimestamp(1767916803, UTC), known) is None


def test_a_branch_that_was_forced_does_not_descend_from_where_it_stood(
    origin: Origin, mirror: Mirror
) -> None:
    first = origin.commit("Begin")
    old = origin.commit("Dropped")
    mirror.fetch()
    new = origin.commit("Rewritten", parents=[first])
    mirror.fetch()
    assert [mirror.descends(new, sha) for sha in (first, new, old, ABSENT)] == [True, True, False, False]


def test_when_nothing_tells_new_from_old_history_is_not_listed(origin: Origin, mirror: Mirror) -> None:
    origin.commit("Begin")
    head = origin.commit("Go on")
    mirror.fetch()
    assert list(walked(mirror, head, cursor=ABSENT, known=frozenset({"2" * 40}))) == []
    assert not mirror.has(ABSENT)


def test_a_remote_that_is_away_is_not_taken_for_one_that_lost_the_cursor(
    origin: Origin, mirror: Mirror
) -> None:
    head = origin.commit("Begin")
    mirror.fetch()
    shutil.rmtree(origin.folder)
    with pytest.raises(RemoteUnavailable):
        list(walked(mirror, head, cursor=ABSENT, known=NOTHING))


def test_a_head_that_was_not_fetched_is_unreachable(origin: Origin, mirror: Mirror) -> None:
    head = origin.commit("Begin")
    mirror.fetch()
    with pytest.raises(CommitUnreachable, match="fetch first"):
        list(walked(mirror, ABSENT, cursor=head, known=NOTHING))


@pytest.mark.parametrize("sha", ["main", "--output=x", "HEAD~1", "1" * 39, "A" * 40, "1" * 40 + "\n"])
def test_only_full_shas_reach_git(origin: Origin, mirror: Mirror, sha: str) -> None:
    head = origin.commit("Begin")
    mirror.fetch()
    with pytest.raises(ValueError, match="full sha"):
        list(walked(mirror, sha, cursor=head, known=NOTHING))
    with pytest.raises(ValueError, match="full sha"):
        list(walked(mirror, head, cursor=sha, known=NOTHING))


def test_a_commit_says_who_and_when_with_its_own_offset(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    header = Header("Ada Lovelace <ada@example.org>", "1767916800 -0330", "1767920400 +0545")
    head = origin.commit("One line\nand its second\n\nThe body", header=header)
    mirror.fetch()
    (landed,) = walked(mirror, head, cursor=cursor, known=NOTHING)
    assert landed.subject == "One line and its second"
    assert landed.author == "Ada Lovelace"
    assert landed.authored_at.isoformat() == "2026-01-08T20:30:00-03:30"
    assert landed.committed_at.isoformat() == "2026-01-09T06:45:00+05:45"


def test_other_encodings_and_no_encoding_at_all_become_text(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    latin = Header("Ren\xe9 <r@example.org>".encode("latin-1"), encoding="ISO-8859-1")
    origin.commit("\xe9cole".encode("latin-1"), header=latin)
    origin.commit("数据".encode("gbk"), header=Header(encoding="GBK"))
    origin.commit(b"\xe9cole")
    origin.commit(b"\xe9cole", header=Header(encoding="no-such-encoding"))
    mirror.fetch()
    landed = list(walked(mirror, origin.head(), cursor=cursor, known=NOTHING))
    assert subjects(landed) == ["école", "数据", "\\xe9cole", "\\xe9cole"]
    assert landed[0].author == "René"
    assert [Landed.model_validate_json(commit.model_dump_json()) for commit in landed] == landed


def test_a_mailmap_changes_no_author(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin", {".mailmap": "Somebody Else <one@example.org>\n"})
    head = origin.commit("Go on")
    mirror.fetch()
    assert [commit.author for commit in walked(mirror, head, cursor=cursor, known=NOTHING)] == ["Author One"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1767916800 +9999", "2026-01-09T00:00:00+00:00"),
        ("99999999999999 +0000", "9998-12-31T00:00:00+00:00"),
        ("18446744073709551615 +0000", "1970-01-01T00:00:00+00:00"),
        ("-5 +0000", "1970-01-01T00:00:00+00:00"),
        ("", "1970-01-01T00:00:00+00:00"),
        ("1767916800", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_absurd_dates_are_clamped(origin: Origin, mirror: Mirror, raw: str, expected: str) -> None:
    cursor = origin.commit("Begin")
    tree = origin.git("rev-parse", f"{cursor}^{{tree}}")
    ident = f"Author One <one@example.org> {raw}"
    text = f"tree {tree}\nparent {cursor}\nauthor {ident}\ncommitter {ident}\n\nOdd\n"
    head = origin.raw_commit(text.encode())
    mirror.fetch()
    (landed,) = walked(mirror, head, cursor=cursor, known=NOTHING)
    assert landed.authored_at.isoformat() == expected
    assert landed.committed_at.isoformat() == expected
    assert landed.committed_at.astimezone(UTC)


def test_a_mirror_holds_commits_only(origin: Origin, mirror: Mirror, tmp_path: Path) -> None:
    first = origin.commit("Begin", {"a": "one\n"})
    mirror.fetch()
    listing = ("cat-file", "--batch-all-objects", "--batch-check")
    kinds = origin.git("--git-dir", str(folder(tmp_path)), *listing)
    assert [line.split()[:2] for line in kinds.splitlines()] == [[first, "commit"]]


def test_a_remote_that_ignores_the_filter_works(origin: Origin, mirror: Mirror) -> None:
    origin.configure(uploadpack_allowFilter="false")
    cursor = origin.commit("Begin", {"a": "1"})
    mirror.fetch()
    head = origin.commit("Go on", {"a": "2"})
    assert mirror.fetch().branches == {"main": head}
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


@pytest.mark.parametrize("old_protocol", [False, True])
def test_history_comes_over_http_too(origin: Origin, tmp_path: Path, *, old_protocol: bool) -> None:
    cursor = origin.commit("Begin", {"a": "1"})
    with serve(Door(origin.folder.parent, old_protocol=old_protocol)) as url:
        mirror = Mirror(tmp_path / "mirror.git", origin.remote(f"{url}/project.git"))
        mirror.fetch()
        head = origin.commit("Go on", {"a": "2"})
        heads = mirror.fetch()
        assert (heads.default_branch, heads.branches) == ("main", {"main": head})
        assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


def test_a_shallow_remote_gives_what_it_has_and_goes_on(origin: Origin, tmp_path: Path) -> None:
    for number in range(6):
        origin.commit(f"Commit {number}", {"a": str(number)})
    clone = shallow_clone(origin, tmp_path / "shallow.git", depth=2)
    mirror = Mirror(tmp_path / "mirror.git", clone.remote())
    cursor = mirror.fetch().branches["main"]
    assert (
        len(list(mirror.between(cursor, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))))
        == 2
    )
    for number in (7, 8):
        head = clone.commit(f"Commit {number}", {"a": str(number)})
        assert mirror.fetch().branches["main"] == head
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Commit 7", "Commit 8"]
    edge = walked(mirror, head, cursor=origin.git("rev-parse", "main~4"), known=frozenset({cursor}))
    assert subjects(edge) == ["Commit 7", "Commit 8"]


def test_a_shallow_remote_may_be_deepened(origin: Origin, tmp_path: Path) -> None:
    shas = [origin.commit(f"Commit {number}", {"a": str(number)}) for number in range(6)]
    clone = shallow_clone(origin, tmp_path / "shallow.git", depth=2)
    mirror = Mirror(tmp_path / "mirror.git", clone.remote())
    mirror.fetch()
    clone.git("fetch", "--quiet", "--unshallow", origin.url)
    shas.append(clone.commit("Newest"))
    assert mirror.fetch().branches["main"] == shas[-1]
    assert len(list(walked(mirror, shas[-1], cursor=shas[0], known=NOTHING))) == 6


@pytest.mark.parametrize(
    "damage",
    [
        "no packs",
        "no HEAD",
        "an empty ref",
        "a lock left behind",
        "a file in its place",
        "a half-made folder",
    ],
)
def test_a_damaged_mirror_is_made_anew(origin: Origin, mirror: Mirror, tmp_path: Path, damage: str) -> None:
    cursor = origin.commit("Begin", {"a": "1"})
    mirror.fetch()
    head = origin.commit("Go on", {"a": "2"})
    inflict(damage, folder(tmp_path))
    assert mirror.fetch().branches == {"main": head}
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


def inflict(damage: str, mirror: Path) -> None:
    if damage == "no packs":
        shutil.rmtree(mirror / "objects" / "pack")
    elif damage == "no HEAD":
        (mirror / "HEAD").unlink()
    elif damage == "an empty ref":
        (mirror / "refs" / "heads" / "main").write_bytes(b"")
    elif damage == "a lock left behind":
        (mirror / "refs" / "heads" / "main.lock").touch()
    else:
        shutil.rmtree(mirror)
        if damage == "a file in its place":
            mirror.write_text("what is this?")
        else:
            (mirror / "objects").mkdir(parents=True)


def test_a_mirror_that_cannot_be_read_says_so_and_is_whole_after_the_next_fetch(
    origin: Origin, mirror: Mirror, tmp_path: Path
) -> None:
    cursor = origin.commit("Begin")
    mirror.fetch()
    origin.commit("Lost in between")
    mirror.fetch()
    head = origin.commit("Newest")
    mirror.fetch()
    lose(mirror_folder=folder(tmp_path), sha=origin.git("rev-parse", "main~1"))
    with pytest.raises(RemoteUnavailable, match="made anew"):
        list(walked(mirror, head, cursor=cursor, known=NOTHING))
    mirror.fetch()
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Lost in between", "Newest"]


def lose(*, mirror_folder: Path, sha: str) -> None:
    """Take away the pack that holds a commit; each fetch left one of its own."""
    for index in (mirror_folder / "objects" / "pack").glob("*.idx"):
        if bytes.fromhex(sha) in index.read_bytes():
            for file in index.parent.glob(f"{index.stem}.*"):
                file.unlink()


def test_a_remote_that_is_away_leaves_the_mirror_as_it_is(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    head = origin.commit("Go on")
    mirror.fetch()
    origin.folder.rename(origin.folder.with_name("away.git"))
    with pytest.raises(RemoteUnavailable, match="example/project"):
        mirror.fetch()
    assert subjects(walked(mirror, head, cursor=cursor, known=NOTHING)) == ["Go on"]


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


def test_a_walk_may_be_left_before_its_end(origin: Origin, mirror: Mirror) -> None:
    cursor = origin.commit("Begin")
    for number in range(200):
        origin.commit(f"Commit {number} {'x' * 1000}")
    mirror.fetch()
    walk = walked(mirror, origin.head(), cursor=cursor, known=NOTHING)
    assert next(walk).subject.startswith("Commit 0")
    mirror.fetch()
    del walk
    assert len(list(walked(mirror, origin.head(), cursor=cursor, known=NOTHING))) == 200


def test_many_fetches_do_not_leave_many_packs(origin: Origin, mirror: Mirror, tmp_path: Path) -> None:
    cursor = origin.commit("Begin")
    mirror.fetch()
    for number in range(55):
        origin.commit(f"Commit {number}")
        mirror.fetch()
    assert len(list(folder(tmp_path).glob("objects/pack/*.pack"))) < 10
    assert len(list(walked(mirror, origin.head(), cursor=cursor, known=NOTHING))) == 55
