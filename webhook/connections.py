"""How long one connection may hold one of gunicorn's threads.

A client that drips its request, takes its answer a byte at a time or never hangs up would keep a thread, or
the loop that all others wait for, at will: gunicorn's `timeout` asks only whether that loop turns.
"""

import socket
import struct
import time
from contextlib import suppress

from gunicorn.workers.gthread import TConn, ThreadWorker

LINGERING = 2.0
"""Seconds that a peer has to hang up once it has its answer."""
MOST_UNREAD = 65_536
"""Bytes of a request that are read although nobody wants them."""
RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing tells the peer at once."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threads, for `timeout` seconds at most from a request's first byte to its answer's last."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._since: dict[TConn, float] = {}
        """Each connection that a thread is busy with, and when that began (`time.monotonic()`)."""

    def handle(self, conn: TConn) -> object:
        """Answer one request, in a thread; true when the connection is kept."""
        self._since[conn] = time.monotonic()
        try:
            kept = super().handle(conn)
            if not kept:
                _linger(conn.sock)
            return kept
        finally:
            del self._since[conn]

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One turn of the loop; while every thread is busy, new connections are left to another process."""
        busy = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        if busy >= self.cfg.threads:
            self.set_accept_enabled(False)  # until the next turn
        super().wait_for_and_dispatch_events(timeout)

    def murder_pending(self) -> None:
        """Cut off whatever has taken too long; the loop comes by once a second."""
        super().murder_pending()
        latest = time.monotonic() - self.cfg.timeout
        for conn, since in list(self._since.items()):
            if since < latest:
                _cut(conn.sock)


def _linger(peer: socket.socket) -> None:
    """Let the peer read its answer to the end (RFC 9112, 9.6) here: gunicorn would wait on the loop.

    One that is still sending then, and may wait for us to read, is reset.
    """
    with suppress(OSError):  # the peer has gone, or says nothing for that long
        peer.shutdown(socket.SHUT_WR)
        peer.settimeout(LINGERING)
        if all(peer.recv(MOST_UNREAD // 16) for _ in range(16)):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    _cut(peer)


def _cut(peer: socket.socket) -> None:
    """Nothing more is read or sent; a thread that waits for either goes on, and finds it so."""
    with suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)
