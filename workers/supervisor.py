"""Everything on one machine under one supervisor: web, worker, clock, and the embedded server if ours."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

import structlog

from workers.embedded import EmbeddedServer, ServerUnavailable
from workers.pace import Pace

GRACE_SECONDS = 20.0
"""How long a process may take to finish what it does."""
HASTE_SECONDS = 5.0
"""How long it may take once it was asked again; a worker then gives up its job."""
LOOK_SECONDS = 0.5
RESTART_SECONDS, LONGEST_RESTART_SECONDS = 2.0, 60.0
"""The least time between two starts of one process, doubled each time it has ended soon, to a cap."""

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
        self.reaper: subprocess.Popen[bytes] | None = None
        """Ends all of them should we be killed."""
        self.paces = {name: _pace() for name in commands}
        self.server_pace = _pace()
        self.server_down = ""
        """Why the server does not start, as was said already."""
        self.stopped = threading.Event()

    def start(self) -> None:
        """Start every process, and let SIGINT and SIGTERM end `watch`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._leave)
        if self.embedded is not None:
            _say_if_full(self.embedded)
        self.reaper = self._begin([sys.executable, "-m", "workers.reaper"], subprocess.PIPE)
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
        """Stop every process: politely, then urgently, then for good with whatever it has forked."""
        for seconds in (GRACE_SECONDS, HASTE_SECONDS):
            self._terminate(seconds)
        for process in self.processes.values():
            _signal_group(process, signal.SIGKILL)
            process.wait()
        if self.reaper is not None:
            self.reaper.kill()
            self.reaper.communicate()

    def _terminate(self, seconds: float) -> None:
        running = [process for process in self.processes.values() if process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + seconds
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))

    def _look(self) -> None:
        if self.embedded is not None:
            self._look_after(self.embedded)
        for name, process in self.processes.items():
            if process.poll() is not None and self.paces[name].may_begin():
                log.warning("a process ended; it is started again", process=name, status=process.returncode)
                _signal_group(process, signal.SIGTERM)
                self._spawn(name)

    def _look_after(self, server: EmbeddedServer) -> None:
        if server.died() and self.server_pace.may_begin():
            self.server_pace.begin()
            self._revive(server)
        elif server.full and server.recovered():
            log.info("the disk has room again: what lands is recorded", folder=str(server.folder))

    def _revive(self, server: EmbeddedServer) -> None:
        """Start the server again, and say once why that cannot be."""
        try:
            server.start()
        except ServerUnavailable as error:
            reason = str(error)
            if reason != self.server_down:
                log.error("the embedded server ended and does not start", reason=reason)  # noqa: TRY400 - one line
            self.server_down = reason
        else:
            self.server_down = ""
            log.warning("the embedded server ended; it was started again")
            _say_if_full(server)

    def _spawn(self, name: str) -> None:
        self.paces[name].begin()
        process = self.processes[name] = self._begin(self.commands[name], subprocess.DEVNULL)
        if self.reaper is not None and self.reaper.stdin is not None:
            with suppress(BrokenPipeError):  # somebody has killed it
                self.reaper.stdin.write(f"{name} {process.pid}\n".encode())
                self.reaper.stdin.flush()

    def _begin(self, command: Sequence[str], stdin: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command, env=self.environment, stdin=stdin, start_new_session=True
        )

    def _leave(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stopped.set()


def _say_if_full(server: EmbeddedServer) -> None:
    if server.full:
        log.error("the disk is full: pages are served, nothing is recorded", folder=str(server.folder))


def _pace() -> Pace:
    return Pace(RESTART_SECONDS, LONGEST_RESTART_SECONDS)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Reach what a process has forked, even when it has ended itself."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left, or on macOS only the dead
        os.killpg(process.pid, number)
