from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analysis.language import Language
from analysis.words import words_for
from report.dates import common_offset, local_time, long_date, long_month, machine_time, short_time


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [("zh-CN", "2026年1月9日 星期五", "2026年1月"), ("en", "Friday, 9 January 2026", "January 2026")],
)
def test_days_and_months_are_written_as_people_do(language: Language, day: str, month: str) -> None:
    words = words_for(language)
    assert (long_date(date(2026, 1, 9), words), long_month(date(2026, 1, 9), words)) == (day, month)
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert len({long_date(each, words) for each in year}) == 365
    assert len({long_month(each, words) for each in year}) == 12


SUMMER, WINTER = datetime(2026, 3, 8, 7, 30, tzinfo=UTC), datetime(2026, 3, 8, 6, 30, 0, 123_000, tzinfo=UTC)
"""An hour apart, on the night on which New York turns its clocks."""
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("zone", "long", "short"),
    [
        ("Asia/Shanghai", "2026-03-08 15:30:00 +08:00", "03-08 15:30 +08:00"),
        ("America/New_York", "2026-03-08 03:30:00 -04:00", "03-08 03:30 -04:00"),
        ("Asia/Kolkata", "2026-03-08 13:00:00 +05:30", "03-08 13:00 +05:30"),
        ("UTC", "2026-03-08 07:30:00 +00:00", "03-08 07:30 +00:00"),
    ],
)
def test_a_time_of_day_has_its_offset(zone: str, long: str, short: str) -> None:
    assert local_time(SUMMER, ZoneInfo(zone)) == long
    assert local_time(SUMMER, ZoneInfo(zone), offset=False) == long[:-7]
    assert short_time(SUMMER, ZoneInfo(zone), date(2026, 3, 7)) == short
    assert short_time(SUMMER, ZoneInfo(zone), date(2026, 3, 7), offset=False) == short[:-7]


def test_a_year_that_is_not_the_days_is_shown() -> None:
    assert short_time(SUMMER, NEW_YORK, date(2027, 1, 1)) == "2026-03-08 03:30 -04:00"


def test_machines_are_given_the_instant_as_rfc_3339() -> None:
    assert machine_time(WINTER) == "2026-03-08T06:30:00+00:00"
    assert machine_time(SUMMER.astimezone(NEW_YORK)) == "2026-03-08T07:30:00+00:00"


def test_times_have_an_offset_in_common_unless_clocks_were_turned_between_them() -> None:
    assert common_offset([SUMMER, WINTER], ZoneInfo("Asia/Shanghai")) == "+08:00"
    assert common_offset([WINTER], NEW_YORK) == "-05:00"
    assert common_offset([SUMMER, WINTER], NEW_YORK) == ""
    assert common_offset([], NEW_YORK) == ""
