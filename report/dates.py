"""Days and months in words."""

from datetime import date

from analysis.words import Words


def long_date(day: date, words: Words) -> str:
    """`2026 年 1 月 9 日 星期五`, `Friday, 9 January 2026`."""
    weekday = words(f"pages.weekday.{day.weekday()}")
    month = words(f"pages.month.{day.month}")
    return words("pages.date", year=day.year, month=month, day=day.day, weekday=weekday)


def long_month(day: date, words: Words) -> str:
    """`2026 年 1 月`, `January 2026`."""
    return words("pages.month.name", year=day.year, month=words(f"pages.month.{day.month}"))
