"""KEEP_DAYS: what is older goes once a day, in small steps, and does not come back by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import traces
from builders import NOON, REPOSITORY, make_analysis, make_sha
from estate import A_DAY, LONG_AGO, OTHER, YESTERDAY, Estate, commit, furnish
from invariants import assert_sound, snapshot
from landings import make_landed, make_push
from moving import exported, imported
from repositories import Origin

from analysis.repository import Repository
from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.entry import Source
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.removal import Removed
from analysis.storage.store import Store
from workers import jobs, workshop
from workers import queue as names
from workers.backfill import Backfill
from workers.clock import tick
from workers.retention import DayNotKept, drop_days
from workers.workshop import Workshop

LATER = NOON + A_DAY / 4
"""Still the builders' day."""
OLD = ("past", "later")
"""Commits of the days that 10 days do not keep."""


def opened(redis_url: str, folder: Path, **settings: Any) -> Workshop:
    shop = Workshop(load_settings(data_dir=folder, **settings), redis_url)
    shop.prepare()
    return shop


@pytest.fixture
def shop(redis_url: str, tmp_path: Path) -> Iterator[Workshop]:
    shop = opened(redis_url, tmp_path, keep_days=10)
    yield shop
    shop.disconnect()


def shas(shop: Workshop) -> set[str]:
    days = shop.ledger.days(REPOSITORY)
    return {entry.sha for day in days for entry in shop.ledger.day(REPOSITORY, day)}


def test_what_is_older_goes_and_the_rest_stays(shop: Workshop) -> None:
    furnish(shop.ledger)
    before = shas(shop)
    assert drop_days(shop, REPOSITORY, LATER) == Removed(2, 2)
    assert before - shas(shop) == {make_sha(seed) for seed in OLD}
    assert shop.ledger.days(REPOSITORY) == (NOON.date(), YESTERDAY.date())
    assert_sound(shop.ledger)
    left = traces.in_server(shop.redis_url, [make_sha(seed) for seed in OLD])
    assert {key.split(":")[1] for key in left} == {"gone", "lines", "calls"}
    assert f"{keys.CALLS}{REPOSITORY}:{LONG_AGO.date()}" not in left
    stood = snapshot(shop.store.redis)
    drop_days(shop, REPOSITORY, LATER)
    assert snapshot(shop.store.redis) == stood


@pytest.mark.parametrize(("keep", "dropped"), [(21, 0), (20, 0), (19, 1), (18, 2), (1, 2)])
def test_the_days_that_are_kept_are_counted_from_today(
    redis_url: str, tmp_path: Path, keep: int, dropped: int
) -> None:
    shop = opened(redis_url, tmp_path, keep_days=keep)
    furnish(shop.ledger)
    assert drop_days(shop, REPOSITORY, LATER).days == dropped
    shop.disconnect()


def test_a_day_of_many_commits_goes_in_small_steps(shop: Workshop) -> None:
    landed = [(make_landed(number), LONG_AGO) for number in range(250)]
    shop.ledger.record_landed(REPOSITORY, "main", landed, source=Source.POLL)
    shop.store.redis.config_resetstat()
    assert drop_days(shop, REPOSITORY, LATER) == Removed(250, 1)
    assert shop.store.redis.info("commandstats")["cmdstat_srandmember"]["calls"] == 4
    assert shop.ledger.census.overview().pending == 0
    assert_sound(shop.ledger)


def test_what_was_dropped_does_not_land_again_but_by_a_backfill(shop: Workshop) -> None:
    furnish(shop.ledger)
    drop_days(shop, REPOSITORY, LATER)
    past = commit("past", "docs: past", LONG_AGO)
    for source in (Source.POLL, Source.PUSH):
        assert shop.ledger.record_landed(REPOSITORY, "main", [(past.landed(), NOON)], source=source) == ()
    pushed = make_push(commits=(past.landed(), make_landed("new")))
    assert shop.ledger.record_push(pushed) == (make_sha("new"),)
    landed = [(past.landed(), LONG_AGO)]
    assert shop.ledger.record_landed(REPOSITORY, "main", landed, source=Source.BACKFILL) == (past.sha,)
    assert not shop.ledger.dropped(REPOSITORY, past.sha)
    assert_sound(shop.ledger)


def test_a_lease_of_what_was_dropped_is_worth_nothing(shop: Workshop) -> None:
    estate, old = Estate(shop.ledger), commit("old", "fix: old", LONG_AGO)
    estate.land(old, at=LONG_AGO)
    lease = estate.leased(old, NOON)
    drop_days(shop, REPOSITORY, LATER)
    leases = Leases(shop.ledger)
    assert not leases.extend(lease, LATER)
    leases.record_read(lease, old.facts(), make_analysis(source="rules"))
    assert not leases.record_analysis(lease, make_analysis(), LATER)
    assert shop.ledger.entry(REPOSITORY, old.sha) is None


def test_the_clock_has_it_done_once_a_day(shop: Workshop) -> None:
    furnish(shop.ledger)
    workshop.furnish(replace(shop, now=lambda: LATER))
    job = names.dropping(REPOSITORY)
    tick(shop, LATER)
    assert job[0] in shop.queue.queue.job_ids
    assert set(shop.agenda.retention_due(LATER)) == {REPOSITORY, OTHER}
    jobs.drop_old_days(REPOSITORY)
    assert len(shop.ledger.days(REPOSITORY)) == 2
    tick(shop, LATER)
    assert shop.agenda.retention_due(LATER) == (OTHER,)
    tomorrow = shop.settings.calendar.closes_at(NOON.date()) + timedelta(hours=2)
    assert set(shop.agenda.retention_due(tomorrow)) == {REPOSITORY, OTHER}
    jobs.drop_old_days(REPOSITORY)


def test_a_job_that_died_comes_up_again_and_goes_on(shop: Workshop) -> None:
    furnish(shop.ledger)
    tick(shop, LATER)
    until = LATER + timedelta(minutes=20)
    assert shop.agenda.take_retention(REPOSITORY, LATER, until)
    assert not shop.agenda.take_retention(REPOSITORY, LATER, until)
    shop.store.redis.srem(keys.day(REPOSITORY, LONG_AGO.date()), make_sha("past"))  # as far as it came
    assert REPOSITORY in shop.agenda.retention_due(until)
    drop_days(shop, REPOSITORY, until)
    assert len(shop.ledger.days(REPOSITORY)) == 2


def test_without_the_setting_everything_is_kept(redis_url: str, tmp_path: Path) -> None:
    shop = opened(redis_url, tmp_path)
    furnish(shop.ledger)
    shop.agenda.plan_retention([REPOSITORY], NOON)  # it was set yesterday
    assert drop_days(shop, REPOSITORY, LATER) == Removed()
    tick(shop, LATER)
    assert shop.agenda.retention_due(LATER + 9 * A_DAY) == ()
    assert len(shop.ledger.days(REPOSITORY)) == 4
    shop.disconnect()


def test_an_export_knows_what_was_dropped(shop: Workshop) -> None:
    furnish(shop.ledger)
    drop_days(shop, REPOSITORY, LATER)
    lines = exported(shop.ledger)
    target = Ledger(Store.open(f"{shop.redis_url}?db=1"), shop.ledger.calendar)
    imported(target, lines)
    past = commit("past", "docs: past", LONG_AGO)
    assert target.record_landed(REPOSITORY, "main", [(past.landed(), NOON)], source=Source.POLL) == ()
    assert target.dropped(REPOSITORY, past.sha)
    target.redis.close()


def test_an_export_from_before_brings_it_back(shop: Workshop) -> None:
    furnish(shop.ledger)
    lines = exported(shop.ledger)
    drop_days(shop, REPOSITORY, LATER)
    assert imported(shop.ledger, lines).new == 2
    assert len(shop.ledger.days(REPOSITORY)) == 4
    assert not shop.ledger.dropped(REPOSITORY, make_sha("past"))
    assert_sound(shop.ledger)


def test_a_backfill_of_days_that_are_not_kept_is_refused(shop: Workshop, tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    repository = Repository(name=REPOSITORY, url=origin.url)
    with pytest.raises(DayNotKept, match="2001-01-01 would be dropped at once: KEEP_DAYS=10 keeps the days"):
        Backfill.of(shop, repository, date(2001, 1, 1), date(2001, 1, 2))
