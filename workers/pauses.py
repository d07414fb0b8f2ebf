"""How long things may take before they count as given up, and how long is waited before they are tried again.

One value: whoever composes a worker may give it another, so that a rehearsal of a day of failures takes
minutes. What is written here is what the product does.
"""

from dataclasses import dataclass
from datetime import timedelta

from analysis.backoff import Backoff
from analysis.storage import breaker, leases
from analysis.storage.throttle import WINDOW
from workers.patches import ReadLimits

AFTER_FAILURE = Backoff(first=timedelta(minutes=1), longest=timedelta(hours=6))
HIGHLIGHTS = Backoff(first=timedelta(minutes=15), longest=timedelta(hours=6))

ROOM = timedelta(seconds=10)


@dataclass(frozen=True)
class Pauses:
    """The terms on which jobs work, and the clock."""

    tick: timedelta = timedelta(seconds=2)
    """Between two looks of the clock at what is due."""
    reading: timedelta = timedelta(seconds=ReadLimits().seconds + 30)
    """How long a lease lasts while a commit is read from git."""
    turn: timedelta = timedelta(seconds=20)
    """How long a worker waits for its turn at a model while there is another one to ask."""
    last_turn: timedelta = WINDOW + ROOM
    """How long at the last one: longer than a minute that is full. Then the commit waits instead."""
    next_turn: timedelta = timedelta(seconds=15)
    """Until a commit comes back that had no turn, at most; at least a third of it."""
    room: timedelta = ROOM
    """Beyond a model's own deadline, before another may take the place of a call or try a failing model."""
    recording: timedelta = timedelta(seconds=30)
    """Beyond a call's turn and its deadline: what came of it is kept by then, even if Redis was away."""
    after_failure: Backoff = AFTER_FAILURE
    """Of a commit whose attempt met an obstacle."""
    after_death: Backoff = leases.AFTER_DEATH
    """Of a commit whose holder died."""
    of_model: Backoff = breaker.PAUSE
    """Of a model that failed."""
    walking: timedelta = timedelta(minutes=20)
    """After which a walk that was not finished is repeated."""
    after_remote: timedelta = timedelta(minutes=5)
    """Of a walk whose remote could not be reached, if the repository is not polled more often."""
    enquiring: timedelta = timedelta(minutes=20)
    """After which an enquiry for failed deliveries that was not finished is repeated."""
    dropping: timedelta = timedelta(minutes=20)
    """After which a dropping of old days that was not finished is repeated."""
    closing: timedelta = timedelta(minutes=20)
    """After which a closing that was not finished is repeated."""
    highlights: Backoff = HIGHLIGHTS
    """Between attempts to have a model tell of a day that is complete."""


PAUSES = Pauses()
"""The product's."""
