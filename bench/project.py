"""A repository to measure with: real-looking commits, the same ones each time."""

import json
from base64 import b64encode
from pathlib import Path
from random import Random

from repositories import AUTHOR, Origin

FILES = 60
LINES = 300
FILES_PER_COMMIT = 3
HUNKS = 3
LINES_PER_HUNK = 4
LOCKED = 400
"""Packages in the lock file."""
LOCK_EVERY = 3
BEGAN = 1_767_916_800
"""2026-01-09 00:00 UTC; the commits follow each other by the minute."""
NOT_SECRET = 1


def make_project(folder: Path, *, commits: int, locks: bool = False) -> Origin:
    """A bare repository with that many commits after its first one.

    Each changes three files of 300 lines in three places; with `locks`, every third one writes a lock file
    anew as well. It gives out single commits without their files, as GitHub does.
    """
    origin = Origin(folder)
    origin.configure(uploadpack_allowFilter="true", uploadpack_allowAnySHA1InWant="true")
    stream = b"".join(_History(commits, locks=locks).stream())
    origin.git("fast-import", "--quiet", stdin=stream)
    return origin


def shas(origin: Origin) -> list[str]:
    """The commits of main, oldest first."""
    return origin.git("rev-list", "--reverse", "refs/heads/main").split()


class _History:
    """Commits as a stream for `git fast-import`."""

    def __init__(self, commits: int, *, locks: bool) -> None:
        self.commits, self.locks = commits, locks
        self.random = Random(NOT_SECRET)  # noqa: S311 - the same commits each time
        self.files = {f"engine/part_{number:02}.py": self._code(LINES) for number in range(FILES)}

    def stream(self) -> list[bytes]:
        """The first commit holds every file."""
        first = {path: "\n".join(lines) for path, lines in self.files.items()}
        return [
            _commit(0, first),
            *(_commit(number, self._next(number)) for number in range(1, self.commits + 1)),
        ]

    def _next(self, number: int) -> dict[str, str]:
        changed = {}
        for path in self.random.sample(sorted(self.files), FILES_PER_COMMIT):
            for start in self.random.sample(range(0, LINES - LINES_PER_HUNK, 10), HUNKS):
                self.files[path][start : start + LINES_PER_HUNK] = self._code(LINES_PER_HUNK)
            changed[path] = "\n".join(self.files[path])
        if self.locks and number % LOCK_EVERY == 0:
            changed["package-lock.json"] = self._lock()
        return changed

    def _code(self, lines: int) -> list[str]:
        draw = self.random.randrange
        return [
            f"    queue_{draw(100)} = schedule(batch_{draw(100)}, limit={draw(10_000)})" for _ in range(lines)
        ]

    def _lock(self) -> str:
        packages = {f"node_modules/package-{number}": self._package() for number in range(LOCKED)}
        return json.dumps({"lockfileVersion": 3, "packages": packages}, indent=2)

    def _package(self) -> dict[str, str]:
        version = ".".join(str(self.random.randrange(20)) for _ in range(3))
        return {"version": version, "integrity": f"sha512-{b64encode(self.random.randbytes(64)).decode()}"}


def _commit(number: int, files: dict[str, str]) -> bytes:
    date = f"{BEGAN + 60 * number} +0800"
    message = (
        f"fix(engine): schedule batch {number} within its limit\n\nThe limit was taken from another queue."
    )
    header = f"commit refs/heads/main\nauthor {AUTHOR} {date}\ncommitter {AUTHOR} {date}\n".encode()
    changes = (f"M 100644 inline {path}\n".encode() + _sized(text + "\n") for path, text in files.items())
    return b"".join([header, _sized(message), *changes])


def _sized(text: str) -> bytes:
    raw = text.encode()
    return f"data {len(raw)}\n".encode() + raw + b"\n"
