"""A site whose processes an init system keeps alive, behind a proxy that loses answers of the server."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Self

from proc import working_in
from processes import Site, table
from promises import REDIS_PASSWORD, said
from redis_proxy import Fate, RedisProxy
from repositories import Origin
from waiting import until

from workers.embedded import EmbeddedServer

TESTS = Path(__file__).parents[1]
BEGUN = 120.0
"""Seconds that everything has to be ready, on a machine that does a lot else."""
ENDED = 40.0
"""Seconds that the supervisor has to stop everything."""
REPLY_LOST, REPLY_WITHHELD, REQUEST_LOST = 1 / 300, 1 / 8000, 1 / 1500
"""How often a piece of a conversation with the server meets that."""


class Town(Site):
    """As `Site`, but with everything below one `chaos.init`."""

    def __init__(self, folder: Path, origins: Iterable[Origin], random: Random, **settings: object) -> None:
        server = EmbeddedServer(folder / "site" / "var")
        self.random = random
        self.troubled = False
        """Whether answers are being lost."""
        self.proxy = RedisProxy(server.socket, on_request=self._request, on_reply=self._reply)
        tables = [table(origin.name, origin, poll="10m") for origin in origins]
        super().__init__(
            folder,
            tables=tables,
            PYTHONPATH=TESTS,
            TMPDIR=folder,
            XDG_RUNTIME_DIR=server.socket.parent.parent,
            LOG_FORMAT="json",
            GITHUB_TOKEN=None,
            **settings,
        )

    def __enter__(self) -> Self:
        self.proxy.__enter__()
        self.environment["REDIS_URL"] = self.proxy.url(REDIS_PASSWORD)
        self.launch("init", [sys.executable, "-m", "chaos.init", str(self.folder / "var")])
        until(self.ready, seconds=BEGUN, what="the web process")
        return self

    def __exit__(self, *_: object) -> None:
        self.troubled = False
        try:
            self._end()
        finally:
            self.shop.disconnect()
            self.proxy.__exit__()
        said(self.log)

    @property
    def init(self) -> int:
        """Its process id."""
        return self.processes["init"].pid

    @property
    def log(self) -> str:
        """What all processes have written."""
        return (self.folder / "init.log").read_text(encoding="utf-8", errors="replace")

    def analyses(self) -> Counter[str]:
        """sha -> how often a worker was told that its analysis counted."""
        found: Counter[str] = Counter()
        for line in self.log.splitlines():
            with suppress(ValueError):  # a line of a process that was killed
                said = json.loads(line)
                found[said.get("sha", "")] += said.get("event") == "commit analysed" and bool(said["counted"])
        return found

    def _end(self) -> None:
        init = self.processes.pop("init")
        init.terminate()
        with suppress(subprocess.TimeoutExpired):
            init.wait(ENDED)
        init.kill()
        init.wait()
        for pid in working_in(self.folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _request(self, _piece: bytes) -> Fate:
        return Fate.CUT if self.troubled and self.random.random() < REQUEST_LOST else Fate.PASS

    def _reply(self, _piece: bytes) -> Fate:
        drawn = self.random.random() if self.troubled else 1.0
        if drawn < REPLY_LOST:
            return Fate.CUT
        return Fate.MUTE if drawn < REPLY_LOST + REPLY_WITHHELD else Fate.PASS
