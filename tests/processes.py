"""Sites for journeys: pushdigest's real processes on a folder, a port and a Valkey server of their own.

    with Site(tmp_path, tables=[table("example/project", origin)]) as site:
        site.start("web", "worker", "clock")
        site.push("example/project", origin, before)
        until(lambda: site.entry("example/project", sha).state is State.ANALYSED)

Whatever a process prints or a page says goes through `promises.said`.
"""

import json
import os
import shlex
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

from proc import kill_session
from promises import REDIS_PASSWORD, SECRETS, said
from pushes import payload, signed
from repositories import Origin
from waiting import until

from analysis.settings import Settings, load_settings
from analysis.storage import keys
from analysis.storage.entry import Entry, State
from workers.embedded import EmbeddedServer
from workers.workshop import Workshop

TOKEN = {"Authorization": f"Bearer {SECRETS['REPORT_TOKEN']}"}
INHERITED = ("PATH", "TMPDIR", "XDG_RUNTIME_DIR")
"""The variables that a site takes over from whoever runs the tests."""


@dataclass(frozen=True)
class Reply:
    """What an HTTP server answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


def table(name: str, origin: Origin | None = None, **fields: object) -> str:
    """One `[[repositories]]` table; numbers and lists as TOML has them."""
    values = {"name": name, "url": origin.url if origin else None} | fields
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["[[repositories]]", *lines])


class Site:
    """One installation: settings, processes, and what all of them said."""

    def __init__(
        self,
        folder: Path,
        *,
        tables: Iterable[str] = (),
        server: EmbeddedServer | None = None,
        **settings: object,
    ) -> None:
        """Take settings and, if it is not the site's own, a server that others start and stop."""
        self.folder = folder / "site"
        (self.folder / "home").mkdir(parents=True)
        (self.folder / "pushdigest.toml").write_text("\n\n".join(tables), encoding="utf-8")
        self.port = free_port()
        self.server = server or EmbeddedServer(self.folder / "var")
        self.shared = server is not None
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        given: dict[str, object] = {
            **{name: os.environ.get(name) for name in INHERITED},
            **SECRETS,
            "HOME": self.folder / "home",
            "LANG": "C.UTF-8",
            "PORT": self.port,
            "WORKERS": 2,
            "REDIS_URL": f"unix://default:{REDIS_PASSWORD}@{self.server.socket}",
            "REPORT_TIMEZONE": zone_at_noon(),
            "GITHUB_API_URL": "http://127.0.0.1:1",  # nobody: no test asks GitHub
            **settings,
        }
        self.environment = {name: str(value) for name, value in given.items() if value is not None}

    def __enter__(self) -> Self:
        if not self.shared:
            self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop(*self.processes)
        finally:
            self.shop.disconnect()
            if not self.shared:
                self.server.stop()
        for log in self.folder.glob("*.log"):
            said(log.read_text(encoding="utf-8"))

    @cached_property
    def shop(self) -> Workshop:
        """The ledger and all else, as seen from the test."""
        return Workshop(self.settings, self.server.url)

    @property
    def settings(self) -> Settings:
        """The defaults, but this site's place and time."""
        zone = self.environment["REPORT_TIMEZONE"]
        return load_settings(data_dir=self.folder / "var", port=self.port, report_timezone=zone)

    # Processes

    def start(self, *names: str) -> None:
        """Start processes; a number after the name tells two of a kind apart: `clock-2`."""
        for name in names:
            self.launch(name, [sys.executable, "-m", "workers", name.partition("-")[0]])
        if "web" in names:
            until(self.ready, what="the web process")

    def launch(self, name: str, command: list[str], folder: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a process of any kind, in a session of its own; it writes to `NAME.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=folder or self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.processes[name]

    def log(self, name: str) -> str:
        """What a process has written so far."""
        return said((self.folder / f"{name}.log").read_text(encoding="utf-8"))

    def stop(self, *names: str) -> None:
        """Stop processes as a supervisor would."""
        stopped = [self.processes.pop(name) for name in names]
        for process in stopped:
            process.terminate()
        for process in stopped:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                kill_session(process)
                raise

    def kill(self, name: str) -> None:
        """SIGKILL a process and all that it started, in the middle of whatever they do."""
        kill_session(self.processes.pop(name))

    def run(self, *arguments: str, folder: Path | None = None, **environment: str) -> Done:
        """Run `pushdigest ARGUMENTS` to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "workers", *arguments],
            cwd=folder or self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, said(done.stdout), said(done.stderr))

    def run_all(self, commands: Iterable[tuple[str, Mapping[str, str]]]) -> list[Done]:
        """Run several commands, each as a shell has it and with what it has beside the site's environment."""
        rows = [(shlex.split(arguments), dict(environment)) for arguments, environment in commands]
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("forked_commands.py"))],
            cwd=self.folder,
            env=self.environment,
            input=json.dumps(rows),
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        )
        return [Done(code, said(out), said(err)) for code, out, err in json.loads(done.stdout)]

    # HTTP

    def ready(self) -> bool:
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> Reply:
        """Read as someone who has the token."""
        return self.ask("GET", path, headers={**TOKEN, **headers})

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        return ask(self.port, method, path, body=body, headers=headers)

    def push(self, repository: str, origin: Origin, before: str, **fields: Any) -> Reply:
        """Deliver a push of everything after a commit, signed as GitHub signs it; `delivery` is its GUID."""
        identifier = fields.pop("delivery", str(uuid.uuid4()))
        body = json.dumps(payload(repository, origin, before) | fields).encode()
        headers = signed(body, SECRETS["GITHUB_WEBHOOK_SECRET"], identifier)
        return self.ask("POST", "/webhooks/github", body=body, headers=headers)

    # The ledger

    @property
    def today(self) -> date:
        return self.shop.settings.calendar.day_of(datetime.now(UTC))

    def entry(self, repository: str, sha: str) -> Entry | None:
        return self.shop.ledger.entry(repository, sha)

    def entries(self, repository: str, shas: Iterable[str]) -> list[Entry]:
        """Those that have been recorded."""
        return [entry for sha in shas if (entry := self.entry(repository, sha))]

    def until_all(self, repository: str, shas: Iterable[str], state: State = State.ANALYSED) -> list[Entry]:
        """The entries, once all of them stand there."""
        wanted = list(shas)

        def found() -> list[Entry]:
            entries = self.entries(repository, wanted)
            return entries if [entry.state for entry in entries] == [state] * len(wanted) else []

        return until(found, what=f"{len(wanted)} commits {state}")

    def let_time_pass(self) -> None:
        """Whatever waits for an instant is due: leases have ended, pauses and breakers are over."""
        redis = self.shop.store.redis
        for agenda in (keys.WAITING, keys.WALKS):
            for member in self.shop.store.ranked(agenda):
                redis.zadd(agenda, {member: 0}, xx=True)
        for model in self.shop.store.members(keys.BREAKERS):
            redis.hset(keys.breaker(model), "open_until", 1)


def ask(
    port: int, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    """Ask a server on this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        text = said(answer.read().decode())
        return Reply(answer.status, {name: said(value) for name, value in answer.getheaders()}, text)
    finally:
        connection.close()


def zone_at_noon() -> str:
    """A time zone in which it is about noon, so that no day ends while a test runs."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"  # POSIX counts the hours behind


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
