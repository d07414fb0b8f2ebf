"""How soon something that ended is started again: later each time it has lived only briefly."""

import time


class Pace:
    """The starts of one process; seconds of the monotonic clock."""

    def __init__(self, first: float, longest: float) -> None:
        """Take the least time between two starts and the most; who lives longer than that begins afresh."""
        self.first = first
        self.longest = longest
        self.pause = first
        self.began: float | None = None

    def begin(self) -> None:
        """It is started now."""
        now = time.monotonic()
        if self.began is not None:
            soon = now - self.began < self.pause + self.longest
            self.pause = min(self.longest, 2 * self.pause) if soon else self.first
        self.began = now

    def may_begin(self) -> bool:
        """Whether it may be started again."""
        return self.began is None or time.monotonic() - self.began >= self.pause
