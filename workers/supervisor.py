"""Everything on one machine under one supervisor: web, worker, clock, and the embedded server if ours."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from types import FrameType

import structlog

from workers.embedded import EmbeddedServer, ServerUnavailable

GRACE_SECONDS = 20.0
"""How long a process may take to finish what it does."""
LOOK_SECONDS = 0.5
RESTART_SECONDS = 2.0
"""The least time between two starts of one process."""

log = structlog.get_logger(__name__)


class Supervisor:
    """Starts processes, starts those anew that end, and stops them all."""

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        environment: Mapping[str, str],
        embedded: EmbeddedServer | None = None,
    ) -> None:
        self.commands = commands
        self.environment = {**os.environ, **environment}
        self.embedded = embedded
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopped = threading.Event()

    def start(self) -> None:
        """Start every process, and let SIGINT and SIGTERM end `watch`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._leave)
        for name in self.commands:
            self._spawn(name)

    def watch(self, seconds: float | None = None) -> bool:
        """Keep everything running, for so many seconds or until stopped; returns whether it is to go on."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not self.stopped.is_set() and (deadline is None or time.monotonic() < deadline):
            self._look()
            self.stopped.wait(LOOK_SECONDS)
        return not self.stopped.is_set()

    def stop(self) -> None:
        """Stop every process: politely, then for good."""
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _look(self) -> None:
        self._revive_server()
        for name, process in self.processes.items():
            if process.poll() is not None and time.monotonic() - self.started[name] > RESTART_SECONDS:
                log.warning("a process ended; it is started again", process=name, status=process.returncode)
                self._spawn(name)

    def _revive_server(self) -> None:
        if self.embedded is not None and self.embedded.died():
            log.warning("the embedded server ended; it is started again")
            try:
                self.embedded.start()
            except ServerUnavailable as error:
                log.error("the embedded server does not start", reason=str(error))  # noqa: TRY400 - one line

    def _spawn(self, name: str) -> None:
        self.started[name] = time.monotonic()
        self.processes[name] = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, "-m", "workers", *self.commands[name]],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _leave(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stopped.set()
