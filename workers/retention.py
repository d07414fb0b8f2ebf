"""KEEP_DAYS: once a day, in small steps, the days that are older are dropped with all that is on them."""

from datetime import date, datetime, timedelta

import structlog

from analysis.storage.removal import Removal, Removed
from workers.workshop import Workshop

AFTER_CLOSING = timedelta(hours=1)
"""When the day has been closed that is over, the next old one goes."""

log = structlog.get_logger(__name__)


class DayNotKept(Exception):
    """A day that would be dropped at once; the message is one line."""


def first_kept(workshop: Workshop, today: date) -> date | None:
    """The oldest day that is kept; None when all are."""
    keep = workshop.settings.keep_days
    return today - timedelta(days=keep) if keep else None


def drop_days(workshop: Workshop, repository: str, now: datetime) -> Removed:
    """Drop a repository's old days, oldest first, and plan the next time; returns what that was."""
    today = workshop.settings.calendar.day_of(now)
    first = first_kept(workshop, today)
    if first is None:
        workshop.agenda.end_retention(repository)
        return Removed()
    removal, removed = Removal(workshop.ledger), Removed()
    for day in reversed(workshop.ledger.days(repository)):
        if day < first:
            removed += removal.drop_day(repository, day, remember=True)
    if removed.days:
        workshop.relations.directory.sweep(repository)
        log.info("old days dropped", repository=repository, days=removed.days, commits=removed.commits)
    workshop.agenda.finish_retention(repository, workshop.settings.calendar.closes_at(today) + AFTER_CLOSING)
    return removed
