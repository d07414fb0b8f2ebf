"""Branches that are forced, deleted, created or renamed, and refs that are no branch we follow."""

import pytest
from processes import table
from repositories import ABSENT
from upstream import NAME, Follower, Upstream, following, subjects


@pytest.mark.parametrize("delivered", [False, True])
def test_a_force_push_lands_what_is_new_and_keeps_what_was_dropped(
    follower: Follower, upstream: Upstream, *, delivered: bool
) -> None:
    base = upstream.head()
    dropped = upstream.push("Dropped")
    follower.poll()
    forced = upstream.push("Rewritten", "More", onto=base)
    if delivered:
        follower.deliver(forced.saying(forced=True))
        follower.run_jobs()
    else:
        upstream.origin.forget()
        follower.poll()
    assert follower.landed().keys() == {*dropped.shas, *forced.shas}


@pytest.mark.parametrize("delivered", [False, True])
def test_a_branch_that_is_forced_far_back_and_forth_again_lands_nothing_twice_and_nothing_old(
    follower: Follower, upstream: Upstream, *, delivered: bool
) -> None:
    first = upstream.origin.git("rev-parse", "main~2")
    start = upstream.head()
    ours = upstream.push("Ours")
    follower.poll()
    for target in (first, ours.shas[0], first, start, first, ours.shas[0]):
        push = upstream.move("main", target)
        if delivered:
            follower.deliver(push.saying(forced=True))
        follower.poll()
    last = upstream.push("At last")
    follower.poll()
    assert follower.landed().keys() == {*ours.shas, *last.shas}


@pytest.mark.parametrize("delivered", [False, True])
@pytest.mark.parametrize("seen", [False, True], ids=["unseen", "seen while it was gone"])
def test_a_branch_that_is_deleted_and_made_again_elsewhere(
    follower: Follower, upstream: Upstream, *, delivered: bool, seen: bool
) -> None:
    old = upstream.push("Old", branch="release/1", onto=upstream.origin.git("rev-parse", "main~1"))
    follower.poll()
    gone = upstream.delete("release/1")
    if seen:
        follower.poll()
    new = upstream.push("New", "Newer", branch="release/1", onto=upstream.head())
    if delivered:
        answers = follower.deliver(gone, new)
        assert [answer.status_code for answer in answers] == [200, 202]
    follower.poll()
    assert subjects(follower) == ["New", "Newer", "Old"]
    again = upstream.push("Again", branch="release/1")
    follower.poll()
    assert {*old.shas, *new.shas, *again.shas} <= follower.landed().keys()


@pytest.mark.parametrize("delivered", [False, True])
def test_a_branch_made_from_a_followed_one_lands_only_what_is_its_own(
    follower: Follower, upstream: Upstream, *, delivered: bool
) -> None:
    main = upstream.push("On main")
    release = upstream.push("Own", "Own too", branch="release/2", onto=upstream.head())
    if delivered:
        follower.deliver(release.listing(release.shas[0]))
    follower.poll()
    landed = follower.landed()
    assert landed.keys() == {*main.shas, *release.shas}
    assert {landed[sha].branch for sha in main.shas} == {"main"}
    more = upstream.push("More", branch="release/2")
    follower.poll()
    assert follower.landed().keys() == {*main.shas, *release.shas, *more.shas}


def test_what_only_an_unfollowed_branch_had_lands_with_a_new_followed_one(
    follower: Follower, upstream: Upstream
) -> None:
    topic = upstream.push("Topic", branch="topic", onto=upstream.head())
    follower.poll()
    assert follower.landed() == {}
    upstream.move("release/3", topic.shas[0])
    follower.poll()
    assert follower.landed().keys() == set(topic.shas)


def test_a_branch_that_was_there_before_we_followed_it_lands_nothing_old(
    redis_url: str, follower: Follower, upstream: Upstream
) -> None:
    upstream.push("Old", branch="develop", onto=upstream.head())
    follower.poll()
    with following(redis_url, table(NAME, upstream.origin, branches=["main", "develop"])) as wider:
        wider.poll()
        assert wider.landed() == {}
        new = upstream.push("New", branch="develop")
        wider.poll()
        assert wider.landed().keys() == set(new.shas)


def test_a_default_branch_that_is_renamed_between_two_polls(redis_url: str, upstream: Upstream) -> None:
    upstream.push("Begin", "Before us")
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.poll()
        push = upstream.push("New")
        upstream.move("trunk", upstream.head())
        upstream.origin.git("symbolic-ref", "HEAD", "refs/heads/trunk")
        upstream.delete("main")
        follower.poll()
        assert follower.landed().keys() == set(push.shas)


@pytest.mark.parametrize("listed", [None, 0, 1, 3], ids=["lost", "empty", "cut", "whole"])
def test_a_first_push_to_an_empty_repository(redis_url: str, upstream: Upstream, listed: int | None) -> None:
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.poll()
        push = upstream.push("One", "Two", "Three")
        if listed is not None:
            follower.deliver(push.listing(*push.shas[:listed]))
        follower.poll()
        assert follower.landed().keys() == set(push.shas)


def test_a_first_push_that_is_the_first_we_hear_of_a_repository(redis_url: str, upstream: Upstream) -> None:
    push = upstream.push("One", "Two", "Three")
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.deliver(push.listing(push.shas[2]))
        follower.run_jobs()
        assert follower.landed().keys() == set(push.shas)


@pytest.mark.parametrize("delivered", [(), (0,), (1,), (0, 1), (1, 0)])
def test_a_commit_on_two_followed_branches_is_on_one_day_once(
    follower: Follower, upstream: Upstream, delivered: tuple[int, ...]
) -> None:
    upstream.move("release/4", upstream.head())
    follower.poll()
    pushes = [upstream.push("Both"), upstream.move("release/4", upstream.head())]
    follower.deliver(*(pushes[number] for number in delivered))
    follower.poll()
    assert subjects(follower) == ["Both"]


@pytest.mark.parametrize("branch", ["release/1.0", "release/1/rc/2"])
@pytest.mark.parametrize("delivered", [False, True])
def test_branches_with_slashes(
    follower: Follower, upstream: Upstream, branch: str, *, delivered: bool
) -> None:
    push = upstream.push("Here", branch=branch, onto=upstream.head())
    if delivered:
        follower.deliver(push)
    follower.poll()
    assert {entry.branch for entry in follower.landed().values()} == {branch}
    more = upstream.push("There", branch=branch)
    if delivered:
        follower.deliver(more)
    follower.poll()
    assert follower.landed().keys() == {*push.shas, *more.shas}


def test_the_merge_queues_refs_land_with_the_real_branch_only(redis_url: str, upstream: Upstream) -> None:
    upstream.push("Begin")
    queue = "gh-readonly-queue/main/pr-7-" + ABSENT
    with following(redis_url, table(NAME, upstream.origin, branches=["*"])) as follower:
        follower.poll()
        queued = upstream.push("Merge pull request #7", branch=queue, onto=upstream.head())
        (answer,) = follower.deliver(queued)
        assert answer.get_json() == {"ignored": "merge queue", "repository": NAME}
        follower.poll()
        assert follower.landed() == {}
        merged = upstream.move("main", queued.shas[0])
        upstream.delete(queue)
        follower.deliver(merged)
        follower.poll()
        assert {entry.branch for entry in follower.landed().values()} == {"main"}


def test_tags_bring_nothing(follower: Follower, upstream: Upstream) -> None:
    push = upstream.push("Tagged only", branch="aside", onto=upstream.head())
    upstream.origin.git("tag", "v1", push.shas[0])
    upstream.origin.git("tag", "main", push.shas[0])
    upstream.delete("aside")
    (answer,) = follower.deliver(push.saying(ref="refs/tags/v1"))
    assert answer.get_json() == {"ignored": "tag", "repository": NAME}
    follower.poll()
    assert follower.landed() == {}
