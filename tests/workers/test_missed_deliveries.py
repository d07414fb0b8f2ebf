"""Deliveries that never came, came late, or told half: every commit that landed is on one day, once.

Each case is a real bare repository, signed deliveries to the real application, and the walk of its history.
docs/deliveries.md lists the cases.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from landings import at_once
from processes import table
from pushes import NO_SHA, payload
from repositories import Header, Origin
from upstream import NAME, Follower, Pushed, Upstream, following

from analysis.storage import keys
from analysis.storage.entry import Source
from workers import jobs
from workers.clock import tick
from workers.walk import walk

ABSENT = "1" * 40
ORDERS = [order for count in range(4) for order in permutations(range(3), count)]
"""Which of three deliveries come, in which order: none, one, two or all of them."""


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "served" / "project.git", NAME)


@pytest.fixture
def upstream(origin: Origin) -> Upstream:
    return Upstream(origin)


@pytest.fixture
def follower(redis_url: str, upstream: Upstream) -> Iterator[Follower]:
    """Follows main and releases since its third commit."""
    upstream.push("Begin", "Go on", "Before us")
    tables = table(NAME, upstream.origin, branches=["main", "release/*"])
    with following(redis_url, tables) as found:
        found.poll()
        assert found.landed() == {}
        yield found


def subjects(follower: Follower) -> list[str]:
    return sorted(entry.landed.subject for entry in follower.landed().values())


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


# Branches that are forced, deleted, created


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


# Refs that are no followed branch


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
        assert answer.get_json() == {"ignored": "merge queue"}
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
    assert answer.get_json() == {"ignored": "tag"}
    follower.poll()
    assert follower.landed() == {}


# Days


@pytest.fixture
def evening(follower: Follower) -> datetime:
    """23:00 yesterday, where it is about noon now: when the repository was last looked at."""
    calendar = follower.shop.settings.calendar
    midnight, _ = calendar.bounds(calendar.day_of(datetime.now(UTC)))
    instant = midnight - timedelta(hours=1)
    walk(follower.shop, follower.shop.repository(NAME), instant)
    return instant


def made_at(instant: datetime) -> Header:
    return Header(committed=f"{instant.timestamp():.0f} +0000")


def close(follower: Follower, day: date) -> int:
    """The clock finds that a day is to be closed, and the jobs are run; returns its revision."""
    follower.shop.store.redis.set(keys.planned(NAME), str(day))
    tick(follower.shop, datetime.now(UTC))
    follower.run_jobs()
    record = follower.shop.ledger.day_record(NAME, day)
    assert record.closed_at
    return record.revision


def days(follower: Follower) -> dict[str, date]:
    """Subject -> day."""
    return {entry.landed.subject: entry.day for entry in follower.landed().values()}


def test_closing_a_day_walks_first_and_the_day_has_what_that_found(
    follower: Follower, upstream: Upstream, evening: datetime
) -> None:
    day = evening.astimezone(follower.shop.settings.report_timezone).date()
    lost = upstream.push("In the last hour", header=made_at(evening + timedelta(minutes=30)))
    upstream.push("After midnight", header=made_at(evening + timedelta(minutes=61)))
    assert close(follower, day) == 1
    assert days(follower) == {"In the last hour": day, "After midnight": day + timedelta(days=1)}
    digest = follower.shop.library.digest(day, [NAME])
    assert [commit.sha for commit in digest.repositories[0].commits] == list(lost.shas)


def test_what_is_found_once_a_day_was_closed_lands_on_the_day_it_is_found(
    follower: Follower, upstream: Upstream, evening: datetime
) -> None:
    day = evening.astimezone(follower.shop.settings.report_timezone).date()
    assert close(follower, day) == 1
    upstream.push("Made yesterday", header=made_at(evening + timedelta(minutes=30)))
    follower.poll()
    assert days(follower) == {"Made yesterday": day + timedelta(days=1)}


def test_a_day_that_was_closed_while_the_remote_was_away_gets_what_is_found_later(
    follower: Follower, upstream: Upstream, evening: datetime
) -> None:
    day = evening.astimezone(follower.shop.settings.report_timezone).date()
    (lost,) = upstream.push("In the last hour", header=made_at(evening + timedelta(minutes=30))).shas
    away = upstream.origin.folder.rename(upstream.origin.folder.with_name("away.git"))
    assert close(follower, day) == 1
    assert follower.landed() == {}
    away.rename(upstream.origin.folder)
    follower.poll()
    assert days(follower) == {"In the last hour": day}
    jobs.analyze_commit(NAME, lost)
    assert close(follower, day) == 2


def test_what_a_push_brings_after_midnight_landed_then_and_what_was_lost_before_it_the_day_before(
    follower: Follower, upstream: Upstream, evening: datetime
) -> None:
    day = evening.astimezone(follower.shop.settings.report_timezone).date()
    late = made_at(evening + timedelta(minutes=30))
    upstream.push("Lost", header=late)
    push = upstream.push("Delivered", "Not listed", header=late)
    follower.deliver(push.listing(push.shas[0]))
    follower.run_jobs()
    assert days(follower) == {
        "Lost": day,
        "Delivered": day + timedelta(days=1),
        "Not listed": day + timedelta(days=1),
    }
