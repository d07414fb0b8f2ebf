from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from report.digest import Counts
from report.roundup.areas import Area
from report.roundup.chart import BARS, LEAST, LINE, TOP, WIDTH, bars_of, lengths_of, shares_of
from report.roundup.trend import BY_DAY, Bucket

FIRST = date(2026, 1, 12)


def buckets(*counts: Counts) -> list[Bucket]:
    days = [FIRST + timedelta(days=number) for number in range(len(counts))]
    return [Bucket(first=day, last=day, counts=each) for day, each in zip(days, counts, strict=True)]


def counted(high: int = 0, medium: int = 0, low: int = 0, unread: int = 0) -> Counts:
    return Counts(total=high + medium + low + unread, high=high, medium=medium, low=low)


def test_a_bar_is_a_stack_from_high_to_what_was_not_read() -> None:
    chart = bars_of(buckets(counted(1, 2, 3, 4), counted(low=5)))
    assert chart is not None
    first, second = chart.bars
    assert [part.tier for part in first.parts] == ["high", "medium", "low", None]
    tops = [part.y for part in first.parts]
    assert tops == sorted(tops, reverse=True)
    assert round(sum(part.height for part in first.parts)) == BARS
    assert [round(part.height / BARS, 2) for part in second.parts] == [0.5]
    assert chart.most.counts.total == 10


def test_one_commit_among_many_is_seen() -> None:
    chart = bars_of(buckets(counted(high=1, low=500)))
    assert chart is not None
    assert chart.bars[0].parts[0].height == LEAST


@given(st.lists(st.tuples(*[st.integers(0, 2000)] * 4), min_size=1, max_size=60))
def test_everything_stays_inside_the_drawing(numbers: list[tuple[int, int, int, int]]) -> None:
    every = buckets(*(counted(*each) for each in numbers))
    chart, line = bars_of(every), shares_of(every)
    assert (chart is None) == (not any(map(sum, numbers)))
    for bar in chart.bars if chart else ():
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.2
        assert 0 <= bar.middle <= WIDTH
        assert all(
            TOP - 4 * LEAST <= part.y <= part.y + part.height <= TOP + BARS + 0.2 for part in bar.parts
        )
    if line:
        points = [tuple(map(float, point.split(","))) for point in line.points.split()]
        assert all(0 <= x <= WIDTH and 0 <= y <= LINE for x, y in points)
        assert line.dots == (tuple(points) if len(points) <= BY_DAY else ())


def test_as_many_ticks_as_there_is_room_for() -> None:
    chart = bars_of(buckets(*[counted(1)] * 53))
    assert chart is not None
    ticks = [bar.middle for bar in chart.bars if bar.tick]
    assert 5 <= len(ticks) <= 8
    assert chart.bars[0].tick == "01-12"
    week = bars_of(buckets(*[counted(1)] * 7))
    assert week is not None
    assert all(bar.tick for bar in week.bars)


def test_a_line_needs_two_points_and_something_high() -> None:
    assert shares_of([]) is None
    assert shares_of(buckets(counted(high=1))) is None
    assert shares_of(buckets(counted(low=1), counted(low=2))) is None
    assert shares_of(buckets(counted(high=1), counted(unread=3), counted())) is None
    line = shares_of(buckets(counted(high=1, low=1), counted(), counted(low=1)))
    assert line is not None
    assert len(line.dots) == 2
    assert line.highest.first == FIRST


def test_bars_of_areas_are_to_scale() -> None:
    areas = [Area(path=f"{n}/", commits=n, lines=1) for n in (8, 4, 1)]
    assert lengths_of(areas) == (100.0, 50.0, 12.5)
    assert lengths_of([]) == ()
