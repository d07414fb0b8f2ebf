import pytest

from workers import pace
from workers.pace import Pace


class Clock:
    """The monotonic clock, as a test sets it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


def begin(starts: Pace, clock: Clock, *, after: float) -> float:
    """Start it after it has lived so long, as soon as that is allowed; returns the seconds in between."""
    began = clock.now
    clock.now += after
    while not starts.may_begin():
        clock.now += 0.5
    starts.begin()
    return clock.now - began


def test_each_short_life_doubles_the_pause_to_a_cap(clock: Clock) -> None:
    starts = Pace(2, 60)
    assert begin(starts, clock, after=0) == 0
    assert [begin(starts, clock, after=1) for _ in range(7)] == [2, 4, 8, 16, 32, 60, 60]


def test_a_long_life_ends_the_row(clock: Clock) -> None:
    starts = Pace(2, 60)
    for _ in range(4):
        begin(starts, clock, after=1)
    assert begin(starts, clock, after=1000) == 1000
    assert begin(starts, clock, after=1) == 2
