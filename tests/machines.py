"""Several machines on this one: each with folders of its own and, as root on Linux, a network of its own."""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from processes import Reply, Site, free_port
from promises import REDIS_PASSWORD

from workers.embedded import EmbeddedServer

CLONE_NEWNET = 0x40000000
"""The kind of namespace that `setns(2)` is to enter."""
Result = TypeVar("Result")


class Network:
    """Where a machine lives: on the loopback of this one, or in a namespace."""

    def __init__(self, address: str = "127.0.0.1", namespace: str | None = None) -> None:
        self.address = address
        """Under which the other machine reaches it."""
        self.namespace = namespace

    @property
    def prefix(self) -> list[str]:
        """What goes before a command that is to run there."""
        return ["ip", "netns", "exec", self.namespace] if self.namespace else []

    def run(self, function: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """Call a function whose sockets are to be there, wherever they are used later."""
        return self._thread.submit(function, *arguments, **named).result()

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1, initializer=partial(_enter, self.namespace))


def _enter(namespace: str | None) -> None:
    """Move this thread, and no other, into a network namespace."""
    if namespace is None:
        return
    file = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(file, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(file)


@contextmanager
def two_namespaces() -> Iterator[tuple[Network, Network]]:
    """Two networks joined by a cable and by nothing else; the test is skipped where none can be made."""
    names = [f"pushdigest-{os.getpid()}-{letter}" for letter in "ab"]
    cables, addresses = ["cable-a", "cable-b"], ["10.0.0.1", "10.0.0.2"]
    try:
        for name in names:
            _ip("netns", "add", name)
        _ip("link", "add", cables[0], "netns", names[0], "type", "veth", "peer", cables[1], "netns", names[1])
        for name, cable, address in zip(names, cables, addresses, strict=True):
            _ip("-n", name, "address", "add", f"{address}/24", "dev", cable)
            _ip("-n", name, "link", "set", cable, "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield Network(addresses[0], names[0]), Network(addresses[1], names[1])
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    try:
        done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no `ip` here to make network namespaces with")
    if done.returncode:
        pytest.skip(f"no network namespaces can be made: {done.stderr.strip()}")


class TcpServer(EmbeddedServer):
    """A Valkey server that every machine reaches by TCP, and the test by its socket."""

    def __init__(self, folder: Path, network: Network) -> None:
        super().__init__(folder)
        self.network = network
        self.port = free_port()

    @property
    def address(self) -> str:
        """For REDIS_URL; its user takes any password."""
        return f"redis://default:{REDIS_PASSWORD}@{self.network.address}:{self.port}/0"

    def _command(self) -> list[str]:
        listen = ["--port", str(self.port), "--bind", self.network.address, "--protected-mode", "no"]
        return [*self.network.prefix, *super()._command(), *listen]


class Machine(Site):
    """A site that shares nothing with others but its server's address."""

    def __init__(self, folder: Path, network: Network, server: TcpServer, **terms: Any) -> None:
        self.network = network
        temporary = folder / "tmp"
        temporary.mkdir(parents=True)
        own = {"TMPDIR": temporary, "XDG_RUNTIME_DIR": None, "REDIS_URL": server.address}
        super().__init__(folder, server=server, **own | terms)

    def launch(self, name: str, command: list[str], folder: Path | None = None) -> "subprocess.Popen[bytes]":
        return super().launch(name, [*self.network.prefix, *command], folder)

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        return self.network.run(super().ask, method, path, body=body, headers=headers)
