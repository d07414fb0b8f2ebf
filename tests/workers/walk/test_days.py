"""The day on which a commit lands that was found around midnight, or once its day was closed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from repositories import Header
from upstream import NAME, Follower, Upstream

from analysis.storage import keys
from workers import jobs
from workers.clock import tick
from workers.walk import walk


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
