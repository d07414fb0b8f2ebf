"""Waiting without sleeping for luck: asked again and again, up to a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 60.0
"""Seconds until something that is to happen counts as not happening."""

Result = TypeVar("Result")


def until(found: Callable[[], Result], *, seconds: float = PATIENCE, what: str = "it") -> Result:
    """The first result that is true, asked for again and again until the deadline."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, f"{what} did not happen in {seconds:g} s"
        time.sleep(0.05)
    return result
