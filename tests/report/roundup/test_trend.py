from datetime import date, timedelta

import pytest

from report.digest import Counts
from report.roundup.span import Span, parse_span
from report.roundup.trend import Trend, buckets_of, share_of_high

LATER = date(2030, 1, 1)


def counts(total: int, high: int = 0) -> Counts:
    return Counts(total=total, high=high, low=total - high)


def test_a_week_has_a_bucket_for_each_day_also_for_those_without_commits() -> None:
    week = parse_span("2026-W03")
    found = buckets_of(week, {week.first: counts(3, 1)}, LATER)
    assert [bucket.counts.total for bucket in found] == [3, 0, 0, 0, 0, 0, 0]
    assert all(bucket.first == bucket.last for bucket in found)
    assert Trend(buckets=found).counts == counts(3, 1)


def test_a_long_range_is_told_by_week_and_its_ends_are_cut_off() -> None:
    span = Span(date(2026, 1, 1), date(2026, 3, 1))
    days = {span.first + timedelta(days=number): counts(1) for number in range(len(span))}
    found = buckets_of(span, days, LATER)
    assert [str(found[at].first) for at in (0, 1, -1)] == ["2026-01-01", "2026-01-05", "2026-02-23"]
    assert found[-1].last == span.last
    assert [found[at].counts.total for at in (0, 1, -1)] == [4, 7, 7]
    assert sum(bucket.counts.total for bucket in found) == len(span)


def test_a_year_has_at_most_54_buckets() -> None:
    for year in range(2000, 2030):
        assert len(buckets_of(Span(date(year, 1, 1), date(year, 12, 31)), {}, LATER)) in {53, 54}


@pytest.mark.parametrize("today", [date(2026, 1, 14), date(2026, 1, 18)])
def test_days_to_come_are_left_out(today: date) -> None:
    assert buckets_of(parse_span("2026-W03"), {}, today)[-1].last == today


def test_the_share_of_high_is_of_what_was_judged() -> None:
    assert share_of_high(Counts(total=5, high=1, low=3)) == 0.25
    assert share_of_high(Counts(total=5)) is None
    assert share_of_high(Counts()) is None
