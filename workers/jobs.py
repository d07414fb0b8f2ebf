"""The jobs that workers run: each rebuilds its argument, calls the domain and records the result.

Their dotted names are written into Redis (`workers.queue` holds them), so a renamed job needs an alias here.
"""

from datetime import UTC, date, datetime, timedelta

import structlog

from workers.attempt import READ_PATIENCE, Attempt
from workers.closing import CLOSING_PATIENCE, close
from workers.remote import RemoteUnavailable
from workers.retention import RETENTION_PATIENCE, drop_days
from workers.walk import walk
from workers.workshop import NotFollowed, Workshop, workshop

WALK_PATIENCE = timedelta(minutes=20)
"""After which a walk that was not finished is repeated."""
LAST_LOOK = timedelta(days=1)
"""How long after its end a day may still get commits from a walk; later ones land on later days."""
WALK_AGAIN = timedelta(minutes=5)
"""The pause after a remote could not be reached, if the repository is not polled more often."""

log = structlog.get_logger(__name__)


def analyze_commit(repository: str, sha: str) -> None:
    """Analyse one commit, unless it is settled, leased or not due."""
    shop, now = workshop(), datetime.now(UTC)
    lease = shop.leases.claim(repository, sha, now=now, until=now + READ_PATIENCE)
    if lease is not None:
        Attempt(shop, lease).run()


def record_landed(repository: str) -> None:
    """Walk a repository's history, if that is due."""
    shop, now = workshop(), datetime.now(UTC)
    if not shop.agenda.take_walk(repository, now, now + WALK_PATIENCE):
        return
    try:
        followed = shop.repository(repository)
    except NotFollowed:
        shop.agenda.drop_walk(repository)
        return
    try:
        walk(shop, followed, now)
        pause = followed.poll
    except RemoteUnavailable as error:
        log.warning("history not fetched", repository=repository, reason=str(error))
        pause = min(followed.poll, WALK_AGAIN)
    shop.agenda.finish_walk(repository, now + WALK_PATIENCE, datetime.now(UTC) + pause)


def close_day(repository: str, day: str) -> None:
    """Close a day, if that is due, after a last look at the history."""
    shop, now = workshop(), datetime.now(UTC)
    if not shop.agenda.take_closing(repository, date.fromisoformat(day), now, now + CLOSING_PATIENCE):
        return
    if now - shop.settings.calendar.closes_at(date.fromisoformat(day)) < LAST_LOOK:
        _look_once_more(shop, repository, now)
    close(shop, repository, date.fromisoformat(day), datetime.now(UTC))


def drop_old_days(repository: str) -> None:
    """Drop the days of a repository that are not kept any longer, if that is due."""
    shop, now = workshop(), datetime.now(UTC)
    if shop.agenda.take_retention(repository, now, now + RETENTION_PATIENCE):
        drop_days(shop, repository, now)


def _look_once_more(shop: Workshop, repository: str, now: datetime) -> None:
    try:
        walk(shop, shop.repository(repository), now)
    except (RemoteUnavailable, NotFollowed) as error:
        log.warning("day closed without a last look at the history", repository=repository, reason=str(error))
