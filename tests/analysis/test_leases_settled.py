from datetime import datetime, timedelta

from builders import NOON, REPOSITORY, make_analysis, make_facts, make_sha
from invariants import assert_sound, snapshot
from landings import LEASED, analyse, at_once, claimed, make_push, record

from analysis.storage.entry import Entry, Obstacle, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger

MINUTE = timedelta(minutes=1)
OBSTACLE = Obstacle(code="model-unavailable", detail="HTTP 503", since=NOON)
RULES = make_analysis(source="rules")


def entry_of(ledger: Ledger, seed: object) -> Entry:
    entry = ledger.entry(REPOSITORY, make_sha(seed))
    assert entry is not None
    return entry


def due(leases: Leases, at: datetime = NOON) -> list[str]:
    return [sha for _, sha in leases.due(at, 100)]


# Settle


def test_an_analysed_commit_keeps_all_that_was_said(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    assert analyse(leases, 1)
    entry = entry_of(ledger, 1)
    assert (entry.state, entry.attempts, entry.obstacle) == (State.ANALYSED, 1, None)
    assert (entry.facts, entry.rules, entry.model) == (make_facts(), RULES, make_analysis())
    assert entry.landed == make_facts().landed()
    assert_sound(ledger)


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


def test_a_postponed_commit_was_not_attempted(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    version = ledger.day_record(REPOSITORY, NOON.date()).version
    for number in range(3):
        now = NOON + number * MINUTE
        assert leases.postpone(claimed(leases, 1, now), OBSTACLE, until=now + MINUTE)
        assert due(leases, now + MINUTE / 2) == []
        assert due(leases, now + MINUTE) == [make_sha(1)]
    entry = entry_of(ledger, 1)
    assert (entry.state, entry.attempts, entry.obstacle) == (State.PENDING, 0, OBSTACLE)
    assert ledger.day_record(REPOSITORY, NOON.date()).version == version + 1
    assert_sound(ledger)


def test_only_the_holder_can_postpone(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lost = claimed(leases, 1)
    assert due(leases, NOON + LEASED) == [make_sha(1)]
    holder = claimed(leases, 1, NOON + LEASED)
    before = snapshot(ledger.redis)
    assert not leases.postpone(lost, OBSTACLE, until=NOON)
    assert snapshot(ledger.redis) == before
    assert leases.record_analysis(lost, make_analysis(), NOON)
    assert not leases.postpone(holder, OBSTACLE, until=NOON)
    assert entry_of(ledger, 1).state is State.ANALYSED


def test_a_lease_that_ran_out_unclaimed_can_still_be_postponed(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    lease = claimed(leases, 1)
    assert due(leases, NOON + LEASED) == [make_sha(1)]
    assert leases.postpone(lease, OBSTACLE, until=NOON + 2 * LEASED)
    assert due(leases, NOON + LEASED) == []
    assert_sound(ledger)


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
    assert_sound(ledger)


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
    assert_sound(ledger)
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
    assert_sound(ledger)


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
