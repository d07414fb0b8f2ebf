from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.words import words_for
from report.roundup.span import LONGEST, InvalidSpan, Span, is_day, month_of, parse_span, week_of, weekend_of

NAMES = {
    "2026-W03": (date(2026, 1, 12), date(2026, 1, 18)),
    "2026-W53": (date(2026, 12, 28), date(2027, 1, 3)),
    "2026-01": (date(2026, 1, 1), date(2026, 1, 31)),
    "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
    "9999-12": (date(9999, 12, 1), date(9999, 12, 31)),
    "2026-01-09..2026-01-11": (date(2026, 1, 9), date(2026, 1, 11)),
    "2026-01-09..2026-01-09": (date(2026, 1, 9), date(2026, 1, 9)),
    "2024-01-01..2024-12-31": (date(2024, 1, 1), date(2024, 12, 31)),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_for_its_days_and_is_their_only_name(name: str) -> None:
    span = parse_span(name)
    assert (span.first, span.last) == NAMES[name]
    assert str(span) == name


def test_a_week_and_a_month_written_as_ranges_are_the_same() -> None:
    assert str(parse_span("2026-01-12..2026-01-18")) == "2026-W03"
    assert str(parse_span("2026-01-01..2026-01-31")) == "2026-01"
    assert str(parse_span("2026-01-13..2026-01-19")) == "2026-01-13..2026-01-19"


WRONG = {
    "": "span",
    "..": "date",
    "2026": "span",
    "2026-1": "span",
    "2026-13": "calendar",
    "2026-W3": "span",
    "2026-W54": "calendar",
    "2025-W53": "calendar",
    "0000-W01": "calendar",
    "0000-01": "calendar",
    "9999-W53": "calendar",
    "2026-01-09..": "date",
    "..2026-01-09": "date",
    "2026-01-09...2026-01-11": "date",
    "2026-1-9..2026-01-11": "date",
    "2026-02-29..2026-03-01": "calendar",
    "2026-W02..2026-W03": "date",
    "2026-01-11..2026-01-09": "span-order",
    "2025-01-01..2026-01-02": "span-long",
    "0001-01-01..9999-12-31": "span-long",
    "２０２６-01": "span",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_range_is_told_in_one_line(text: str) -> None:
    with pytest.raises(InvalidSpan) as caught:
        parse_span(text)
    assert caught.value.key == WRONG[text]
    for language in ("zh-CN", "en"):
        assert "\n" not in words_for(language)(f"pages.error.{caught.value.key}", **caught.value.fields)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("2026-01-11..2026-01-09", "2026-01-09..2026-01-11"),
        ("2024-01-01..2026-01-01", "2025-01-01..2026-01-01"),
        ("0001-01-01..9999-12-31", "9998-12-31..9999-12-31"),
    ],
)
def test_what_was_meant_can_be_told(text: str, instead: str) -> None:
    with pytest.raises(InvalidSpan) as caught:
        parse_span(text)
    assert str(caught.value.instead) == instead
    assert parse_span(instead) == caught.value.instead


DAYS = st.dates(date(3, 1, 1), date(9990, 1, 1))


@given(first=DAYS, length=st.integers(1, LONGEST))
def test_any_range_reads_back_from_its_name_and_joins_its_neighbours(first: date, length: int) -> None:
    span = Span(first, first + timedelta(days=length - 1))
    assert len(span) == length
    assert parse_span(str(span)) == span
    for other in (span.before, span.after):
        assert span.kind in {other.kind, "days"}
    assert span.before.last + timedelta(days=1) == span.first
    assert span.last + timedelta(days=1) == span.after.first


@given(day=DAYS)
def test_a_day_lies_in_its_week_month_and_weekend(day: date) -> None:
    assert day in week_of(day)
    assert week_of(day).kind == "week"
    assert day in month_of(day)
    assert month_of(day).kind == "month"
    weekend = weekend_of(day)
    assert (weekend is None) == (day.isoweekday() in {2, 3, 4})
    assert weekend is None or day in weekend or weekend.last + timedelta(days=1) == day


def test_the_beginning_of_a_range_is_never_more_than_all_of_it() -> None:
    week = parse_span("2026-W03")
    assert str(week.beginning(2)) == "2026-01-12..2026-01-13"
    assert week.beginning(30) == week


@pytest.mark.parametrize(("text", "yes"), [("2026-01-09", True), ("2026-02-30", True), ("2026-01", False)])
def test_a_single_day_is_told_from_a_range(text: str, *, yes: bool) -> None:
    assert is_day(text) == yes
