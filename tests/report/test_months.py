from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.months import BUSIEST, Cell, month_of, months_of

JANUARY = date(2026, 1, 1)


def cells(sizes: dict[date, int]) -> dict[int, Cell]:
    month = month_of(JANUARY, sizes)
    return {cell.day.day: cell for week in month.weeks for cell in week if cell}


def test_weeks_begin_on_monday_and_hold_this_month_alone() -> None:
    weeks = month_of(JANUARY, {}).weeks
    assert [len(week) for week in weeks] == [7] * 5
    assert [cell and cell.day.day for cell in weeks[0]] == [None, None, None, 1, 2, 3, 4]
    assert [cell and cell.day.day for cell in weeks[-1]] == [26, 27, 28, 29, 30, 31, None]


def test_days_with_a_digest_have_a_size_and_the_busiest_the_highest_level() -> None:
    sizes = {JANUARY: 0, JANUARY + timedelta(days=1): 1, JANUARY + timedelta(days=2): 15}
    sizes |= {JANUARY + timedelta(days=3): 500, date(2026, 2, 1): 9000}
    found = cells(sizes)
    assert [(found[day].size, found[day].level) for day in range(1, 6)] == [
        (0, 0),
        (1, 1),
        (15, 2),
        (500, 4),
        (None, 0),
    ]
    assert month_of(JANUARY, sizes).total == 516


@given(st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=31))
def test_more_commits_are_never_less_busy(counts: list[int]) -> None:
    found = cells({JANUARY + timedelta(days=number): count for number, count in enumerate(counts)})
    ranked = sorted((cell.size, cell.level) for cell in found.values() if cell.size is not None)
    levels = [level for _, level in ranked]
    assert levels == sorted(levels)
    assert set(levels) <= set(range(BUSIEST + 1))
    assert all((size == 0) == (level == 0) for size, level in ranked)


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 12, 31), date(1, 1, 1), date(9999, 12, 31)])
def test_every_month_there_is_has_a_calendar(day: date) -> None:
    assert month_of(day.replace(day=1), {day: 3}).total == 3


def test_months_are_listed_newest_first() -> None:
    days = [date(2026, 1, 9), date(2025, 12, 31), date(2026, 1, 2)]
    assert months_of(days) == (JANUARY, date(2025, 12, 1))
