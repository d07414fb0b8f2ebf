from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from builders import NOON
from invariants import snapshot
from landings import at_once

from analysis.storage import keys
from analysis.storage.breaker import Breakers
from analysis.storage.store import Store
from analysis.storage.throttle import MOST_SIGNALS, WINDOW, Throttle, Turn

MODEL = "deepseek/deepseek-chat"
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=70)


def enter(throttle: Throttle, now: datetime = NOON, token: str | None = None, model: str = MODEL) -> Turn:
    return throttle.enter(model, token or uuid4().hex, now, until=now + LEASE)


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
    waiting = enter(throttle, NOON + LEASE - SECOND)
    assert waiting == Turn(wait=SECOND)
    assert enter(throttle, NOON + LEASE).entered


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
    assert enter(throttle, NOON + 10 * SECOND) == Turn(wait=WINDOW - 10 * SECOND)
    just_before = NOON + WINDOW - timedelta(milliseconds=1)
    assert enter(throttle, just_before) == Turn(wait=timedelta(milliseconds=1))
    assert enter(throttle, NOON + WINDOW).entered
    assert enter(throttle, NOON + WINDOW) == Turn(wait=SECOND)


def test_no_minute_has_more_requests_than_allowed(store: Store) -> None:
    throttle = Throttle(store, at_once=1000, per_minute=7)
    instants = [NOON + timedelta(milliseconds=333 * number) for number in range(600)]
    entered = [now for now in instants if enter(throttle, now).entered]
    assert all(later - first >= WINDOW for first, later in zip(entered, entered[7:], strict=False))
    assert len(entered) == 7 * 4


def test_a_limit_that_was_lowered_holds_for_what_was_asked_before(store: Store) -> None:
    for number in range(5):
        enter(Throttle(store, at_once=100, per_minute=5), NOON + number * SECOND)
    lowered = Throttle(store, at_once=100, per_minute=2)
    assert enter(lowered, NOON + 10 * SECOND) == Turn(wait=WINDOW + 3 * SECOND - 10 * SECOND)
    assert enter(lowered, NOON + WINDOW + 3 * SECOND).entered


def test_one_who_finds_no_room_has_not_asked(store: Store) -> None:
    throttle = Throttle(store, at_once=1, per_minute=2)
    enter(throttle, token="first")
    assert not enter(throttle).entered
    throttle.leave(MODEL, "first")
    assert enter(throttle).entered


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
    assert not enter(throttle, till).entered
    throttle.leave(MODEL, "slow")
    assert enter(throttle, till).entered
    assert enter(throttle, till) == Turn(left_alone_until=till + LEASE)


@pytest.mark.parametrize("signals", [1, MOST_SIGNALS + 20])
def test_one_who_rests_is_woken_by_one_who_leaves(store: Store, signals: int) -> None:
    throttle = Throttle(store, at_once=signals)
    tokens = [str(number) for number in range(signals)]
    for token in tokens:
        enter(throttle, token=token)
    with ThreadPoolExecutor(1) as pool:
        resting = pool.submit(throttle.rest, MODEL, 30.0)
        for token in tokens:
            throttle.leave(MODEL, token)
        resting.result(timeout=10)
    for _ in range(signals - 1):
        throttle.rest(MODEL, 0)
    assert not [key for key in store.redis.keys("*") if ":room:" in key]


def test_nothing_is_left_behind(store: Store) -> None:
    throttle = Throttle(store, at_once=1, per_minute=1)
    enter(throttle, token="one")
    throttle.leave(MODEL, "one")
    assert all(store.redis.pttl(key) > 0 for key in store.redis.keys("*"))
