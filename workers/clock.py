"""The clock: at each tick whatever is due is planned and enqueued.

Any number of clocks may run: one ticks at a time, and every plan is kept in the ledger, so a tick that was
missed is made up by the next one.
"""

import signal
import threading
from datetime import datetime

from redis.exceptions import RedisError

from analysis.storage.outage import outage_of
from analysis.storage.waitlist import BUDGET
from workers.dispatch import dispatch
from workers.vigil import Vigil
from workers.workshop import Workshop

TICKING_SECONDS = 30.0
"""After which a clock that says nothing counts as stopped."""
BUDGET_SECONDS = 60.0
"""How often it is looked whether what waits for the budget need not wait any longer."""


def tick(workshop: Workshop, now: datetime) -> int:
    """Plan walks, enquiries and closings, and enqueue what is due; returns how many jobs that were."""
    settings = workshop.settings
    followed = [repository.name for repository in settings.followed]
    workshop.agenda.follow(followed, now)
    if settings.github_token:
        on_github = [repository.name for repository in settings.followed if workshop.on_github(repository)]
        workshop.agenda.plan_enquiries(on_github, now)
    workshop.agenda.plan_closings(followed, settings.calendar.day_of(now))
    if settings.keep_days:
        workshop.agenda.plan_retention(workshop.ledger.repositories(), now)
    _resume(workshop, now)
    return dispatch(workshop.leases, workshop.agenda, workshop.queue, now)


def _resume(workshop: Workshop, now: datetime) -> None:
    """The budget was raised, or a new day has begun: what waited for it is due."""
    if workshop.agenda.lock("budget", BUDGET_SECONDS) and not workshop.purse.empty(now):
        workshop.waitlist.release(BUDGET)


def until_asked_to_stop() -> threading.Event:
    """What is set by SIGINT or SIGTERM from now on."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def serve(workshop: Workshop) -> None:
    """Tick until SIGINT or SIGTERM."""
    run_clock(workshop, until_asked_to_stop())


def run_clock(workshop: Workshop, stopped: threading.Event) -> None:
    """Tick until stopped; while Redis is away, wait for it."""
    seconds, vigil = workshop.pauses.tick.total_seconds(), Vigil("clock")
    while not stopped.is_set():
        try:
            workshop.witness.look(workshop.now())
            if workshop.agenda.lock("tick", seconds * 0.9):
                tick(workshop, workshop.now())
                workshop.agenda.ticked(TICKING_SECONDS)
            vigil.keep(None)
        except RedisError as error:
            vigil.keep(outage_of(error))
        stopped.wait(seconds)
