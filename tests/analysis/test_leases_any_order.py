from datetime import date, timedelta
from typing import Literal

from builders import NOON, REPOSITORY, make_analysis, make_facts, make_sha
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from invariants import assert_sound, content_of
from landings import LEASED, claim, make_push, record

from analysis.storage.agenda import Agenda
from analysis.storage.entry import DayRecord, Entry, Obstacle, Source, State
from analysis.storage.leases import Lease, Leases
from analysis.storage.ledger import Ledger
from analysis.storage.waitlist import Waitlist

MINUTE = timedelta(minutes=1)
OBSTACLE = Obstacle(code="model-unavailable", detail="HTTP 503", since=NOON)
RULES = make_analysis(source="rules")
SEEDS = st.integers(min_value=0, max_value=5)


class Journeys(RuleBasedStateMachine):
    """Any mix of steps, by holders that live, die and come back late, while days are closed."""

    ledger: Ledger

    @initialize()
    def begin(self) -> None:
        self.ledger.redis.flushall()
        self.leases = Leases(self.ledger)
        self.waitlist = Waitlist(self.ledger.store)
        self.agenda = Agenda(self.ledger.store, self.ledger.calendar)
        self.now = NOON
        self.held: list[Lease] = []
        self.final: dict[str, Entry] = {}
        self.seen: dict[tuple[date, str], tuple[DayRecord, dict[str, Entry]]] = {}

    @rule(seeds=st.lists(SEEDS, min_size=1), source=st.sampled_from(Source))
    def record(self, seeds: list[int], source: Source) -> None:
        record(self.ledger, *seeds, at=self.now, source=source)

    @rule(seeds=st.lists(SEEDS, min_size=1))
    def push(self, seeds: list[int]) -> None:
        self.ledger.record_push(make_push(*seeds, pushed_at=self.now))

    @rule(hours=st.sampled_from([0.01, 0.04, 1, 7, 25]))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def claim_what_is_due(self) -> None:
        for repository, sha in self.leases.due(self.now, 2):
            lease = self.leases.claim(repository, sha, now=self.now, until=self.now + LEASED)
            assert lease is not None
            self.held.append(lease)

    @rule(seed=SEEDS)
    def claim_one(self, seed: int) -> None:
        lease = claim(self.leases, seed, self.now)
        self.held += [lease] if lease else []

    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        if self.held:
            self.leases.extend(data.draw(st.sampled_from(self.held)), self.now + LEASED)

    @rule(data=st.data(), outcome=st.sampled_from(["model", "rules", "defer", "park", "postpone"]))
    def settle(self, data: st.DataObject, outcome: str) -> None:
        if not self.held:
            return
        lease = data.draw(st.sampled_from(self.held))
        if outcome == "defer":
            self.leases.defer(lease, OBSTACLE, self.now, until=self.now + MINUTE)
        elif outcome == "postpone":
            self.leases.postpone(lease, OBSTACLE, until=self.now + MINUTE)
            self.waitlist.join("model", lease.entry)
        elif outcome == "park":
            self.leases.park(lease, OBSTACLE, self.now)
        else:
            self.leases.record_read(lease, make_facts(sha=lease.entry.sha), RULES)
            self.leases.record_analysis(lease, make_analysis() if outcome == "model" else None, self.now)

    @rule()
    def release(self) -> None:
        self.waitlist.release("model")

    @rule(seed=SEEDS, state=st.sampled_from([State.PARKED, State.ANALYSED]))
    def reopen(self, seed: int, state: Literal[State.PARKED, State.ANALYSED]) -> None:
        self.leases.reopen(REPOSITORY, make_sha(seed), state)

    @rule(change=st.booleans(), data=st.data())
    def close_what_is_due(self, change: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        for repository, day in self.agenda.closings_due(self.now):
            self.agenda.take_closing(repository, day, self.now, self.now + LEASED)
            read = self.ledger.day_record(repository, day)
            content = content_of(self.ledger.day(repository, day))
            if change:
                self.settle(data, "model")
            self.ledger.close(read, content, self.now)

    @invariant()
    def everything_agrees(self) -> None:
        assert_sound(self.ledger)

    @invariant()
    def what_a_model_said_stays(self) -> None:
        for sha, entry in self.final.items():
            assert self.ledger.entry(REPOSITORY, sha) == entry
        for day in self.ledger.days(REPOSITORY):
            self.final |= {entry.sha: entry for entry in self.ledger.day(REPOSITORY, day) if entry.model}

    @invariant()
    def a_day_whose_state_is_the_same_is_the_same(self) -> None:
        days = self.ledger.days(REPOSITORY)
        for day, state in zip(days, self.ledger.almanac.states(REPOSITORY, days), strict=True):
            entries = {entry.sha: entry for entry in self.ledger.day(REPOSITORY, day)}
            read = (self.ledger.day_record(REPOSITORY, day), entries)
            assert self.seen.setdefault((day, state), read) == read


def test_every_list_agrees_after_any_mix_of_steps(ledger: Ledger) -> None:
    Journeys.ledger = ledger
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=40, stateful_step_count=40, deadline=None, database=None)
    )
