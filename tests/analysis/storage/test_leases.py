from datetime import datetime, timedelta

from builders import NOON, REPOSITORY, make_analysis, make_sha
from invariants import assert_sound, snapshot
from landings import LEASED, analyse, at_once, claim, claimed, make_push, record

from analysis.storage import keys
from analysis.storage.entry import Obstacle, Source
from analysis.storage.leases import AFTER_DEATH, Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import in_ms, to_ms

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
OBSTACLE = Obstacle(code="model-unavailable", detail="HTTP 503", since=NOON)


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
    assert_sound(ledger)


def test_a_claim_whose_answer_was_lost_wins_again_with_the_same_token(leases: Leases, ledger: Ledger) -> None:
    record(ledger, 1)
    step = [keys.commit(REPOSITORY, make_sha(1)), keys.READY, keys.WAITING]
    rest = [to_ms(NOON), to_ms(NOON + LEASED), in_ms(AFTER_DEATH.first), in_ms(AFTER_DEATH.longest)]
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
    assert_sound(ledger)


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
    assert_sound(ledger)


def test_each_death_in_a_row_doubles_the_pause_to_a_cap(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    now, pauses = NOON, []
    for _ in range(14):
        claimed(leases, 1, now)
        [(_, again)] = ledger.redis.zrange(keys.WAITING, 0, -1, withscores=True)
        pauses.append(timedelta(milliseconds=again - to_ms(now)) - LEASED)
        now += LEASED + pauses[-1]
    assert pauses[:4] == [timedelta(), *(times * AFTER_DEATH.first for times in (1, 2, 4))]
    assert pauses == sorted(pauses)
    assert pauses[-1] == AFTER_DEATH.longest


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
    assert_sound(ledger)


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
    assert_sound(ledger)
