"""Every step is safe to repeat, as a client does whose first answer was lost."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

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
from invariants import snapshot
from landings import LEASED, analyse, claimed, make_push, record
from redis import Redis

from analysis.archive.lines import BranchLine
from analysis.calendar import Calendar
from analysis.models import NO_SHA
from analysis.storage.accounts import Accounts
from analysis.storage.agenda import Agenda
from analysis.storage.breaker import Breakers
from analysis.storage.corrections import Corrections
from analysis.storage.entry import Obstacle, Source, State
from analysis.storage.ladder import SharedRungs
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.looks import Look, Looks
from analysis.storage.losses import Known, Losses
from analysis.storage.removal import Removal
from analysis.storage.schema import Schema
from analysis.storage.store import FOLDER, Store
from analysis.storage.throttle import Throttle
from analysis.storage.waitlist import Waitlist

DAY = date(2026, 1, 9)
OBSTACLE = Obstacle(code="budget")
BRANCH = BranchLine(
    repository=REPOSITORY,
    name="main",
    cursor=make_sha(3),
    floor=make_sha(2),
    start=NO_SHA,
    start_at=NOON,
    before=make_sha(3),
    pushed=make_sha(4),
    pushed_at=NOON,
)
IN_PIPELINES = {"adopt", "glance", "push", "relate", "restore", "seek", "state", "trace"}
"""Steps that are only sent together with others: their callers are repeated in tests of their own."""
TOLD_ONCE = {
    *("correct", "finish", "hold", "leave", "migrated", "postpone", "record", "release", "reopen", "settle"),
}
"""Steps that say whether they changed anything, which nobody's next step depends on."""


class RepeatingStore(Store):
    """Runs every step twice, as a client does whose first answer was lost, and goes by the second."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self.repeated: set[str] = set()

    def run(
        self, step: str, keys: Sequence[str], args: Sequence[str | float], *, client: Redis | None = None
    ) -> Any:
        if client not in (None, self.redis):
            return super().run(step, keys, args, client=client)
        answer = super().run(step, keys, args)
        before = snapshot(self.redis)
        again = super().run(step, keys, args)
        assert snapshot(self.redis) == before, f"{step} is not safe to repeat"
        assert again == answer or step in TOLD_ONCE, f"{step} says {answer}, then {again}"
        self.repeated.add(step)
        return again


@pytest.fixture
def repeating(redis_url: str) -> RepeatingStore:
    return RepeatingStore.open(redis_url)


def every_journey(ledger: Ledger, leases: Leases) -> None:
    """Record, attempt and settle in every way there is, on an open day and on a closed one."""
    record(ledger, "analysed", "parked", "deferred", "rules", "late", "lost")
    ledger.record_landed(REPOSITORY, "main", [(make_facts(seed="lost").landed(), NOON)], source=Source.POLL)
    leases.due(NOON, 10)
    lost = claimed(leases, "lost")
    leases.extend(lost, NOON + LEASED)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "all wait", NOON)
    analyse(leases, "analysed")
    leases.park(claimed(leases, "parked"), OBSTACLE, NOON)
    leases.reopen(REPOSITORY, make_sha("parked"), State.PARKED)
    leases.defer(claimed(leases, "deferred"), OBSTACLE, NOON, until=NOON)
    leases.due(NOON, 10)
    leases.postpone(claimed(leases, "deferred"), Obstacle(code="queued"), until=NOON)
    leases.due(NOON + LEASED, 10)
    rules = claimed(leases, "rules")
    leases.record_read(rules, make_facts(seed="rules"), make_analysis(source="rules"))
    leases.record_analysis(rules, None, NOON)
    leases.reopen(REPOSITORY, make_sha("rules"), State.ANALYSED)
    late = claimed(leases, "late")
    claimed(leases, "late", NOON + LEASED)
    leases.record_analysis(late, make_analysis(), NOON + LEASED)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "some wait", NOON + LEASED)


def every_correction(ledger: Ledger) -> None:
    """Correct a commit of a closed day, and take that back."""
    corrections, sha = Corrections(ledger), make_sha("analysed")
    corrections.put(REPOSITORY, sha, make_correction())
    corrections.clear(REPOSITORY, sha, NOON)


def every_removal(ledger: Ledger) -> None:
    """Drop a day with all that is on it."""
    ledger.close(ledger.day_record(REPOSITORY, DAY), "content", NOON)
    Removal(ledger).drop_day(REPOSITORY, DAY, remember=True)


def every_plan(agenda: Agenda, breakers: Breakers) -> None:
    agenda.follow([REPOSITORY], NOON)
    agenda.take_walk(REPOSITORY, NOON, NOON + LEASED)
    agenda.finish_walk(REPOSITORY, NOON + LEASED, NOON + 2 * LEASED)
    agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(1))
    agenda.advance(REPOSITORY, "main", cursor=make_sha(1), head=make_sha(2))
    agenda.resume(REPOSITORY, "main", BRANCH)
    breakers.trip("model", NOON, detail="HTTP 503")
    breakers.trip("model", NOON, detail="HTTP 503")
    breakers.trip("model", NOON, detail="HTTP 503", retry_after=9)


def every_turn(throttle: Throttle, waitlist: Waitlist) -> None:
    """Enter, be refused for each reason there is, be let through to try, and leave."""
    for token in ("one", "two", "three"):
        throttle.enter("free", token, NOON, until=NOON + LEASED)
    throttle.leave("free", "one")
    throttle.enter("free", "four", NOON, until=NOON + LEASED)
    throttle.enter("model", "one", NOON, until=NOON + LEASED)
    throttle.enter("model", "one", NOON + LEASED, until=NOON + 2 * LEASED)
    waitlist.join("model", make_entry(seed="deferred"))
    waitlist.release("model")


def every_loss(ledger: Ledger) -> None:
    """Begin in the place of a ledger that was lost, and give one of its days again."""
    known = Known(id="lost", seen=NOON - LEASED, first_days={REPOSITORY: DAY})
    Losses(ledger).look(known, NOON)
    record(ledger, "rebuilt", at=NOON - LEASED, source=Source.BACKFILL)


def test_every_step_repeated_leaves_everything_as_it_was(
    repeating: RepeatingStore, calendar: Calendar
) -> None:
    ledger, agenda = Ledger(repeating, calendar), Agenda(repeating, calendar)
    for _ in range(2):
        ledger.record_push(make_push("pushed"))
    every_loss(ledger)
    every_journey(ledger, Leases(ledger))
    every_correction(ledger)
    every_plan(agenda, Breakers(repeating))
    every_turn(Throttle(repeating, at_once=2, per_minute=2), Waitlist(repeating))
    every_removal(ledger)
    Schema(repeating).prepare()
    repeating.redis.close()
    steps = {file.stem for file in Path(FOLDER).glob("*.lua")}
    assert repeating.repeated == steps - IN_PIPELINES


def test_every_step_outside_of_lua_can_be_repeated(
    ledger: Ledger, agenda: Agenda, breakers: Breakers
) -> None:
    accounts = Accounts(ledger.store, ledger.calendar)
    waitlist, rungs = Waitlist(ledger.store), SharedRungs(ledger.store)
    made = make_call(at=datetime.now(UTC))
    looks = Looks(ledger.store)
    breakers.trip("model", NOON, detail="HTTP 503")
    steps: list[Callable[[], object]] = [
        lambda: looks.keep(REPOSITORY, Look(NOON, frozenset({"main", "topic"}))),
        lambda: looks.keep(REPOSITORY, Look(NOON, frozenset({"main"}))),
        lambda: ledger.record_push(make_push(1)),
        lambda: ledger.follow(REPOSITORY, "https://example.test/engine.git"),
        lambda: accounts.record(make_call()),
        lambda: accounts.forget(make_call()),
        lambda: accounts.disown(REPOSITORY),
        lambda: Removal(ledger).forget("octo/other"),
        lambda: accounts.restore([(None, made), (DAY, make_call())], NOON),
        lambda: agenda.plan_closings_after(REPOSITORY, DAY),
        lambda: waitlist.join("model", make_entry()),
        lambda: rungs.put("model", None, "plain"),
        lambda: agenda.plan_walk("octo/other", NOON),
        lambda: agenda.follow([REPOSITORY], NOON),
        lambda: agenda.drop_walk("octo/other"),
        lambda: agenda.plan_enquiries([REPOSITORY], NOON),
        lambda: agenda.enquire_now(REPOSITORY),
        lambda: agenda.drop_enquiry(REPOSITORY),
        lambda: agenda.unlock("tick"),
        lambda: ledger.names.confirm(REPOSITORY, 7),
        lambda: ledger.names.rename(REPOSITORY, "octo/motor", sure=True),
        lambda: agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(1)),
        lambda: looks.hand_over(REPOSITORY, "octo/motor"),
        lambda: agenda.plan_closings([REPOSITORY], DAY),
        lambda: agenda.lock("tick", 60),
        lambda: agenda.ticked(60),
        lambda: breakers.reset("model"),
    ]
    for number, step in enumerate(steps):
        step()
        before = snapshot(ledger.redis)
        step()
        assert snapshot(ledger.redis) == before, f"step {number}"
