"""What landed on a branch since its cursor, and between two instants."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from mirrors import NOTHING, subjects, walked
from repositories import ABSENT, Header, Origin

from workers.history import Mirror
from workers.remote import CommitUnreachable, RemoteUnavailable


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
