"""An application whose answer fits into no buffer, for tests of the server around it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

PIECES = 128
GIVEN_UP = Path("given-up")
"""Made in the working directory once an answer was not taken to its end."""


def create_app() -> Any:
    def application(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", str(PIECES << 20))])
        return _pour()

    return application


def _pour() -> Iterator[bytes]:
    try:
        for _ in range(PIECES):
            yield bytes(1 << 20)
    except GeneratorExit:
        GIVEN_UP.touch()
        raise
