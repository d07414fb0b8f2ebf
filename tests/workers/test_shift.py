import signal
import sys
from pathlib import Path

from processes import Site
from promises import REDIS_PASSWORD
from waiting import until


def test_a_worker_says_how_many_it_is_at_which_server_and_when_it_has_stopped(tmp_path: Path) -> None:
    with Site(tmp_path) as site:
        worker = site.launch("worker", [sys.executable, "-m", "workers", "worker"])
        until(lambda: site.shop.queue.workers() == 2, what="both workers")
        worker.send_signal(signal.SIGINT)
        assert worker.wait(20) == 0
        first, last = site.log("worker").splitlines()
        assert "workers start" in first
        assert f"server=unix://{site.server.socket}" in first
        assert "workers=2" in first
        assert "workers have stopped" in last
        assert REDIS_PASSWORD not in first
