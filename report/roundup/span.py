"""A range of days of REPORT_TIMEZONE, both ends included: its name, and what comes before and after; pure."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from analysis.calendar import InvalidDate, parse_date
from analysis.text.sentences import cut
from analysis.text.unseen import one_line

LONGEST = 366
"""Days of a range: any year has room in it."""
A_WEEK = 7
FRIDAY = 4
TO_MONDAY = 3
"""Days from Friday to Monday."""
JOINT = ".."

LONGEST_SHOWN = 80
"""Characters of a text that is no range."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Span:
    """At least one day."""

    first: date
    last: date

    def __str__(self) -> str:
        """`2026-W03` for an ISO week, `2026-01` for a month, else `2026-01-09..2026-01-11`: one name each."""
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year:04}-W{week:02}"
        return str(self.first)[:7] if self.kind == "month" else f"{self.first}{JOINT}{self.last}"

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def kind(self) -> Literal["week", "month", "days"]:
        """What people call it."""
        if len(self) == A_WEEK and self.first.isoweekday() == 1:
            return "week"
        whole = self.first.day == 1 and self.last == _end_of_month(self.first)
        return "month" if whole else "days"

    @property
    def number(self) -> int:
        """The week of its first day (ISO 8601)."""
        return self.first.isocalendar().week

    @property
    def before(self) -> "Span":
        """The week or month before; else as many days."""
        end = self.first - timedelta(days=1)
        return month_of(end) if self.kind == "month" else Span(end - timedelta(days=len(self) - 1), end)

    @property
    def after(self) -> "Span":
        """The week or month after; else as many days."""
        start = self.last + timedelta(days=1)
        return month_of(start) if self.kind == "month" else Span(start, start + timedelta(days=len(self) - 1))

    def beginning(self, days: int) -> "Span":
        """Its first days; all of it when it has no more."""
        return Span(self.first, min(self.last, self.first + timedelta(days=days - 1)))


@dataclass(eq=False)
class InvalidSpan(Exception):
    """A text that is no range: the words for one clear line and, if it can be told, what was meant."""

    key: str
    """Under `pages.error.` in the words."""
    fields: Mapping[str, object] = field(default_factory=dict)
    instead: Span | None = None


def is_day(text: str) -> bool:
    """Whether a text means to be a single day."""
    return _DAY.fullmatch(text) is not None


def parse_span(text: str) -> Span:
    """`2026-01-09..2026-01-11`, `2026-W03` or `2026-01`.

    Raises:
        InvalidSpan: for any other form, for days that do not exist, backwards, or longer than a year.
    """
    first, joint, last = text.partition(JOINT)
    if joint:
        return _checked(Span(_date(first), _date(last)))
    try:
        if week := _WEEK.fullmatch(text):
            return week_of(date.fromisocalendar(int(week[1]), int(week[2]), 1))
        if month := _MONTH.fullmatch(text):
            return month_of(date(int(month[1]), int(month[2]), 1))
    except (ValueError, OverflowError):
        raise InvalidSpan("calendar", {"value": _shown(text)}) from None
    raise InvalidSpan("span", {"value": _shown(text)})


def week_of(day: date) -> Span:
    """The week of a day, from Monday on (ISO 8601)."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=A_WEEK - 1))


def month_of(day: date) -> Span:
    """The month of a day."""
    return Span(day.replace(day=1), _end_of_month(day))


def weekend_of(day: date) -> Span | None:
    """What Monday's reader has missed, Friday to Sunday, for a day of it and for that Monday; else None."""
    since = (day.weekday() - FRIDAY) % A_WEEK
    friday = day - timedelta(days=since)
    return Span(friday, friday + timedelta(days=2)) if since <= TO_MONDAY else None


def _date(text: str) -> date:
    try:
        day = parse_date(text)
    except InvalidDate:
        raise InvalidSpan("calendar" if is_day(text) else "date", {"value": _shown(text)}) from None
    if str(day) != text:  # 2026-1-9: one address for one page
        raise InvalidSpan("date", {"value": _shown(text)})
    return day


def _shown(text: str) -> str:
    return cut(one_line(text), LONGEST_SHOWN)


def _checked(span: Span) -> Span:
    if span.last < span.first:
        turned = Span(span.last, span.first)
        raise InvalidSpan("span-order", {"first": span.first, "last": span.last}, turned)
    if len(span) > LONGEST:
        newest = Span(span.last - timedelta(days=LONGEST - 1), span.last)
        fields = {"value": span, "count": len(span), "most": LONGEST}
        raise InvalidSpan("span-long", fields, newest)
    return span


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
