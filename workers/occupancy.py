"""Who runs in a DATA_DIR: one `run` at a time, since its server and what it knows of its ledger lie there.

The lock is the kernel's, so it is gone with the process that holds it, however that ends; the file only says
who it is.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "run.lock"


class Occupied(Exception):
    """Another `run` is there; the message is one line that says which, and what to do."""


@contextmanager
def occupied(data_dir: Path) -> Iterator[None]:
    """Be the one `run` of that folder while in the block.

    Raises:
        Occupied: another one is, and lives.
        OSError: the folder cannot be made or written to.
    """
    folder = data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Occupied(_advice(folder, _holder(folder / LOCK))) from None
        with suppress(OSError):  # on a full disk nobody learns who it is
            file.truncate(0)
            file.write(str(os.getpid()).encode())
        yield


def _holder(file: Path) -> str:
    """The process that holds the lock, if it has said so by now."""
    return file.read_text(encoding="ascii") or "unknown"


def _advice(folder: Path, holder: str) -> str:
    return (
        f"another `pushdigest run` (process {holder}) works in {folder}: "
        "stop that one first, or set DATA_DIR to another folder"
    )
