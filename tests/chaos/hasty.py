"""`pushdigest worker` and `clock` as the product runs them, with seconds where its pauses are minutes.

python -m chaos.hasty worker
"""

import sys
from dataclasses import replace
from datetime import timedelta

from analysis import log
from analysis.backoff import Backoff
from analysis.settings import load_settings
from workers import clock, shift
from workers.pauses import Pauses
from workers.workshop import open_workshop


def _backoff(first: float, longest: float) -> Backoff:
    return Backoff(first=timedelta(seconds=first), longest=timedelta(seconds=longest))


ROLES = {"worker": shift.serve, "clock": clock.serve}
HASTY = Pauses(
    tick=timedelta(seconds=0.5),
    reading=timedelta(seconds=20),
    turn=timedelta(seconds=2),
    last_turn=timedelta(seconds=5),
    next_turn=timedelta(seconds=2),
    room=timedelta(seconds=3),
    recording=timedelta(seconds=6),
    after_failure=_backoff(0.3, 1),
    after_death=_backoff(1, 4),
    of_model=_backoff(0.2, 1),
    walking=timedelta(seconds=15),
    after_remote=timedelta(seconds=2),
    closing=timedelta(seconds=15),
    highlights=_backoff(1, 2),
)


def main() -> None:
    """Play a role until SIGTERM."""
    settings = load_settings()
    log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
    with open_workshop(settings) as shop:
        ROLES[sys.argv[1]](replace(shop, pauses=HASTY))


if __name__ == "__main__":
    main()
