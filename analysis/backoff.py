"""How long to wait before the next attempt: exponential to a cap, with jitter. Pure."""

from dataclasses import dataclass
from datetime import timedelta

MOST_DOUBLINGS = 20


@dataclass(frozen=True)
class Backoff:
    """Pauses that double with each failure in a row."""

    first: timedelta
    """The whole of what is due after the first failure."""
    longest: timedelta

    def pause(self, failures: int, jitter: float) -> timedelta:
        """The pause after a number of failures in a row.

        Args:
            failures: 1 after the first one.
            jitter: a random number from 0 to 1; the pause is between half and the whole of what is due, so
                that commits which failed together do not come back together.
        """
        doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
        whole: timedelta = min(self.longest, self.first * 2**doublings)
        return whole * (0.5 + jitter / 2)
