"""Days and months in words, times of day as numbers; pure.

A time of day is shown with its offset from UTC (`+08:00`, as in RFC 3339), beside it or once for a column of
times that all have the same. Where clocks are turned, a column may have two.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from analysis.words import Words


def long_date(day: date, words: Words) -> str:
    """`2026 年 1 月 9 日 星期五`, `Friday, 9 January 2026`."""
    weekday = words(f"pages.weekday.{day.weekday()}")
    month = words(f"pages.month.{day.month}")
    return words("pages.date", year=day.year, month=month, day=day.day, weekday=weekday)


def long_month(day: date, words: Words) -> str:
    """`2026 年 1 月`, `January 2026`."""
    return words("pages.month.name", year=day.year, month=words(f"pages.month.{day.month}"))


def machine_time(instant: datetime) -> str:
    """For `<time datetime>`: RFC 3339 in UTC; HTML takes no more than three digits after the second."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def local_time(instant: datetime, zone: ZoneInfo, *, offset: bool = True) -> str:
    """`2026-01-09 12:00:00 +08:00`."""
    there = instant.astimezone(zone)
    return _with_offset(f"{there:%Y-%m-%d %H:%M:%S}", there, offset=offset)


def short_time(instant: datetime, zone: ZoneInfo, day: date, *, offset: bool = True) -> str:
    """`01-09 12:00 +08:00`: to the minute, and without the year if it is that of the page's day."""
    there = instant.astimezone(zone)
    same_year = there.year == day.year
    return _with_offset(
        f"{there:%m-%d %H:%M}" if same_year else f"{there:%Y-%m-%d %H:%M}", there, offset=offset
    )


def common_offset(instants: Iterable[datetime], zone: ZoneInfo) -> str:
    """`+08:00`, which all of them have there; empty when there are several, or none."""
    found = {_offset(instant.astimezone(zone)) for instant in instants}
    return found.pop() if len(found) == 1 else ""


def _with_offset(text: str, there: datetime, *, offset: bool) -> str:
    return f"{text} {_offset(there)}" if offset else text


def _offset(there: datetime) -> str:
    return f"{there:%z}"[:3] + ":" + f"{there:%z}"[3:5]
