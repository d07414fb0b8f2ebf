"""The jobs that workers run: each rebuilds its argument, calls the domain and records the result.

Their dotted names are written into Redis (`workers.queue` holds them), so a renamed job needs an alias here.
A worker's jobs share its workshop; whoever runs one otherwise brings another.
"""

from datetime import date, datetime, timedelta

import structlog

from workers.attempt import Attempt
from workers.closing import close
from workers.redeliveries import enquire
from workers.remote import RemoteMoved, RemoteUnavailable
from workers.retention import drop_days
from workers.walk import walk
from workers.workshop import NotFollowed, Workshop, workshop

LAST_LOOK = timedelta(days=1)
"""How long after its end a day may still get commits from a walk; later ones land on later days."""

log = structlog.get_logger(__name__)


def analyze_commit(repository: str, sha: str) -> None:
    """Analyse one commit, unless it is settled, leased or not due."""
    shop = workshop()
    now = shop.now()
    lease = shop.leases.claim(repository, sha, now=now, until=now + shop.pauses.reading)
    if lease is not None:
        Attempt(shop, lease).run()


def record_landed(repository: str) -> None:
    """Walk a repository's history, if that is due."""
    shop = workshop()
    now = shop.now()
    until = now + shop.pauses.walking
    if not shop.agenda.take_walk(repository, now, until):
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
        pause = min(followed.poll, shop.pauses.after_remote)
        if isinstance(error, RemoteMoved):
            shop.agenda.enquire_now(repository)
    shop.agenda.finish_walk(repository, until, shop.now() + pause)


def ask_for_deliveries(repository: str) -> None:
    """Have GitHub make deliveries again that failed, if it is time to ask."""
    shop = workshop()
    now = shop.now()
    until = now + shop.pauses.enquiring
    if not shop.agenda.take_enquiry(repository, now, until):
        return
    followed = shop.settings.repository(repository)
    if followed is None:
        shop.agenda.drop_enquiry(repository)
    else:
        following = enquire(shop, followed, now)
        shop.agenda.finish_enquiry(repository, until, following)


def close_day(repository: str, day: str) -> None:
    """Close a day, if that is due, after a last look at the history."""
    shop = workshop()
    now = shop.now()
    if not shop.agenda.take_closing(repository, date.fromisoformat(day), now, now + shop.pauses.closing):
        return
    if now - shop.settings.calendar.closes_at(date.fromisoformat(day)) < LAST_LOOK:
        _look_once_more(shop, repository, now)
    close(shop, repository, date.fromisoformat(day), shop.now())


def drop_old_days(repository: str) -> None:
    """Drop the days of a repository that are not kept any longer, if that is due."""
    shop = workshop()
    now = shop.now()
    if shop.agenda.take_retention(repository, now, now + shop.pauses.dropping):
        drop_days(shop, repository, now)


def _look_once_more(shop: Workshop, repository: str, now: datetime) -> None:
    try:
        walk(shop, shop.repository(repository), now)
    except (RemoteUnavailable, NotFollowed) as error:
        log.warning("day closed without a last look at the history", repository=repository, reason=str(error))
