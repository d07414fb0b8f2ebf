"""Runs git: one command as a stream of bytes, with a deadline; the only importer of GitPython.

Git runs in a session of its own, so that at the deadline, or when the reader has had enough, it is ended
together with the helpers it started.
"""

import math
import os
import re
import selectors
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from git import Git
from git.exc import GitCommandError, GitCommandNotFound

from analysis.models import Sha

CHUNK = 65_536
OLDEST_GIT = (2, 32)
"""The first that reads GIT_CONFIG_GLOBAL."""
STDERR_KEPT = 8_192
"""Bytes; a remote may send as many `remote:` lines as it likes."""


class GitFailed(Exception):
    """Git ended with an error; the message is the line of its standard error that says why."""

    def __init__(self, stderr: str) -> None:
        super().__init__(_reason(stderr))
        self.stderr = stderr


class GitMissing(Exception):
    """There is no git on this machine; the message says what to do."""

    def __init__(self) -> None:
        oldest = ".".join(map(str, OLDEST_GIT))
        super().__init__(f"git is not on the PATH: install git {oldest} or newer")


class GitTimedOut(Exception):
    """Git was ended at the deadline."""


def require_git() -> str:
    """Where git is.

    Raises:
        GitMissing: nowhere.
    """
    found = shutil.which(Git.GIT_PYTHON_GIT_EXECUTABLE or Git.git_exec_name)
    if found is None:
        raise GitMissing
    return found


@dataclass(frozen=True)
class BareRepository:
    """A bare repository on this machine, and how git may run in it."""

    folder: Path
    environment: Mapping[str, str]
    deadline: float = math.inf
    """An instant of `time.monotonic()`."""

    def create(self) -> None:
        """Make the folder a repository that only we can read; one that is there already stays as it is.

        Raises:
            GitFailed: the folder holds something that git cannot use.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.run("init", "--bare", "--quiet", "--template=", "--object-format=sha1")

    def run(self, *arguments: str, stdin: BinaryIO | None = None) -> bytes:
        """What a command with little output prints.

        Raises:
            GitFailed: git ended with an error.
            GitTimedOut: the deadline has passed.
        """
        with self.stream(*arguments, stdin=stdin) as chunks:
            return b"".join(chunks)

    def holds(self, sha: Sha) -> bool:
        """Whether that commit is here.

        Raises:
            ValueError: it is no full sha.
        """
        try:
            self.run("cat-file", "-e", f"{checked_sha(sha)}^{{commit}}")
        except GitFailed:
            return False
        return True

    @contextmanager
    def stream(self, *arguments: str, stdin: BinaryIO | None = None) -> Iterator[Iterator[bytes]]:
        """What a command prints, chunk by chunk; leaving the block ends a command that has not ended.

        Raises:
            GitFailed: git ended with an error; raised when the chunks have been read to their end.
            GitTimedOut: the deadline has passed.
            GitMissing: there is no git.
        """
        process = self._start(arguments, stdin)
        try:
            yield _chunks(process, self.deadline)
        finally:
            _end(process)

    def _start(self, arguments: tuple[str, ...], stdin: BinaryIO | None) -> Git.AutoInterrupt:
        try:
            return Git(self.folder).execute(
                [Git.GIT_PYTHON_GIT_EXECUTABLE, *arguments],
                istream=stdin,
                as_process=True,
                env={**self.environment, **_located(self.folder)},
                start_new_session=True,
            )
        except GitCommandNotFound:
            raise GitMissing from None


def checked_sha(sha: Sha) -> Sha:
    """The sha, if it is one and can stand in a command line.

    Raises:
        ValueError: it is anything but 40 hexadecimal digits in lower case.
    """
    if not re.fullmatch(r"[0-9a-f]{40}", sha):
        raise ValueError(f"{sha!r} is no full sha: 40 hexadecimal digits are")
    return sha


def _located(folder: Path) -> dict[str, str]:
    """The variables that a git hook around us would point at another repository."""
    return {
        "GIT_DIR": str(folder),
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_INDEX_FILE": "",
        "GIT_PREFIX": "",
        "GIT_NAMESPACE": "",
    }


def _chunks(process: Git.AutoInterrupt, deadline: float) -> Iterator[bytes]:
    stderr = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while selector.get_map():
            for key in _ready(selector, deadline):
                chunk = os.read(key.fd, CHUNK)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    yield chunk
                else:
                    stderr = (stderr + chunk)[-STDERR_KEPT:]
    try:
        process.wait()
    except GitCommandError:
        raise GitFailed(stderr.decode("utf-8", "backslashreplace")) from None


def _ready(selector: selectors.BaseSelector, deadline: float) -> list[selectors.SelectorKey]:
    left = deadline - time.monotonic()
    ready = selector.select(None if left == math.inf else left) if left > 0 else []
    if not ready:
        raise GitTimedOut("git did not finish in time")
    return [key for key, _ in ready]


def _end(process: Git.AutoInterrupt) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(GitCommandError):
            process.wait()
    process.stdout.close()
    process.stderr.close()


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    first = (telling or lines or ["git failed without a word"])[0]
    return "".join(letter if letter.isprintable() else "?" for letter in first[:300])
