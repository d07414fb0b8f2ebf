"""`run --show`: a stranger's first minute, in a shallow clone at the end of a long path."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from loopback_model import LoopbackModel, hanging
from proc import kill_session, working_in
from processes import TOKEN, Site, free_port
from promises import said
from reading import Page
from redis import Redis
from redis.exceptions import RedisError
from repositories import ALONE, Header, Origin
from waiting import until

from workers.embedded import EmbeddedServer

LONG = 150
"""Characters of the path; the server's socket could not lie there."""


def clone(origin: Origin, folder: Path) -> Path:
    """A shallow clone whose path is that long."""
    checkout = folder / ("a" * 60) / ("b" * max(8, LONG - len(str(folder)) - 62))
    command = ["git", "clone", "--quiet", "--depth", "1", origin.url, str(checkout)]
    subprocess.run(command, check=True, env=ALONE | {"PATH": "/usr/bin:/bin"})
    assert len(str(checkout)) >= LONG
    return checkout


def test_a_shallow_clone_shows_a_digest_and_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    for number in range(3):
        sha = origin.commit(f"feat: number {number}", {"a.py": f"x = {number}\n"})
    checkout = clone(origin, tmp_path)
    site = Site(tmp_path, REDIS_URL=None, GITHUB_WEBHOOK_SECRET=None)
    command = [sys.executable, "-m", "workers", "run", "--show", "."]
    running = site.launch("run", command, checkout)
    try:
        shown = until(lambda: _address(site, running), seconds=60, what="the address")
        assert shown.startswith(f"http://127.0.0.1:{site.port}/reports/local/")
        reply = site.ask("GET", shown.partition(str(site.port))[2], headers=TOKEN)
        assert reply.status == 200
        assert any(link.endswith(sha) for link in Page(reply.text).links)
        assert len(working_in(checkout)) > 3
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
        assert working_in(checkout) == {}
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", site.port)) != 0
    finally:
        _end(running, checkout)
    said((site.folder / "run.log").read_text(encoding="utf-8"))


def test_since_shows_the_days_on_which_the_commits_were_made(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    for day in (7, 8, 9):
        noon = datetime(2026, 1, day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
        header = Header(authored=f"{int(noon.timestamp())} +0800")
        sha = origin.commit(f"feat: day {day}", {"a.py": f"x = {day}\n"}, header=header)
    site = Site(tmp_path, REDIS_URL=None, REPORT_TIMEZONE="Asia/Shanghai")
    command = [sys.executable, "-m", "workers", "run", "--show", "example/engine", "--url", origin.url]
    running = site.launch("run", [*command, "--since", "2026-01-08"], tmp_path)
    try:
        shown = until(lambda: _address(site, running), seconds=60, what="the address")
        assert shown.endswith("/reports/example/engine/2026-01-09")
        reply = site.ask("GET", "/reports/example/engine/2026-01-09.json", headers=TOKEN)
        assert sha in reply.text
        assert site.ask("GET", "/reports/example/engine/2026-01-08", headers=TOKEN).status == 200
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


def test_a_server_that_is_killed_during_the_first_digest_comes_back(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "origin.git")
    origin.commit("feat: something", {"a.py": "x = 1\n"})
    with LoopbackModel() as model:
        model.answer(hanging)
        site = Site(
            tmp_path, REDIS_URL=None, LLM_MODEL="openai/loopback", LLM_API_BASE=model.url, LLM_TIMEOUT=6
        )
        command = [sys.executable, "-m", "workers", "run", "--show", "example/engine", "--url", origin.url]
        running = site.launch("run", command, tmp_path)
        try:
            until(lambda: model.requests, what="a question to the model")
            server = EmbeddedServer(tmp_path / "var")
            killed = _server_pid(server)
            os.kill(killed, signal.SIGKILL)
            until(lambda: _server_pid(server) not in {0, killed}, what="the server's return")
            until(lambda: site.ask("GET", "/readyz").status == 200, what="readiness")
            assert running.poll() is None
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 0
    said((site.folder / "run.log").read_text(encoding="utf-8"))


def test_a_second_run_is_refused_and_one_after_a_kill_takes_over(tmp_path: Path) -> None:
    site = Site(tmp_path, REDIS_URL=None, GITHUB_WEBHOOK_SECRET=None)
    command = [sys.executable, "-m", "workers", "run"]
    first = site.launch("run", command)
    server = EmbeddedServer(tmp_path / "site" / "var")
    try:
        until(site.ready, what="the first run")
        kept = _server_pid(server)
        refused = site.run("run", PORT=str(free_port()))
        assert (refused.code, refused.out) == (1, "")
        assert refused.err == (
            f"pushdigest: another `pushdigest run` (process {first.pid}) works in {site.folder / 'var'}: "
            "stop that one first, or set DATA_DIR to another folder\n"
        )
        assert site.run("status").code == 0
        assert (_server_pid(server), first.poll()) == (kept, None)
        first.kill()
        first.wait()
        second = site.launch("second", command)
        until(lambda: "pushdigest is running" in site.log("second"), what="the second run")
        assert _server_pid(server) == kept
        before, _, _ = site.log("second").partition("pushdigest is running")
        assert before.count("no repository is followed") == before.count("set REPOSITORIES=owner/name") == 1
        assert before.count("all deliveries are refused") == 1
        assert "mend='set GITHUB_WEBHOOK_SECRET to any long random text, or rely on polling'" in before
        second.send_signal(signal.SIGINT)
        assert second.wait(30) == 0
        until(lambda: working_in(site.folder) == {}, what="end of all processes")
        assert not server.running()
    finally:
        for pid in working_in(site.folder):
            os.kill(pid, signal.SIGKILL)
        server.stop()


def _server_pid(server: EmbeddedServer) -> int:
    """0 while there is no server."""
    try:
        with Redis.from_url(server.url) as client:
            return int(client.info("server")["process_id"])
    except RedisError:
        return 0


def _address(site: Site, running: subprocess.Popen[bytes]) -> str | None:
    log = (site.folder / "run.log").read_text(encoding="utf-8")
    assert running.poll() is None, log
    return next((line for line in log.splitlines() if line.startswith("http")), None)


def _end(running: subprocess.Popen[bytes], checkout: Path) -> None:
    """Whatever a failed test would leave running."""
    kill_session(running)
    for pid in working_in(checkout):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
