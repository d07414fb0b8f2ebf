"""One worker of RQ's, as we need it when it is to stop, or its server goes away or comes back empty."""

import logging
import signal
import sys
from contextlib import suppress

from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.worker_registration import register

from analysis.storage.outage import outage_of

HEARTBEAT_SECONDS = 15
"""How often a worker tells that it is alive, with a job and without."""
RQ_MARGIN = 15
"""Seconds by which RQ has a worker wait shorter for a job than its `worker_ttl`."""
ALIVE_SECONDS = 40
"""After which a worker that says nothing counts as dead: it may miss one heartbeat."""


class Hand(Worker):
    """Ends when it has lost its server, so that the crew waits for it once for all.

    RQ's own would try again for itself, longer and longer, and say so every time.
    """

    def subscribe(self) -> None:
        """Listen for commands, in a thread that takes no signal: who waits for a job would not wake."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        try:
            super().subscribe()  # type: ignore[no-untyped-call]  # RQ gives it no types
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Tell that it is alive and, to a server that came back empty, that it is there at all.

        RQ would have a dead one count for two minutes; whatever it asks for, it is `ALIVE_SECONDS`.

        Raises:
            StopRequested: the server is away and no job under way.
        """
        del timeout
        try:
            super().heartbeat(ALIVE_SECONDS, pipeline)
            register(self, pipeline)
        except RedisError:
            if not self.horse_pid:
                raise StopRequested from None

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Tell that its job still runs; that goes on without a server, which may be back in time."""
        with suppress(RedisError):
            super().maintain_heartbeats(job, execution)


def is_no_outage(_record: logging.LogRecord) -> bool:
    """A filter for RQ's log lines: an outage is told by the crew."""
    error = sys.exc_info()[1]
    return not (isinstance(error, RedisError) and outage_of(error).mend)
