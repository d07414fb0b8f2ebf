"""A real Chromium that shows pages of an application, and a listener that hears of whatever it asks for.

    with Listener(application) as listener:
        dom = show(listener, "/reports/2026-01-09")
        assert listener.asked == ["/reports/2026-01-09"]

Every host name leads to the listener, so a request to anywhere is heard.
"""

import shutil
import subprocess
import threading
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OWN = (".google.com", ".googleapis.com", ".gvt1.com", ".gstatic.com")
"""Hosts that Chromium asks for its own purposes."""
UNHEARD = frozenset({"style", "script", "template"})


class Listener:
    """Serves an application on loopback and keeps the host and path of each request."""

    def __init__(self, application: WSGIApplication, *, headers: dict[str, str], policy: bool = True) -> None:
        self.asked: list[str] = []
        self._application, self._headers, self._policy = application, headers, policy
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=_Silent)

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not host.endswith(OWN):
            self.asked.append(f"{host}{environ['PATH_INFO']}")
        environ |= {f"HTTP_{name.upper()}": value for name, value in self._headers.items()}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kept = [each for each in headers if self._policy or each[0] != "Content-Security-Policy"]
            return start_response(status, kept, *rest)

        return self._application(environ, start)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Nobody reads it."""


def show(listener: Listener, path: str, profile: Path, *, seconds: int = 3) -> str:
    """The document as Chromium has it after all that the page does in some seconds, which pass at once."""
    assert CHROMIUM
    command = [
        *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"),
        *("--disable-background-networking", "--disable-sync", "--disable-component-update", "--dump-dom"),
        f"--host-resolver-rules=MAP * 127.0.0.1:{listener.port}",
        f"--user-data-dir={profile}",
        f"--virtual-time-budget={1000 * seconds}",
        f"http://127.0.0.1:{listener.port}{path}",
    ]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout.decode()


class _Said(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unheard = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unheard += tag in UNHEARD

    def handle_endtag(self, tag: str) -> None:
        self._unheard -= tag in UNHEARD

    def handle_data(self, data: str) -> None:
        if not self._unheard:
            self.words += data.split()


def words_of(html: str) -> list[str]:
    """What a document says, word by word."""
    return _Said(html).words
