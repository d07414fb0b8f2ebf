from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.calendar import Calendar, InvalidDate, parse_date

SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"))
BERLIN = Calendar(ZoneInfo("Europe/Berlin"), time(2, 30))
SHORT, LONG = date(2026, 3, 29), date(2026, 10, 25)
"""Berlin's days of 23 and 25 hours."""
ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "UTC",
]


def test_a_day_of_shanghai_begins_and_ends_at_four_in_the_afternoon_utc() -> None:
    assert SHANGHAI.bounds(date(2026, 1, 9)) == (
        datetime(2026, 1, 8, 16, tzinfo=UTC),
        datetime(2026, 1, 9, 16, tzinfo=UTC),
    )
    assert SHANGHAI.closes_at(date(2026, 1, 9)) == datetime(2026, 1, 9, 16, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 9, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 1, 9)),
        (datetime(2026, 1, 9, 16, tzinfo=UTC), date(2026, 1, 10)),
    ],
)
def test_an_instant_belongs_to_the_day_of_the_zone_not_of_utc(instant: datetime, day: date) -> None:
    assert SHANGHAI.day_of(instant) == day


@pytest.mark.parametrize(("day", "hours"), [(SHORT, 23), (LONG, 25), (date(2026, 6, 1), 24)])
def test_a_day_has_the_hours_that_the_clocks_give_it(day: date, hours: int) -> None:
    start, end = BERLIN.bounds(day)
    assert end - start == timedelta(hours=hours)


def test_both_passes_of_a_repeated_hour_are_in_the_same_day() -> None:
    once, again = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert once.astimezone(BERLIN.zone).time() == again.astimezone(BERLIN.zone).time() == time(2, 30)
    assert BERLIN.day_of(once) == BERLIN.day_of(again) == LONG


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (
            date(2026, 3, 28),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),  # 02:30 does not exist: an hour later by the clock
        (date(2026, 10, 24), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 02:30 comes twice: the first
        (date(2026, 6, 1), datetime(2026, 6, 2, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_digest_is_due_once_even_where_its_time_is_skipped_or_repeated(day: date, closes: datetime) -> None:
    assert BERLIN.closes_at(day) == closes


@given(
    instant=st.datetimes(timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
)
def test_every_instant_lies_within_its_day_and_days_follow_without_a_gap(
    instant: datetime, zone: str
) -> None:
    calendar = Calendar(ZoneInfo(zone))
    day = calendar.day_of(instant)
    start, end = calendar.bounds(day)
    assert start <= instant < end
    assert calendar.bounds(day + timedelta(days=1))[0] == end
    assert calendar.closes_at(day) > end


def test_a_date_is_read_back() -> None:
    assert parse_date("2026-01-09") == date(2026, 1, 9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "09.01.2026",
        "2026-01-09T00:00",
        "2026-01-09\n",
        "20260109",
        "2026-01",
    ],
)
def test_what_is_no_date_says_how_to_write_one(text: str) -> None:
    with pytest.raises(InvalidDate, match="YYYY-MM-DD"):
        parse_date(text)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "2026-2-30", "0000-01-01"])
def test_a_day_that_does_not_exist_is_not_told_how_dates_are_written(text: str) -> None:
    with pytest.raises(InvalidDate) as caught:
        parse_date(text)
    assert str(caught.value) == f"there is no day {text} in the calendar"
