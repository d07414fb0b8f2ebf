"""The workers of one machine: a parent that has loaded litellm once, and forks.

Each worker is an RQ worker of its own that forks again for every job; all share the memory of the parent.
"""

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FrameType
from typing import NoReturn

import structlog
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from analysis.storage.store import PATIENCE, connect
from workers.queue import NAME

HEARTBEAT_SECONDS = 15
"""How often a worker tells that its job still runs."""
WORKER_SECONDS = 60
"""After which a worker that says nothing counts as dead."""
LEAST_LIFE_SECONDS = 5.0
"""A worker that lived shorter is not replaced at once."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


def work(redis_url: str, patience: timedelta = PATIENCE) -> None:
    """Be one worker, until SIGTERM: the job under way is finished first.

    Args:
        redis_url: where the queue is.
        patience: how long a server that is away is asked again; an idle worker waits for it however long.
    """
    if not logging.getLogger().isEnabledFor(logging.DEBUG):
        logging.getLogger("rq.worker").setLevel(logging.WARNING)  # five lines a job; ours say what they did
    connection = connect(redis_url, text=False, patience=patience)
    worker = Worker(
        [Queue(NAME, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        job_monitoring_interval=HEARTBEAT_SECONDS,
        worker_ttl=WORKER_SECONDS,
        maintenance_interval=WORKER_SECONDS,
        log_job_description=False,
    )
    worker.work()


class Crew:
    """A number of forked workers; one that dies is replaced."""

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        self.count = count
        self.work = work
        self.born: dict[int, float] = {}
        self.stopping = False

    def run(self) -> None:
        """Keep the workers running until SIGTERM or SIGINT, then let each finish its job.

        What is loaded by now is frozen: a garbage collection in a fork would copy all of it.
        """
        gc.collect()
        gc.freeze()
        for number in SIGNALS:
            signal.signal(number, self._stop)
        while not self.stopping or self.born:
            while not self.stopping and len(self.born) < self.count:
                self._fork()
            self._wait()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stopping = True
        for pid in self.born:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def _fork(self) -> None:
        """Add a worker. Signals are held back meanwhile, so that none that asks to stop misses it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        if not self.stopping:
            pid = os.fork()
            if pid == 0:
                self._be_worker()
            self.born[pid] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _be_worker(self) -> NoReturn:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        status = 1
        try:
            self.work()
            status = 0
        except RedisError as error:
            log.warning("Redis is away; a worker starts anew", reason=str(error))
        except SystemExit as leaving:
            status = leaving.code if isinstance(leaving.code, int) else 1
        except Exception:
            log.exception("a worker failed in a way we did not foresee")
        finally:
            os._exit(status)

    def _wait(self) -> None:
        try:
            pid, _ = os.wait()
        except InterruptedError:
            return
        except ChildProcessError:
            self.born.clear()
            return
        lived = time.monotonic() - self.born.pop(pid, 0.0)
        if not self.stopping:
            log.info("a worker ended; another takes its place", pid=pid)
            time.sleep(max(0.0, min(1.0, LEAST_LIFE_SECONDS - lived)))
