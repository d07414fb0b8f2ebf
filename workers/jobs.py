"""The jobs that workers run: each rebuilds its argument, calls the domain and records the result.

Their dotted names are written into Redis (`workers.queue` holds them), so a renamed job needs an alias here.
"""

from datetime import UTC, date, datetime, timedelta

import structlog

from workers.attempt import READ_PATIENCE, Attempt
from workers.closing import CLOSING_PATIENCE, close
from workers.redeliveries import enquire
from workers.remote import RemoteMoved, RemoteUnavailable
from workers.walk import walk
from workers.workshop import NotFollowed, Workshop, workshop

WALK_PATIENCE = timedelta(minutes=20)
"""After which a walk that was not finished is repeated."""
ENQUIRY_PATIENCE = timedelta(minutes=20)
"""After which an enquiry that was not finished is repeated."""
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
        if isinstance(error, RemoteMoved):
            shop.agenda.enquire_now(repository)
    shop.agenda.finish_walk(repository, now + WALK_PATIENCE, datetime.now(UTC) + pause)


def ask_for_deliveries(repository: str) -> None:
    """Have GitHub make deliveries again that failed, if it is time to ask."""
    shop, now = workshop(), datetime.now(UTC)
    if not shop.agenda.take_enquiry(repository, now, now + ENQUIRY_PATIENCE):
        return
    followed = shop.settings.repository(repository)
    if followed is None:
        shop.agenda.drop_enquiry(repository)
    else:
        following = enquire(shop, followed, now)
        shop.agenda.finish_enquiry(repository, now + ENQUIRY_PATIENCE, following)


def close_day(repository: str, day: str) -> None:
    """Close a day, if that is due, after a last look at the history."""
    shop, now = workshop(), datetime.now(UTC)
    if not shop.agenda.take_closing(repository, date.fromisoformat(day), now, now + CLOSING_PATIENCE):
        return
    if now - shop.settings.calendar.closes_at(date.fromisoformat(day)) < LAST_LOOK:
        _look_once_more(shop, repository, now)
    close(shop, repository, date.fromisoformat(day), datetime.now(UTC))


def _look_once_more(shop: Workshop, repository: str, now: datetime) -> None:
    try:
        walk(shop, shop.repository(repository), now)
    except (RemoteUnavailable, NotFollowed) as error:
        log.warning("day closed without a last look at the history", repository=repository, reason=str(error))
