"""Waiting for what other processes do: look again until it is so, or fail at a deadline."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")
DEADLINE_SECONDS = 30.0


def eventually(look: Callable[[], Found], what: str) -> Found:
    """The first answer that is true in a boolean sense."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"in {DEADLINE_SECONDS:.0f} s: no {what}"
        time.sleep(0.02)
    return found


def gone(pid: int) -> bool:
    """Whether a process has ended, be it that nobody has asked for its status yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
