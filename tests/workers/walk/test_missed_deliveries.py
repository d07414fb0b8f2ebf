"""Deliveries that never came, came late, or told half: every commit that landed is on one day, once.

Each case is a real bare repository, signed deliveries to the real application, and the walk of its history.
docs/deliveries.md lists the cases.
"""

import shutil
from datetime import UTC, datetime
from itertools import permutations

import pytest
from landings import at_once
from processes import table
from pushes import NO_SHA, payload
from repositories import ABSENT
from upstream import NAME, Follower, Pushed, Upstream, following, subjects

from analysis.storage.entry import Source
from workers.walk import walk

ORDERS = [order for count in range(4) for order in permutations(range(3), count)]
"""Which of three deliveries come, in which order: none, one, two or all of them."""


# Deliveries that are lost or come in another order


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(map(str, order)) or "none")
def test_lost_and_late_deliveries(follower: Follower, upstream: Upstream, order: tuple[int, ...]) -> None:
    pushes = [upstream.push(f"{number}.1", f"{number}.2") for number in range(3)]
    follower.deliver(*(pushes[number] for number in order))
    follower.poll()
    landed = follower.landed()
    assert landed.keys() == {sha for push in pushes for sha in push.shas}
    assert {landed[sha].source for number in order for sha in pushes[number].shas} <= {Source.PUSH}


@pytest.mark.parametrize("order", [(1, 0), (0, 2), (2, 1, 0)])
def test_a_walk_between_deliveries_doubles_and_skips_nothing(
    follower: Follower, upstream: Upstream, order: tuple[int, ...]
) -> None:
    pushes = [upstream.push(f"{number}.1", f"{number}.2") for number in range(3)]
    for number in order:
        follower.deliver(pushes[number])
        follower.run_jobs()
    assert follower.landed().keys() == {sha for push in pushes for sha in push.shas}


def test_a_lost_delivery_of_a_merge_brings_the_topic_with_it(follower: Follower, upstream: Upstream) -> None:
    upstream.push("Topic", branch="topic", onto=upstream.head())
    upstream.push("Main goes on")
    upstream.merge("topic")
    follower.poll()
    assert subjects(follower) == ["Main goes on", "Merge topic", "Topic"]


def test_the_clocks_poll_alone_follows_without_any_webhook(follower: Follower, upstream: Upstream) -> None:
    first = upstream.push("One", "Two")
    follower.poll()
    assert follower.landed().keys() == set(first.shas)
    second = upstream.push("Three")
    follower.poll()
    landed = follower.landed()
    assert landed.keys() == {*first.shas, *second.shas}
    assert {entry.source for entry in landed.values()} == {Source.POLL}


def test_our_own_secrets_are_masked_in_what_only_a_walk_has_found(
    redis_url: str, follower: Follower, upstream: Upstream
) -> None:
    tables = table(NAME, upstream.origin, branches=["main"])
    with following(redis_url, tables, REPORT_TOKEN="a-plain-word") as careful:
        upstream.push("use a-plain-word")
        careful.poll()
        assert subjects(follower) == ["use [masked]"]


def test_a_delivery_with_a_before_that_nobody_knows(follower: Follower, upstream: Upstream) -> None:
    push = upstream.push("One", "Two")
    follower.deliver(push.saying(before=ABSENT, commits=[]))
    follower.run_jobs()
    assert follower.landed().keys() == set(push.shas)


@pytest.mark.parametrize("before", [ABSENT, NO_SHA], ids=["unknown", "none"])
def test_what_came_before_we_followed_does_not_land_whatever_the_first_delivery_says(
    redis_url: str, upstream: Upstream, before: str
) -> None:
    upstream.push("Begin", "Before us")
    upstream.move("other", upstream.head())
    push = upstream.push("New")
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.deliver(push.saying(before=before))
        follower.run_jobs()
        assert subjects(follower) == ["New"]


def test_the_earliest_of_the_first_deliveries_says_where_to_begin(redis_url: str, upstream: Upstream) -> None:
    upstream.push("Begin", "Before us")
    first, second = (upstream.push(name, f"{name} again") for name in ("One", "Two"))
    early, late = (
        push.listing().of(pushed_at=at) for push, at in ((first, 1767916800), (second, 1767916860))
    )
    with following(redis_url, table(NAME, upstream.origin)) as follower:
        follower.deliver(late, early)
        follower.run_jobs()
        assert follower.landed().keys() == {*first.shas, *second.shas}


# Payloads that do not tell everything


@pytest.mark.parametrize("listed", [(), (0,), (3,), (1, 2)])
def test_a_payload_that_lists_only_some_of_its_commits(
    follower: Follower, upstream: Upstream, listed: tuple[int, ...]
) -> None:
    push = upstream.push("One", "Two", "Three", "Four")
    follower.deliver(push.listing(*(push.shas[number] for number in listed)))
    follower.run_jobs()
    landed = follower.landed()
    assert landed.keys() == set(push.shas)
    assert {entry.source for entry in landed.values()} == {Source.PUSH}
    assert len({entry.landed_at for entry in landed.values()}) == 1


@pytest.mark.parametrize("delivered", [False, True])
def test_2100_commits_in_one_push(follower: Follower, upstream: Upstream, *, delivered: bool) -> None:
    before = upstream.head()
    shas = upstream.origin.grow(2100)
    if delivered:
        push = Pushed((), payload(NAME, upstream.origin, before))
        (answer,) = follower.deliver(push.listing(*shas[:2048]))
        assert answer.get_json()["commits"] == 2048
        follower.run_jobs()
    else:
        follower.poll()
    assert follower.landed().keys() == set(shas)


# Several that walk


def test_a_machine_without_a_mirror_finds_the_same(follower: Follower, upstream: Upstream) -> None:
    base = upstream.head()
    dropped = upstream.push("Dropped", branch="release/1", onto=base)
    follower.poll()
    shutil.rmtree(follower.shop.settings.data_dir / "mirrors")
    main = upstream.push("On main")
    forced = upstream.push("Forced", branch="release/1", onto=base)
    made = upstream.push("Made", branch="release/2", onto=main.shas[0])
    follower.poll()
    found = {sha for push in (dropped, main, forced, made) for sha in push.shas}
    assert follower.landed().keys() == found


def test_several_that_walk_at_once_record_each_commit_once(follower: Follower, upstream: Upstream) -> None:
    push = upstream.push("One", "Two")
    made = upstream.push("Made", branch="release/1", onto=push.shas[0])
    project = follower.shop.repository(NAME)
    new = at_once(4, lambda _: walk(follower.shop, project, datetime.now(UTC)))
    assert sum(new) == 3
    assert follower.landed().keys() == {*push.shas, *made.shas}
    last = follower.shop.looks.last(NAME)
    assert last is not None
    assert last.branches == {"main", "release/1"}
