"""An application on loopback, for clients that need a real port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Nobody reads it."""


@contextmanager
def serving(application: WSGIApplication) -> Iterator[str]:
    """Where it is served: a URL without a path."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
