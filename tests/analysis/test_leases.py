from datetime import datetime, timedelta
from typing import Literal

from builders import NOON, REPOSITORY, make_analysis, make_facts, make_sha
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from invariants import assert_sound, content_of, snapshot
from landings import LEASED, analyse, at_once, claim, claimed, make_push, record

from analysis import keys
from analysis.agenda import Agenda
from analysis.leases import LONGEST_PAUSE, PAUSE_AFTER_DEATH, Lease, Leases
from analysis.ledger import Ledger
from analysis.models import Entry, Obstacle, Source, State
from analysis.store import in_ms, to_ms

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
OBSTACLE = Obstacle(code="model-unavailable", detail="HTTP 503", since=NOON)
RULES = make_analysis(source="rules")


def entry_of(ledger: Ledger, seed: object) -> Entry:
    entry = ledger.entry(REPOSITORY, make_sha(seed))
    assert entry is not None
    return entry


def due(leases: Leases, at: datetime = NOON) -> list[str]:
    return [sha for _, sha in leases.due(at, 100)]


# Due


def test_pushes_and_polls_come_newest_first_and_backfills_behind_them(ledger: Ledger, leases: Leases) -> None:
    record(ledger, "old", at=NOON - 3 * MINUTE, source=Source.BACKFILL)
    record(ledger, "new", at=NOON + timedelta(days=99), source=Source.BACKFILL)
    record(ledger, "poll", at=NOON - timedelta(days=3000))
    ledger.record_push(make_push("push"))
    assert due(leases) == [make_sha(seed) for seed in ("push", "poll", "new", "old")]


def test_due_gives_no_more_than_it_is_asked_for(ledger: Ledger, leases: Leases) -> None:
    record(ledger, *range(5))
    assert [len(leases.due(NOON, limit)) for limit in (0, 1, 3, 9)] == [0, 1, 3, 5]


def test_asking_what_is_due_takes_nothing(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    assert leases.due(NOON, 9) == leases.due(NOON, 9) == ((REPOSITORY, make_sha(1)),)


def test_thousands_that_come_due_together_are_all_found(ledger: Ledger, leases: Leases) -> None:
    record(ledger, *range(1200))
    for seed in range(1200):
        claimed(leases, seed)
    later = NOON + LEASED
    assert leases.due(later - SECOND, 5000) == ()
    leases.due(later, 1)
    assert len(leases.due(later, 5000)) == 1200


# Claim


def test_one_of_many_concurrent_claims_wins(ledger: Ledger, leases: Leases) -> None:
    for seed in range(10):
        record(ledger, seed)
        won = [lease for lease in at_once(8, lambda _, seed=seed: claim(leases, seed)) if lease]
        assert len(won) == 1
        assert leases.extend(won[0], NOON + LEASED)
    assert_sound(ledger, NOON)


def test_a_claim_whose_answer_was_lost_wins_again_with_the_same_token(leases: Leases, ledger: Ledger) -> None:
    record(ledger, 1)
    step = [keys.commit(REPOSITORY, make_sha(1)), keys.READY, keys.WAITING]
    rest = [to_ms(NOON), to_ms(NOON + LEASED), in_ms(PAUSE_AFTER_DEATH), in_ms(LONGEST_PAUSE)]
    member = keys.member(REPOSITORY, make_sha(1))
    assert leases.store.run("claim", step, [member, "mine", *rest]) == 1
    before = snapshot(ledger.redis)
    assert leases.store.run("claim", step, [member, "mine", *rest]) == 1
    assert leases.store.run("claim", step, [member, "another's", *rest]) == 0
    assert snapshot(ledger.redis) == before


def test_a_commit_that_is_leased_deferred_settled_or_unknown_cannot_be_claimed(
    ledger: Ledger, leases: Leases
) -> None:
    record(ledger, "leased", "deferred", "analysed", "parked")
    claimed(leases, "leased")
    leases.defer(claimed(leases, "deferred"), OBSTACLE, NOON, until=NOON + MINUTE)
    analyse(leases, "analysed")
    leases.park(claimed(leases, "parked"), OBSTACLE, NOON)
    for seed in ("leased", "deferred", "analysed", "parked", "unknown"):
        assert claim(leases, seed, NOON + SECOND) is None
    assert due(leases, NOON + SECOND) == []
    assert_sound(ledger, NOON)


def test_a_deferred_commit_can_be_claimed_when_its_time_has_come(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    leases.defer(claimed(leases, 1), OBSTACLE, NOON, until=NOON + MINUTE)
    assert due(leases, NOON + MINUTE - SECOND) == []
    assert claim(leases, 1, NOON + MINUTE) is not None


def test_a_lease_that_runs_out_makes_the_commit_due_again(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    first = claimed(leases, 1)
    assert due(leases, NOON + LEASED - SECOND) == []
    assert due(leases, NOON + LEASED) == [make_sha(1)]
    assert claimed(leases, 1, NOON + LEASED).token != first.token
    assert_sound(ledger, NOON)


def test_each_death_in_a_row_doubles_the_pause_to_a_cap(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    now, pauses = NOON, []
    for _ in range(14):
        claimed(leases, 1, now)
        [(_, again)] = ledger.redis.zrange(keys.WAITING, 0, -1, withscores=True)
        pauses.append(timedelta(milliseconds=again - to_ms(now)) - LEASED)
        now += LEASED + pauses[-1]
    assert pauses[:4] == [timedelta(), PAUSE_AFTER_DEATH, 2 * PAUSE_AFTER_DEATH, 4 * PAUSE_AFTER_DEATH]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_an_outcome_ends_the_row_of_deaths(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    claimed(leases, 1)
    now = NOON + LEASED
    leases.defer(claimed(leases, 1, now), OBSTACLE, now, until=now)
    claimed(leases, 1, now)
    assert due(leases, now + LEASED) == [make_sha(1)]


# Extend


def test_an_extended_lease_ends_later(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lease = claimed(leases, 1)
    assert leases.extend(lease, NOON + 10 * MINUTE)
    assert due(leases, NOON + 10 * MINUTE - SECOND) == []
    assert due(leases, NOON + 10 * MINUTE) == [make_sha(1)]


def test_a_lease_that_ran_out_unnoticed_can_still_be_extended(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lease = claimed(leases, 1)
    later = NOON + LEASED
    assert due(leases, later) == [make_sha(1)]
    assert leases.extend(lease, later + LEASED)
    assert due(leases, later) == []
    assert claim(leases, 1, later) is None
    assert_sound(ledger, later)


def test_a_lost_lease_cannot_be_extended(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lost = claimed(leases, 1)
    held = claimed(leases, 1, NOON + LEASED)
    before = snapshot(ledger.redis)
    assert not leases.extend(lost, NOON + timedelta(hours=1))
    assert snapshot(ledger.redis) == before
    assert leases.extend(held, NOON + 2 * LEASED)


def test_a_settled_lease_cannot_be_extended(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1, 2, 3)
    deferred, parked, analysed = (claimed(leases, seed) for seed in (1, 2, 3))
    leases.defer(deferred, OBSTACLE, NOON, until=NOON)
    leases.park(parked, OBSTACLE, NOON)
    leases.record_analysis(analysed, make_analysis(), NOON)
    for lease in (deferred, parked, analysed):
        assert not leases.extend(lease, NOON + LEASED)
    assert_sound(ledger, NOON)


# Settle


def test_an_analysed_commit_keeps_all_that_was_said(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    assert analyse(leases, 1)
    entry = entry_of(ledger, 1)
    assert (entry.state, entry.attempts, entry.obstacle) == (State.ANALYSED, 1, None)
    assert (entry.facts, entry.rules, entry.model) == (make_facts(), RULES, make_analysis())
    assert entry.landed == make_facts().landed()
    assert_sound(ledger, NOON)


def test_without_a_model_the_rules_are_the_analysis(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lease = claimed(leases, 1)
    leases.record_read(lease, make_facts(), RULES)
    assert entry_of(ledger, 1).provisional
    assert leases.record_analysis(lease, None, NOON)
    assert (entry_of(ledger, 1).state, entry_of(ledger, 1).analysis) == (State.ANALYSED, RULES)


def test_a_deferred_commit_keeps_its_facts_and_rules_and_shows_the_obstacle(
    ledger: Ledger, leases: Leases
) -> None:
    record(ledger, 1)
    lease = claimed(leases, 1)
    leases.record_read(lease, make_facts(), RULES)
    assert leases.defer(lease, OBSTACLE, NOON, until=NOON + MINUTE)
    entry = entry_of(ledger, 1)
    assert (entry.state, entry.attempts, entry.obstacle) == (State.PENDING, 1, OBSTACLE)
    assert (entry.facts, entry.rules, entry.model) == (make_facts(), RULES, None)


def test_an_analysis_takes_the_obstacle_away(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    leases.defer(claimed(leases, 1), OBSTACLE, NOON, until=NOON)
    analyse(leases, 1)
    assert (entry_of(ledger, 1).obstacle, entry_of(ledger, 1).attempts) == (None, 2)


def test_an_analysis_counts_even_when_the_lease_has_passed_on(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    late = claimed(leases, 1)
    holder = claimed(leases, 1, NOON + LEASED)
    leases.record_read(late, make_facts(), RULES)
    assert leases.record_analysis(late, make_analysis(summary="first"), NOON)
    assert not leases.extend(holder, NOON + 2 * LEASED)
    assert not leases.record_analysis(holder, make_analysis(summary="second"), NOON)
    model = entry_of(ledger, 1).model
    assert model is not None
    assert model.summary == "first"
    assert_sound(ledger, NOON)


def test_no_commit_is_analysed_without_what_git_says(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    late = claimed(leases, 1)
    claimed(leases, 1, NOON + LEASED)
    leases.record_read(late, make_facts(), RULES)
    assert leases.record_analysis(late, None, NOON + LEASED)
    assert (entry_of(ledger, 1).facts, entry_of(ledger, 1).analysis) == (make_facts(), RULES)


def test_a_failure_does_not_count_when_the_lease_has_passed_on(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    late = claimed(leases, 1)
    holder = claimed(leases, 1, NOON + LEASED)
    before = snapshot(ledger.redis)
    assert not leases.defer(late, OBSTACLE, NOON, until=NOON)
    assert not leases.park(late, OBSTACLE, NOON)
    assert snapshot(ledger.redis) == before
    assert leases.record_analysis(holder, make_analysis(), NOON)


def test_a_final_result_is_never_overwritten(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1, 2)
    stale = [claimed(leases, seed) for seed in (1, 2)]
    analyse(leases, 1, NOON + LEASED)
    leases.park(claimed(leases, 2, NOON + LEASED), OBSTACLE, NOON)
    before = snapshot(ledger.redis)
    for lease in stale:
        leases.record_read(lease, make_facts(subject="late"), RULES)
        assert not leases.record_analysis(lease, make_analysis(summary="late"), NOON)
        assert not leases.record_analysis(lease, None, NOON)
        assert not leases.defer(lease, OBSTACLE, NOON, until=NOON)
        assert not leases.park(lease, OBSTACLE, NOON)
    assert snapshot(ledger.redis) == before


def test_many_results_at_once_count_once(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    held = [claimed(leases, 1, NOON + number * timedelta(hours=7)) for number in range(6)]
    won = at_once(6, lambda number: leases.record_analysis(held[number], make_analysis(), NOON))
    assert sorted(won) == [False] * 5 + [True]
    assert entry_of(ledger, 1).attempts == 1


# Parked


def test_parked_commits_are_listed_by_repository(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1, 2)
    ledger.record_push(make_push(3, repository="octo/other"))
    leases.park(claimed(leases, 1), OBSTACLE, NOON)
    lease = leases.claim("octo/other", make_sha(3), now=NOON, until=NOON + LEASED)
    assert lease is not None
    leases.park(lease, OBSTACLE, NOON + MINUTE)
    assert leases.parked() == ((REPOSITORY, make_sha(1)), ("octo/other", make_sha(3)))
    assert leases.parked("octo/other") == (("octo/other", make_sha(3)),)
    assert entry_of(ledger, 1).obstacle == OBSTACLE


def test_a_parked_commit_that_is_reopened_is_due_and_can_be_analysed(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    leases.park(claimed(leases, 1), OBSTACLE, NOON)
    assert leases.reopen(REPOSITORY, make_sha(1), State.PARKED)
    assert (entry_of(ledger, 1).state, entry_of(ledger, 1).obstacle) == (State.PENDING, None)
    assert_sound(ledger, NOON)
    assert due(leases) == [make_sha(1)]
    assert analyse(leases, 1)
    assert leases.parked() == ()


def test_what_only_the_rules_analysed_can_be_reopened(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lease = claimed(leases, 1)
    leases.record_read(lease, make_facts(), RULES)
    leases.record_analysis(lease, None, NOON)
    assert not leases.reopen(REPOSITORY, make_sha(1), State.PARKED)
    assert leases.reopen(REPOSITORY, make_sha(1), State.ANALYSED)
    assert (entry_of(ledger, 1).state, entry_of(ledger, 1).rules) == (State.PENDING, RULES)
    assert_sound(ledger, NOON)


def test_what_a_model_analysed_is_never_reopened(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    analyse(leases, 1)
    before = snapshot(ledger.redis)
    assert not leases.reopen(REPOSITORY, make_sha(1), State.ANALYSED)
    assert not leases.reopen(REPOSITORY, make_sha(1), State.PARKED)
    assert snapshot(ledger.redis) == before


def test_what_is_pending_or_unknown_cannot_be_reopened(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    for seed in (1, "unknown"):
        assert not leases.reopen(REPOSITORY, make_sha(seed), State.PARKED)
        assert not leases.reopen(REPOSITORY, make_sha(seed), State.ANALYSED)


# Whatever the order


SEEDS = st.integers(min_value=0, max_value=5)


class Journeys(RuleBasedStateMachine):
    """Any mix of steps, by holders that live, die and come back late, while days are closed."""

    ledger: Ledger

    @initialize()
    def begin(self) -> None:
        self.ledger.redis.flushall()
        self.leases = Leases(self.ledger)
        self.agenda = Agenda(self.ledger.store, self.ledger.calendar)
        self.now = NOON
        self.held: list[Lease] = []
        self.final: dict[str, Entry] = {}

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

    @rule(data=st.data(), outcome=st.sampled_from(["model", "rules", "defer", "park"]))
    def settle(self, data: st.DataObject, outcome: str) -> None:
        if not self.held:
            return
        lease = data.draw(st.sampled_from(self.held))
        if outcome == "defer":
            self.leases.defer(lease, OBSTACLE, self.now, until=self.now + MINUTE)
        elif outcome == "park":
            self.leases.park(lease, OBSTACLE, self.now)
        else:
            self.leases.record_read(lease, make_facts(sha=lease.entry.sha), RULES)
            self.leases.record_analysis(lease, make_analysis() if outcome == "model" else None, self.now)

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
        assert_sound(self.ledger, self.now)

    @invariant()
    def what_a_model_said_stays(self) -> None:
        for sha, entry in self.final.items():
            assert self.ledger.entry(REPOSITORY, sha) == entry
        for day in self.ledger.days(REPOSITORY):
            self.final |= {entry.sha: entry for entry in self.ledger.day(REPOSITORY, day) if entry.model}


def test_every_list_agrees_after_any_mix_of_steps(ledger: Ledger) -> None:
    Journeys.ledger = ledger
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=40, stateful_step_count=40, deadline=None, database=None)
    )
