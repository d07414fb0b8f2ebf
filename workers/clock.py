"""The clock: at each tick whatever is due is planned and enqueued.

Any number of clocks may run: one ticks at a time, and every plan is kept in the ledger, so a tick that was
missed is made up by the next one.
"""

import threading
from datetime import UTC, datetime

import structlog
from redis.exceptions import RedisError

from analysis.storage.waitlist import BUDGET
from workers.dispatch import dispatch
from workers.workshop import Workshop

TICK_SECONDS = 2.0
TICKING_SECONDS = 30.0
"""After which a clock that says nothing counts as stopped."""
BUDGET_SECONDS = 60.0
"""How often it is looked whether what waits for the budget need not wait any longer."""

log = structlog.get_logger(__name__)


def tick(workshop: Workshop, now: datetime) -> int:
    """Plan today's walks and closings, and enqueue what is due; returns how many jobs that were."""
    followed = [repository.name for repository in workshop.settings.followed]
    workshop.agenda.follow(followed, now)
    workshop.agenda.plan_closings(followed, workshop.settings.calendar.day_of(now))
    if workshop.settings.keep_days:
        workshop.agenda.plan_retention(workshop.ledger.repositories(), now)
    _resume(workshop, now)
    return dispatch(workshop.leases, workshop.agenda, workshop.queue, now)


def _resume(workshop: Workshop, now: datetime) -> None:
    """The budget was raised, or a new day has begun: what waited for it is due."""
    if workshop.agenda.lock("budget", BUDGET_SECONDS) and not workshop.purse.empty(now):
        workshop.waitlist.release(BUDGET, now)


def run_clock(workshop: Workshop, stopped: threading.Event, *, seconds: float = TICK_SECONDS) -> None:
    """Tick until stopped; while Redis is away, wait for it."""
    away = False
    while not stopped.is_set():
        try:
            if workshop.agenda.lock("tick", seconds * 0.9):
                tick(workshop, datetime.now(UTC))
                workshop.agenda.ticked(TICKING_SECONDS)
            away = False
        except RedisError as error:
            if not away:
                log.warning("Redis is away; the clock waits", reason=str(error))
            away = True
        stopped.wait(seconds)
