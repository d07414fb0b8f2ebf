"""`python -m workers.reaper`: ends what a supervisor has started, should that be killed and leave it behind.

It reads a line from the supervisor for each process: a name, and the id of its session. At the end of its
input there is no supervisor any more.
"""

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress


def end_what_is_left(lines: Iterable[str]) -> None:
    """Wait for the last line, then end the newest process of each name with whatever it has forked."""
    newest = dict(line.split() for line in lines)
    for session in newest.values():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(int(session), signal.SIGTERM)


if __name__ == "__main__":
    end_what_is_left(sys.stdin)
