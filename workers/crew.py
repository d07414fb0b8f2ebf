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
from types import FrameType
from typing import NoReturn

import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from analysis.storage.outage import outage_of
from analysis.storage.remark import Remark
from analysis.storage.store import connect
from workers.hand import HEARTBEAT_SECONDS, RQ_MARGIN, Hand, is_no_outage
from workers.queue import NAME
from workers.vigil import Vigil

MAINTENANCE_SECONDS = 60
"""How often RQ clears away what dead workers have left."""
LEAST_LIFE_SECONDS = 5.0
"""A worker that lived shorter is not replaced at once."""
LOOK_SECONDS = 1.0
"""How often it is looked whether a server that was away is back."""
AWAY = os.EX_TEMPFAIL
"""The exit status of a worker that has lost Redis."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


def work(redis_url: str) -> None:
    """Be one worker, until SIGTERM: the job under way is finished first.

    A server that is away is asked again for two seconds; then the worker ends, and the crew waits for it.
    """
    if not logging.getLogger().isEnabledFor(logging.DEBUG):
        logging.getLogger("rq.worker").setLevel(logging.WARNING)  # five lines a job; ours say what they did
        logging.getLogger("rq.worker").addFilter(is_no_outage)
    connection = connect(redis_url, text=False)
    worker = Hand(
        [Queue(NAME, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        job_monitoring_interval=HEARTBEAT_SECONDS,
        worker_ttl=HEARTBEAT_SECONDS + RQ_MARGIN,
        maintenance_interval=MAINTENANCE_SECONDS,
        log_job_description=False,
    )
    worker.work()


class Crew:
    """A number of forked workers; one that dies is replaced, as soon as there is a server to work with."""

    def __init__(self, count: int, work: Callable[[], None], outage: Callable[[], Remark | None]) -> None:
        """Take how many there are to be, what each does, and what tells why none could work now."""
        self.count = count
        self.work = work
        self.outage = outage
        self.vigil = Vigil("workers")
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
            if self._fill():
                self._bury()
            else:
                time.sleep(LOOK_SECONDS)
                while self._bury(os.WNOHANG):
                    pass

    def _fill(self) -> bool:
        """Add the workers that are missing; False while there is no server for them."""
        while not self.stopping and len(self.born) < self.count:
            if self.vigil.keep(self.outage()):
                return False
            self._fork()
        return True

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
        """SIGINT stays blocked: Ctrl-C reaches all of us at once, and twice means to give a job up."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        status = 1
        try:
            self.work()
            status = 0
        except RedisError as error:
            status, lost = AWAY, outage_of(error)
            (log.debug if lost.mend else log.warning)("a worker has lost Redis", reason=lost.what)
        except SystemExit as leaving:
            status = leaving.code if isinstance(leaving.code, int) else 1
        except Exception:
            log.exception("a worker failed in a way we did not foresee")
        finally:
            os._exit(status)

    def _bury(self, options: int = 0) -> bool:
        """Wait until a worker has ended, or with WNOHANG look; returns whether one has."""
        try:
            pid, status = os.waitpid(-1, options)
        except ChildProcessError:
            self.born.clear()
            return False
        if not pid:
            return False
        lived = time.monotonic() - self.born.pop(pid, 0.0)
        if not self.stopping:
            if os.waitstatus_to_exitcode(status) != AWAY:
                log.info("a worker ended; another takes its place", pid=pid)
            time.sleep(max(0.0, min(1.0, LEAST_LIFE_SECONDS - lived)))
        return True
