"""How long to wait before the next attempt: exponential to a cap, with jitter. Pure."""

from datetime import timedelta

MOST_DOUBLINGS = 20


def pause(failures: int, jitter: float, *, first: timedelta, longest: timedelta) -> timedelta:
    """The pause after a number of failures in a row.

    Args:
        failures: 1 after the first one.
        jitter: a random number from 0 to 1; the pause is between half and the whole of what is due, so that
            commits which failed together do not come back together.
        first: the whole of what is due after the first failure; doubled with each further one.
        longest: the longest pause there is.
    """
    doublings = min(max(failures - 1, 0), MOST_DOUBLINGS)
    whole: timedelta = min(longest, first * 2**doublings)
    return whole * (0.5 + jitter / 2)
