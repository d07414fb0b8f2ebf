"""A proxy in front of a Redis or Valkey server that breaks connections where it hurts.

with RedisProxy(server.socket, on_reply=lambda _: Fate.CUT) as proxy:
    Redis.from_url(proxy.url()).set("a", 1)  # is done, and never answered
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from threading import Thread
from typing import Self

CHUNK = 65536


class Fate(Enum):
    """What becomes of a piece of a conversation."""

    PASS = "passed on"
    CUT = "cut off"
    """It is thrown away, and the connection is closed."""
    MUTE = "withheld"
    """It is thrown away with all that follows; the connection stays open."""


Fates = Callable[[bytes], Fate]
"""Asked for each piece, usually one command or one answer."""


def passing(_piece: bytes) -> Fate:
    return Fate.PASS


class RedisProxy:
    """Listens on a port of loopback; `faults` counts what it did to requests and to replies."""

    def __init__(self, server: Path, *, on_request: Fates = passing, on_reply: Fates = passing) -> None:
        self.server = server
        self.on_request = on_request
        self.on_reply = on_reply
        self.faults: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    def url(self, password: str = "") -> str:
        user = f"default:{password}@" if password else ""
        return f"redis://{user}127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._converse, "127.0.0.1", 0, backlog=512)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._listener.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _converse(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):  # the server is away, or it is over
                server, to_server = await asyncio.open_unix_connection(self.server)
                try:
                    await _until_first(
                        self._pump(client, to_server, "request", self.on_request),
                        self._pump(server, to_client, "reply", self.on_reply),
                    )
                finally:
                    await _end(to_server)
        finally:
            await _end(to_client)
            self._tasks.discard(task)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, what: str, fates: Fates
    ) -> None:
        muted = False
        with suppress(OSError):  # one side has gone
            while piece := await reader.read(CHUNK):
                fate = Fate.PASS if muted else fates(piece)
                if fate is not Fate.PASS:
                    self.faults[f"{what} {fate.value}"] += 1
                if fate is Fate.CUT:
                    return
                muted = muted or fate is Fate.MUTE
                if not muted:
                    writer.write(piece)
                    await writer.drain()


async def _until_first(*steps: Awaitable[None]) -> None:
    """Both directions end together."""
    tasks = [asyncio.ensure_future(step) for step in steps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
