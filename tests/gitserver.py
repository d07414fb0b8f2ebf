"""Git over HTTP on loopback: `git http-backend`, behind a token, the old protocol or a redirect."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from repositories import ALONE


@dataclass
class Door:
    """What stands between a client and the repositories below a folder, and who came."""

    root: Path
    authorization: str | None = None
    """The header that is asked for."""
    old_protocol: bool = False
    redirect: str | None = None
    moved: dict[str, str] = field(default_factory=dict)
    """Paths of repositories -> where they are now; a client is sent there."""
    url: str = ""
    seen: list[str | None] = field(default_factory=list)
    """The `Authorization` of each request."""


@contextmanager
def serve(door: Door) -> Iterator[str]:
    """The URL that the repositories are served at."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(door)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            door.seen.append(self.headers.get("Authorization"))
            gone = next((path for path in door.moved if self.path.startswith(path)), None)
            if gone:
                self._answer(301, {"Location": self.path.replace(gone, door.moved[gone], 1)})
            elif door.redirect:
                self._answer(301, {"Location": door.redirect + self.path})
            elif door.authorization not in {None, self.headers.get("Authorization")}:
                self._answer(401, {"WWW-Authenticate": "Basic"})
            else:
                self._answer(*self._backend())

        def do_POST(self) -> None:
            self.do_GET()

        def _answer(self, status: int, fields: dict[str, str], content: bytes = b"") -> None:
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _backend(self) -> tuple[int, dict[str, str], bytes]:
            parts = urlsplit(self.path)
            environment = {
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(door.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": "" if door.old_protocol else self.headers.get("Git-Protocol", ""),
                "REQUEST_METHOD": self.command,
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            }
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            command = ["git", "http-backend"]
            done = subprocess.run(
                command, input=body, capture_output=True, env=environment | ALONE, check=False
            )
            header, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in header.decode().split("\r\n"))
            return int(fields.pop("Status", "200")[:3]), fields, content

        def log_message(self, *_: object) -> None:
            """Nothing: the tests' output is not the place."""

    return Handler
