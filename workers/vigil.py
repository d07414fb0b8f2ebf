"""An outage of Redis in the log: a line when it begins, a line when it is over, and nothing in between."""

import time

import structlog

from analysis.storage.remark import Remark

log = structlog.get_logger(__name__)


class Vigil:
    """Whoever waits for Redis to come back."""

    def __init__(self, who: str) -> None:
        """Take who waits, for the log."""
        self.who = who
        self.outage: Remark | None = None
        self.since = 0.0

    def keep(self, outage: Remark | None) -> bool:
        """Take what was found now, None when all is well; returns whether it is to be waited."""
        if outage is None:
            self._over()
        elif self.outage is None or outage.what != self.outage.what:
            self.since = self.since if self.outage else time.monotonic()
            log.warning("waiting for Redis", who=self.who, reason=str(outage))
        self.outage = outage
        return outage is not None

    def _over(self) -> None:
        if self.outage is not None:
            seconds = round(time.monotonic() - self.since)
            log.info("Redis is back", who=self.who, after_seconds=seconds)
