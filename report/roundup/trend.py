"""How much landed in the course of a range, and how much of it mattered; pure numbers."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from operator import add

from analysis.models import Frozen
from report.digest import Counts
from report.roundup.areas import Area
from report.roundup.span import Span, week_of

BY_DAY = 31
"""Days of a range up to which each has its own bar; longer ones are told by week."""


class Bucket(Frozen):
    """A day or a week, cut off where the range is."""

    first: date
    last: date
    counts: Counts = Counts()


class Before(Frozen):
    """The range before, up to as many days as have come of this one."""

    first: date
    last: date
    counts: Counts


class Trend(Frozen):
    """One repository in the course of a range."""

    buckets: tuple[Bucket, ...] = ()
    areas: tuple[Area, ...] = ()
    before: Before | None = None
    """None when nothing is known of it."""

    @property
    def counts(self) -> Counts:
        """Of the whole range."""
        return reduce(add, (bucket.counts for bucket in self.buckets), Counts())


def buckets_of(span: Span, days: Mapping[date, Counts], today: date) -> tuple[Bucket, ...]:
    """The range by day, or by week when it is long; days that have not come are left out."""
    last = min(span.last, today)
    every = [(day, days.get(day, Counts())) for day in _days(span.first, last)]
    if len(span) <= BY_DAY:
        return tuple(Bucket(first=day, last=day, counts=counts) for day, counts in every)
    found: dict[Span, Counts] = {}
    for day, counts in every:
        week = week_of(day)
        found[week] = found.get(week, Counts()) + counts
    return tuple(
        Bucket(first=max(week.first, span.first), last=min(week.last, last), counts=landed)
        for week, landed in found.items()
    )


def share_of_high(counts: Counts) -> float | None:
    """Of the commits that have an analysis, from 0 to 1; None without any."""
    judged = counts.total - counts.unread
    return counts.high / judged if judged else None


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
