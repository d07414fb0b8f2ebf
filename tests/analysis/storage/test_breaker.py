from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from builders import NOON
from landings import at_once

from analysis.storage.breaker import LONGEST_ASKED, PAUSE, Breakers, OpenBreaker
from analysis.storage.throttle import Throttle, Turn

MODEL = "deepseek/deepseek-chat"
SECOND = timedelta(seconds=1)
PATIENCE = timedelta(seconds=90)


def enter(breakers: Breakers, now: datetime, model: str = MODEL) -> Turn:
    """Ask with a token of one's own; there is room for all."""
    return Throttle(breakers.store, at_once=100).enter(model, uuid4().hex, now, until=now + PATIENCE)


def admitted(breakers: Breakers, now: datetime) -> bool:
    return enter(breakers, now).entered


def trip(breakers: Breakers, now: datetime, retry_after: float = 0) -> datetime:
    return breakers.trip(MODEL, now, detail="HTTP 503", retry_after=retry_after)


def failures_of(breakers: Breakers) -> int:
    [found] = breakers.open()
    return found.failures


def test_a_model_that_never_failed_may_be_called_by_all(breakers: Breakers) -> None:
    assert at_once(8, lambda _: admitted(breakers, NOON)) == [True] * 8
    assert breakers.open() == ()
    assert breakers.detail(MODEL) == ""


def test_a_failure_opens_the_breaker_and_says_why(breakers: Breakers) -> None:
    till = trip(breakers, NOON)
    assert till == NOON + PAUSE.first
    assert enter(breakers, NOON + SECOND) == Turn(left_alone_until=till)
    assert breakers.open() == (OpenBreaker(MODEL, 1, till, "HTTP 503"),)
    assert breakers.detail(MODEL) == "HTTP 503"


def test_a_breaker_holds_until_its_time_is_up(breakers: Breakers) -> None:
    till = trip(breakers, NOON)
    assert breakers.holding(till - SECOND) == breakers.open()
    assert breakers.holding(till) == ()
    assert enter(breakers, till).entered  # the one that tries
    assert breakers.holding(till) == breakers.open() != ()


def test_a_breaker_leaves_other_models_alone(breakers: Breakers) -> None:
    trip(breakers, NOON)
    assert enter(breakers, NOON, "another").entered


def test_pauses_double_with_each_failed_probe_up_to_the_cap(breakers: Breakers) -> None:
    now, pauses = NOON, []
    for _ in range(12):
        till = trip(breakers, now)
        pauses.append(till - now)
        now = till
        assert admitted(breakers, now)
    assert pauses[:4] == [PAUSE.first, 2 * PAUSE.first, 4 * PAUSE.first, 8 * PAUSE.first]
    assert pauses[-3:] == [PAUSE.longest] * 3


def test_failures_of_calls_under_way_together_count_once(breakers: Breakers) -> None:
    at_once(8, lambda number: trip(breakers, NOON + number * SECOND))
    assert failures_of(breakers) == 1
    assert not admitted(breakers, NOON + PAUSE.first - SECOND)


def test_one_probe_is_let_through_when_the_time_is_up(breakers: Breakers) -> None:
    till = trip(breakers, NOON)
    assert sorted(at_once(8, lambda _: admitted(breakers, till))) == [False] * 7 + [True]


def test_a_probe_that_dies_is_followed_by_another(breakers: Breakers) -> None:
    till = trip(breakers, NOON)
    assert admitted(breakers, till)
    assert enter(breakers, till + PATIENCE - SECOND).left_alone_until == till + PATIENCE
    assert sorted(at_once(4, lambda _: admitted(breakers, till + PATIENCE))) == [False] * 3 + [True]


def test_a_probe_that_fails_opens_the_breaker_for_its_pause_and_no_longer(breakers: Breakers) -> None:
    probe = trip(breakers, NOON)
    assert admitted(breakers, probe)
    assert trip(breakers, probe + SECOND) == probe + SECOND + 2 * PAUSE.first
    assert failures_of(breakers) == 2


def test_a_success_closes_the_breaker_for_all(breakers: Breakers) -> None:
    trip(breakers, NOON)
    assert breakers.reset(MODEL)
    assert not breakers.reset(MODEL)
    assert breakers.open() == ()
    assert at_once(4, lambda _: admitted(breakers, NOON)) == [True] * 4
    assert trip(breakers, NOON) == NOON + PAUSE.first


@pytest.mark.parametrize("seconds", [20.5, 7200.0])
def test_a_server_that_asks_for_a_longer_pause_gets_it(breakers: Breakers, seconds: float) -> None:
    assert trip(breakers, NOON, retry_after=seconds) == NOON + timedelta(seconds=seconds)
    assert not admitted(breakers, NOON + timedelta(seconds=seconds - 0.5))


@pytest.mark.parametrize("hours", [6, 7, 24 * 365 * 1000])
def test_no_server_is_left_alone_for_longer_than_six_hours(breakers: Breakers, hours: int) -> None:
    assert trip(breakers, NOON, retry_after=hours * 3600.0) == NOON + LONGEST_ASKED


def test_a_server_that_asks_for_a_shorter_pause_gets_ours(breakers: Breakers) -> None:
    assert trip(breakers, NOON, retry_after=1) == NOON + PAUSE.first


def test_a_later_failure_does_not_shorten_what_the_server_asked_for(breakers: Breakers) -> None:
    till = trip(breakers, NOON, retry_after=600)
    assert trip(breakers, NOON + SECOND) == till
