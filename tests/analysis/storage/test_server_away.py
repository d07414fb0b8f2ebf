"""A server that is away: whatever is asked of it raises one kind of error."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from builders import (
    NOON,
    REPOSITORY,
    make_analysis,
    make_call,
    make_correction,
    make_entry,
    make_facts,
    make_sha,
)
from landings import make_push, record
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from analysis.archive.lines import BranchLine
from analysis.calendar import Calendar
from analysis.models import Landed
from analysis.storage.accounts import Accounts
from analysis.storage.agenda import Agenda
from analysis.storage.breaker import Breakers
from analysis.storage.corrections import Corrections
from analysis.storage.depth import Budget
from analysis.storage.entry import DayRecord, Obstacle, Source, State
from analysis.storage.ladder import SharedRungs
from analysis.storage.leases import Lease, Leases
from analysis.storage.ledger import Ledger
from analysis.storage.looks import Look, Looks
from analysis.storage.names import Names
from analysis.storage.purse import Purse
from analysis.storage.removal import Removal
from analysis.storage.rewriting import rewrite
from analysis.storage.schema import Schema
from analysis.storage.store import Store
from analysis.storage.throttle import Throttle
from analysis.storage.waitlist import Waitlist

DAY = date(2026, 1, 9)
OBSTACLE = Obstacle(code="budget")


@pytest.fixture
def away(tmp_path: Path) -> Redis:
    """A client of a server that is not there, and that does not wait for one."""
    socket = str(tmp_path / "nobody.sock")
    return Redis(unix_socket_path=socket, decode_responses=True, retry=Retry(NoBackoff(), 0))


def calls_of_the_ledger(ledger: Ledger, sha: str, landed: Landed) -> list[Callable[[], object]]:
    accounts = Accounts(ledger.store, ledger.calendar)
    return [
        lambda: ledger.record_push(make_push(1)),
        lambda: ledger.record_landed(REPOSITORY, "main", [(landed, NOON)], source=Source.POLL),
        lambda: ledger.follow(REPOSITORY, "https://example.test/engine.git"),
        ledger.urls,
        ledger.repositories,
        lambda: ledger.days(REPOSITORY),
        lambda: ledger.day(REPOSITORY, DAY),
        lambda: ledger.entry(REPOSITORY, sha),
        lambda: ledger.find(REPOSITORY, "a"),
        lambda: ledger.census.progress(REPOSITORY, [sha]),
        lambda: ledger.day_record(REPOSITORY, DAY),
        lambda: ledger.close(DayRecord(repository=REPOSITORY, day=DAY), "content", NOON),
        lambda: Corrections(ledger).put(REPOSITORY, sha, make_correction()),
        lambda: Corrections(ledger).clear(REPOSITORY, sha, NOON),
        ledger.census.overview,
        Schema(ledger.store).prepare,
        lambda: accounts.record(make_call()),
        lambda: accounts.forget(make_call()),
        lambda: accounts.restore([(DAY, make_call())], NOON),
        lambda: accounts.disown(REPOSITORY),
        lambda: Removal(ledger).drop_day(REPOSITORY, DAY, remember=True),
        lambda: Removal(ledger).forget(REPOSITORY),
        lambda: rewrite(ledger.redis),
        lambda: accounts.calls(DAY),
        lambda: accounts.calls_for(REPOSITORY, DAY),
        lambda: Purse(accounts, Budget(usd=1)).share(NOON),
    ]


def calls_of_the_leases(leases: Leases, lease: Lease, sha: str) -> list[Callable[[], object]]:
    return [
        lambda: leases.due(NOON, 1),
        lambda: leases.claim(REPOSITORY, sha, now=NOON, until=NOON),
        lambda: leases.extend(lease, NOON),
        lambda: leases.record_read(lease, make_facts(), make_analysis()),
        lambda: leases.record_analysis(lease, None, NOON),
        lambda: leases.defer(lease, OBSTACLE, NOON, until=NOON),
        lambda: leases.postpone(lease, OBSTACLE, until=NOON),
        lambda: leases.park(lease, OBSTACLE, NOON),
        leases.parked,
        lambda: leases.reopen(REPOSITORY, sha, State.PARKED),
    ]


def calls_of_the_rest(agenda: Agenda, breakers: Breakers) -> list[Callable[[], object]]:
    throttle, waitlist = Throttle(breakers.store, at_once=1), Waitlist(breakers.store)
    rungs, looks, names = SharedRungs(breakers.store), Looks(breakers.store), Names(breakers.store)
    return [
        lambda: agenda.plan_walk(REPOSITORY, NOON),
        lambda: agenda.follow([REPOSITORY], NOON),
        lambda: agenda.walks_due(NOON),
        lambda: agenda.take_walk(REPOSITORY, NOON, NOON),
        lambda: agenda.finish_walk(REPOSITORY, NOON, NOON),
        lambda: agenda.drop_walk(REPOSITORY),
        lambda: agenda.plan_enquiries([REPOSITORY], NOON),
        lambda: agenda.enquire_now(REPOSITORY),
        lambda: agenda.enquiries_due(NOON),
        lambda: agenda.take_enquiry(REPOSITORY, NOON, NOON),
        lambda: agenda.finish_enquiry(REPOSITORY, NOON, NOON),
        lambda: agenda.drop_enquiry(REPOSITORY),
        lambda: agenda.branch(REPOSITORY, "main"),
        lambda: agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(1)),
        lambda: agenda.resume(REPOSITORY, "main", BranchLine(repository=REPOSITORY, name="main")),
        lambda: agenda.plan_closings([REPOSITORY], DAY),
        lambda: agenda.plan_closings_after(REPOSITORY, DAY),
        lambda: agenda.closings_due(NOON),
        lambda: agenda.take_closing(REPOSITORY, DAY, NOON, NOON),
        lambda: agenda.lock("tick", 1),
        lambda: agenda.unlock("tick"),
        agenda.ticking,
        lambda: agenda.ticked(1),
        lambda: breakers.trip("model", NOON, detail=""),
        lambda: breakers.reset("model"),
        lambda: breakers.detail("model"),
        breakers.open,
        lambda: throttle.enter("model", "token", NOON, until=NOON),
        lambda: throttle.leave("model", "token"),
        lambda: throttle.rest("token", 0),
        lambda: waitlist.join("model", make_entry()),
        lambda: waitlist.release("model"),
        lambda: rungs.get("model", None),
        lambda: rungs.put("model", None, "plain"),
        lambda: looks.last(REPOSITORY),
        lambda: looks.keep(REPOSITORY, Look(NOON, frozenset())),
        lambda: looks.cursors(REPOSITORY, {"main"}),
        lambda: looks.been_there(make_push(1)),
        lambda: looks.hand_over(REPOSITORY, "octo/motor"),
        lambda: names.confirm(REPOSITORY, 7),
        lambda: names.rename(REPOSITORY, "octo/motor"),
        lambda: names.moved(REPOSITORY),
        lambda: names.followed_as(7),
        lambda: names.formerly(REPOSITORY),
        names.renamed,
    ]


def test_every_call_to_a_server_that_is_away_raises_a_redis_error(
    ledger: Ledger, away: Redis, calendar: Calendar
) -> None:
    record(ledger, 1)
    entry = ledger.entry(REPOSITORY, make_sha(1))
    assert entry is not None
    store = Store(away)
    gone = Ledger(store, calendar)
    calls = [
        *calls_of_the_ledger(gone, entry.sha, entry.landed),
        *calls_of_the_leases(Leases(gone), Lease(entry, "token"), entry.sha),
        *calls_of_the_rest(Agenda(store, calendar), Breakers(store)),
    ]
    for number, call in enumerate(calls):
        with pytest.raises(RedisError):
            pytest.fail(f"call {number} gave {call()!r}")
