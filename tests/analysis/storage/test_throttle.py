from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

from builders import NOON
from invariants import snapshot
from landings import at_once

from analysis.storage import keys
from analysis.storage.breaker import Breakers
from analysis.storage.store import Store
from analysis.storage.throttle import GONE, WINDOW, Throttle, Turn

MODEL = "deepseek/deepseek-chat"
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=70)


def enter(
    throttle: Throttle, now: datetime = NOON, token: str | None = None, model: str = MODEL, rank: float = 0
) -> Turn:
    return throttle.enter(model, token or uuid4().hex, now, until=now + LEASE, rank=rank)


def test_so_many_at_once_are_let_in_and_no_more(store: Store) -> None:
    throttle = Throttle(store, at_once=3)
    turns = at_once(8, lambda _: enter(throttle))
    assert sorted(turn.entered for turn in turns) == [False] * 5 + [True] * 3
    assert len(store.ranked(keys.running(MODEL))) == 3


def test_each_model_has_limits_of_its_own(store: Store) -> None:
    throttle = Throttle(store, at_once=1, per_minute=1)
    assert enter(throttle).entered
    assert not enter(throttle).entered
    assert enter(throttle, model="another").entered


def test_one_who_leaves_makes_room_once(store: Store) -> None:
    throttle = Throttle(store, at_once=1)
    enter(throttle, token="first")
    throttle.leave(MODEL, "first")
    assert enter(throttle, token="second").entered
    throttle.leave(MODEL, "first")
    assert not enter(throttle).entered


def test_the_place_of_one_who_died_is_free_when_its_lease_ends(store: Store) -> None:
    throttle = Throttle(store, at_once=1)
    enter(throttle)
    waiting = enter(throttle, NOON + LEASE - SECOND, token="waits")
    assert waiting == Turn(wait=SECOND)
    assert enter(throttle, NOON + LEASE, token="waits").entered


def test_asking_again_after_entering_changes_nothing(store: Store) -> None:
    throttle = Throttle(store, at_once=2, per_minute=2)
    assert enter(throttle, token="one").entered
    before = snapshot(store.redis)
    assert enter(throttle, NOON + SECOND, token="one").entered
    assert snapshot(store.redis) == before


def test_a_window_slides_by_the_millisecond(store: Store) -> None:
    throttle = Throttle(store, at_once=100, per_minute=3)
    for number in range(3):
        assert enter(throttle, NOON + number * SECOND).entered
    assert enter(throttle, NOON + 10 * SECOND, token="waits") == Turn(wait=WINDOW - 10 * SECOND)
    just_before = NOON + WINDOW - timedelta(milliseconds=1)
    assert enter(throttle, just_before, token="waits") == Turn(wait=timedelta(milliseconds=1))
    assert enter(throttle, NOON + WINDOW, token="waits").entered
    assert enter(throttle, NOON + WINDOW) == Turn(wait=SECOND)


def test_no_minute_has_more_requests_than_allowed(store: Store) -> None:
    throttle = Throttle(store, at_once=1000, per_minute=7)
    instants = [NOON + timedelta(milliseconds=333 * number) for number in range(600)]
    entered = []
    for now in instants:
        if enter(throttle, now, token=f"call {len(entered)}").entered:
            entered.append(now)
    assert all(later - first >= WINDOW for first, later in zip(entered, entered[7:], strict=False))
    assert len(entered) == 7 * 4


def test_a_limit_that_was_lowered_holds_for_what_was_asked_before(store: Store) -> None:
    for number in range(5):
        enter(Throttle(store, at_once=100, per_minute=5), NOON + number * SECOND)
    lowered = Throttle(store, at_once=100, per_minute=2)
    assert enter(lowered, NOON + 10 * SECOND, token="waits") == Turn(wait=WINDOW + 3 * SECOND - 10 * SECOND)
    assert enter(lowered, NOON + WINDOW + 3 * SECOND, token="waits").entered


def test_one_who_finds_no_room_has_not_asked(store: Store) -> None:
    throttle = Throttle(store, at_once=1, per_minute=2)
    enter(throttle, token="first")
    assert not enter(throttle, token="second").entered
    throttle.leave(MODEL, "first")
    assert enter(throttle, token="second").entered


def test_a_model_that_is_left_alone_takes_no_room(store: Store, breakers: Breakers) -> None:
    throttle = Throttle(store, at_once=1, per_minute=1)
    till = breakers.trip(MODEL, NOON, detail="HTTP 503")
    assert enter(throttle) == Turn(left_alone_until=till)
    assert store.ranked(keys.running(MODEL)) == ()
    assert enter(throttle, till).entered


def test_one_who_has_no_room_does_not_use_up_the_try_of_an_open_breaker(
    store: Store, breakers: Breakers
) -> None:
    throttle = Throttle(store, at_once=1)
    enter(throttle, token="slow")
    till = breakers.trip(MODEL, NOON, detail="HTTP 503")
    assert not enter(throttle, till, token="waits").entered
    throttle.leave(MODEL, "slow")
    assert enter(throttle, till, token="waits").entered
    assert enter(throttle, till) == Turn(left_alone_until=till + LEASE)


def test_of_those_who_wait_the_lowest_rank_goes_first(store: Store) -> None:
    throttle = Throttle(store, at_once=2)
    for token in ("one", "two"):
        enter(throttle, token=token)
    for token, rank in (("backfill", 9), ("yesterday", 2), ("today", 1)):
        assert not enter(throttle, token=token, rank=rank).entered
    throttle.leave(MODEL, "one")
    assert not enter(throttle, token="backfill", rank=9).entered
    assert not enter(throttle, token="yesterday", rank=2).entered
    assert enter(throttle, token="today", rank=1).entered
    throttle.leave(MODEL, "two")
    assert not enter(throttle, token="backfill", rank=9).entered
    assert enter(throttle, token="yesterday", rank=2).entered


def test_the_next_in_a_full_minute_is_the_lowest_rank(store: Store) -> None:
    throttle = Throttle(store, at_once=9, per_minute=2)
    for number in range(2):
        enter(throttle, NOON + number * SECOND)
    assert not enter(throttle, NOON + 55 * SECOND, token="today", rank=1).entered
    behind = enter(throttle, NOON + 55 * SECOND, token="backfill", rank=9)
    assert behind == Turn(wait=6 * SECOND)
    assert not enter(throttle, NOON + WINDOW, token="backfill", rank=9).entered
    assert enter(throttle, NOON + WINDOW, token="today", rank=1).entered
    assert enter(throttle, NOON + WINDOW + SECOND, token="backfill", rank=9).entered


def test_one_who_waits_no_longer_is_in_nobody_s_way(store: Store) -> None:
    throttle = Throttle(store, at_once=1)
    enter(throttle, token="one")
    for token in ("gives up", "died"):
        enter(throttle, token=token, rank=1)
    throttle.leave(MODEL, "gives up")
    throttle.leave(MODEL, "one")
    assert not enter(throttle, NOON + GONE - SECOND, token="waits", rank=2).entered
    assert enter(throttle, NOON + GONE, token="waits", rank=2).entered


def test_the_one_who_has_the_next_turn_is_woken_and_no_other(store: Store) -> None:
    throttle = Throttle(store, at_once=1)
    enter(throttle, token="one")
    for token, rank in (("second", 2), ("first", 1)):
        enter(throttle, token=token, rank=rank)
    with ThreadPoolExecutor(1) as pool:
        resting = pool.submit(throttle.rest, "first", 30.0)
        throttle.leave(MODEL, "one")
        resting.result(timeout=10)
    assert not [key for key in store.redis.keys("*") if key.startswith(keys.TURN)]


def test_nothing_is_left_behind(store: Store) -> None:
    throttle = Throttle(store, at_once=1, per_minute=1)
    enter(throttle, token="one")
    enter(throttle, token="two")
    throttle.leave(MODEL, "one")
    assert all(store.redis.pttl(key) > 0 for key in store.redis.keys("*"))
