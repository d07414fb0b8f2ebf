import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from disks import small_disk
from proc import gone
from redis import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs
from waiting import until

from analysis.storage.outage import outage_at
from workers import supervisor as module
from workers.embedded import EmbeddedServer
from workers.supervisor import Supervisor

CHECKOUT = Path(module.__file__).parents[1]
PROCESSES = """
import os, pathlib, signal, sys, time

def here(name):
    with open(name, "a") as file:
        print(os.getpid(), file=file)

role = sys.argv[1]
if role == "brief":
    here(role)
    sys.exit(3)
if role == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if role == "slow":
    def leave(number, frame):
        pathlib.Path("finished").write_text("finished")
        sys.exit(0)
    signal.signal(signal.SIGTERM, leave)
if role == "parent" and os.fork() == 0:
    role = "child"
if role == "variable":
    pathlib.Path("value").write_text(os.environ["SPOKEN"])
here(role)
time.sleep(600)
"""

Start = Callable[..., Supervisor]


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE_SECONDS", 1.0)
    monkeypatch.setattr(module, "HASTE_SECONDS", 0.2)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(module, "RESTART_SECONDS", 0.1)


@pytest.fixture
def start() -> Iterator[Start]:
    """Supervise the processes above."""
    Path("processes.py").write_text(PROCESSES)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    started: list[Supervisor] = []

    def begin(*roles: str, embedded: EmbeddedServer | None = None) -> Supervisor:
        commands = {role: [sys.executable, "processes.py", role] for role in roles}
        opened = Supervisor(commands, {"SPOKEN": "to the children"}, embedded)
        opened.start()
        started.append(opened)
        return opened

    yield begin
    for opened in started:
        opened.stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def born(role: str) -> list[int]:
    """The ids of all processes that had this role, oldest first."""
    with suppress(FileNotFoundError):
        return [int(line) for line in Path(role).read_text().splitlines()]
    return []


def running(role: str, count: int = 1) -> int:
    """The id of the newest process of that role, once there were so many."""
    return until(lambda: born(role) if len(born(role)) >= count else [], what=f"{count} {role}")[-1]


def watch_until(supervisor: Supervisor, look: Callable[[], object], what: str) -> None:
    """Keep everything running until something is so."""
    until(lambda: supervisor.watch(0.02) and look(), what=what)


def test_every_process_is_started_in_a_session_of_its_own(start: Start) -> None:
    start("steady", "slow")
    pids = {running("steady"), running("slow")}
    assert {os.getsid(pid) for pid in pids} == pids


def test_processes_get_the_variables_that_were_given(start: Start) -> None:
    start("variable")
    running("variable")
    assert Path("value").read_text() == "to the children"


def test_a_process_that_ends_is_started_again(start: Start) -> None:
    supervisor = start("steady", "slow")
    first, other = running("steady"), running("slow")
    os.kill(first, signal.SIGKILL)
    watch_until(supervisor, lambda: len(born("steady")) == 2, "second process")
    assert not gone(running("steady", 2))
    assert born("slow") == [other]


def test_a_process_that_ends_at_once_is_not_started_in_a_hurry(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESTART_SECONDS", 600.0)
    supervisor = start("brief")
    watch_until(supervisor, lambda: supervisor.processes["brief"].poll() is not None, "end of the process")
    supervisor.watch(0.3)
    assert len(born("brief")) == 1


def test_what_a_dead_process_leaves_behind_is_ended_before_it_starts_again(start: Start) -> None:
    supervisor = start("parent")
    child = running("child")
    os.kill(running("parent"), signal.SIGKILL)
    watch_until(supervisor, lambda: gone(child) and len(born("parent")) == 2, "new parent")
    assert not gone(running("child", 2))


def test_watching_ends_when_the_time_is_over(start: Start) -> None:
    supervisor = start()
    assert supervisor.watch(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_watch(start: Start, number: signal.Signals) -> None:
    supervisor = start("steady")
    os.kill(os.getpid(), number)
    assert not supervisor.watch()


def test_stop_lets_a_process_finish(start: Start) -> None:
    supervisor = start("slow")
    pid = running("slow")
    supervisor.stop()
    assert gone(pid)
    assert Path("finished").read_text() == "finished"


def test_stop_ends_one_that_ignores_sigterm_and_what_it_forked(start: Start) -> None:
    supervisor = start("deaf", "steady", "parent")
    pids = [running(role) for role in ("deaf", "steady", "parent", "child")]
    supervisor.stop()
    until(lambda: all(map(gone, pids)), what="end of all processes")


ORPHANS = """
import os, pathlib, sys
from workers.supervisor import Supervisor
commands = {role: [sys.executable, "processes.py", role] for role in ("steady", "parent")}
supervisor = Supervisor(commands, {})
supervisor.start()
supervisor.watch()
"""


def test_what_a_killed_supervisor_leaves_behind_ends(start: Start) -> None:
    start()  # lays out the processes
    command = [sys.executable, "-c", ORPHANS]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}) as killed:
        orphans = [running(role) for role in ("steady", "parent", "child")]
        killed.kill()
    until(lambda: all(map(gone, orphans)), what="end of the orphans")


def test_stop_can_be_repeated(start: Start) -> None:
    supervisor = start("steady")
    running("steady")
    supervisor.stop()
    supervisor.stop()
    assert gone(running("steady"))


def test_an_embedded_server_that_is_killed_is_revived_with_its_data(start: Start, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    try:
        supervisor = start(embedded=server)
        with Redis.from_url(server.url, decode_responses=True) as client:
            client.set("key", "kept")
        assert server.started is not None
        first = server.started.pid
        os.kill(first, signal.SIGKILL)
        watch_until(supervisor, lambda: server.running() and not server.died(), "new server")
        assert server.started.pid != first
        with Redis.from_url(server.url, decode_responses=True) as client:
            assert client.get("key") == "kept"
    finally:
        server.stop()


def test_a_server_that_another_process_started_is_revived_as_well(start: Start, tmp_path: Path) -> None:
    other, server = EmbeddedServer(tmp_path), EmbeddedServer(tmp_path)
    other.start()
    server.start()
    try:
        supervisor = start(embedded=server)
        supervisor.watch(0.05)
        assert server.started is None
        kill(other)
        watch_until(supervisor, lambda: server.started and server.running(), "new server")
    finally:
        server.stop()
        other.stop()


def kill(server: EmbeddedServer) -> None:
    assert server.started is not None
    server.started.kill()
    server.started.wait()


def test_a_server_whose_data_is_damaged_is_tried_again_ever_later_and_said_once(
    start: Start, tmp_path: Path
) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    try:
        supervisor = start(embedded=server)
        manifest = server.folder / "appendonlydir" / "appendonly.aof.manifest"
        whole = manifest.read_bytes()
        manifest.write_bytes(b"no manifest\n")
        with capture_logs() as logs:
            kill(server)
            watch_until(supervisor, lambda: supervisor.server_pace.pause >= 0.8, "a third try")
            assert [line["event"] for line in logs] == ["the embedded server ended and does not start"]
            assert "Invalid AOF manifest" in logs[0]["reason"]
            manifest.write_bytes(whole)
            watch_until(supervisor, server.running, "the server")
        assert [line["event"] for line in logs[1:]] == ["the embedded server ended; it was started again"]
    finally:
        server.stop()


def test_on_a_full_disk_a_server_is_started_once_more_and_not_again_and_again(
    start: Start, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        server = EmbeddedServer(disk.folder)
        server.start()
        try:
            supervisor = start(embedded=server)
            disk.fill()
            with capture_logs() as logs, Redis.from_url(server.url) as client:
                with pytest.raises(RedisError):
                    client.set("too long", bytes(1 << 20))
                watch_until(supervisor, lambda: server.full and server.running(), "the server")
                for _ in range(20):
                    assert outage_at(client) is not None
                    supervisor.watch(0.02)
                assert [line["event"] for line in logs] == [
                    "the embedded server ended; it was started again",
                    "the disk is full: pages are served, nothing is recorded",
                ]
                disk.remove()
                watch_until(supervisor, lambda: not server.full, "room")
                assert outage_at(client) is None
            assert logs[-1]["event"] == "the disk has room again: what lands is recorded"
        finally:
            server.stop()
