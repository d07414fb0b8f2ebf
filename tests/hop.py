"""A reverse proxy on loopback, as one stands in front of the web process and ends TLS, as it were."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

CLIENT = "203.0.113.7"
"""Whom it says it has heard from."""
HOST = "digest.example.org"


@dataclass(frozen=True)
class Hop:
    """Where it passes on to, and how it treats the path that it serves."""

    port: int
    path: str
    takes_off: bool
    """Whether the path is taken off, or left on the request."""

    def target(self, asked: str) -> str | None:
        """The address behind it; None for what is not its own."""
        if asked != self.path and not asked.startswith((f"{self.path}/", f"{self.path}?")):
            return None
        return (asked.removeprefix(self.path) or "/") if self.takes_off else asked


@contextmanager
def standing(hop: Hop) -> Iterator[int]:
    """The port that it listens on."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(hop)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _handler(hop: Hop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = hop.target(self.path)
            if target is None:
                self.send_error(502)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = HTTPConnection("127.0.0.1", hop.port, timeout=20)
            connection.request(self.command, target, body, self._passed_on())
            answer = connection.getresponse()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.read())
            connection.close()

        def do_POST(self) -> None:
            self.do_GET()

        def _passed_on(self) -> dict[str, str]:
            said = self.headers.get("X-Forwarded-For")
            heard = f"{said}, {CLIENT}" if said else CLIENT
            own = {"X-Forwarded-For": heard, "X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
            prefix = {"X-Forwarded-Prefix": hop.path} if hop.takes_off else {}
            return {**dict(self.headers.items()), **own, **prefix, "Connection": "close"}

        def log_message(self, *_: object) -> None:
            """Nothing: the tests' output is not the place."""

    return Handler
