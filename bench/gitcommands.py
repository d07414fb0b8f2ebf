"""The git commands of a piece of our code, recorded, and run again without it: the floor of reading."""

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

from git import Git

from analysis.models import Sha
from workers.checkout import read_commit
from workers.remote import Remote


@dataclass(frozen=True)
class Command:
    """One command as GitPython was told to run it."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    stdin: bytes

    def run(self) -> None:
        """Run it, and throw away what it prints."""
        environment = {**os.environ, **self.environment}
        subprocess.run(
            self.arguments,
            cwd=self.folder,
            env=environment,
            input=self.stdin,
            capture_output=True,
            check=True,
        )


@dataclass(frozen=True)
class Cost:
    """What reading took, in seconds: with our code around git, and git alone."""

    read: float
    bare: float
    bare_cpu: float
    """CPU of git and of the helpers it started."""

    @property
    def ratio(self) -> float:
        """1 if our code cost nothing."""
        return self.read / self.bare


def compare(remote: Remote, shas: Sequence[Sha]) -> Cost:
    """Read each commit by `read_commit`, and right after it by its git commands alone."""
    read = bare = bare_cpu = 0.0
    for sha in shas:
        with recorded() as commands:
            started = time.perf_counter()
            read_commit(remote, sha)
            read += time.perf_counter() - started
        with _place_of(commands):
            started, cpu = time.perf_counter(), _children_cpu()
            for command in commands:
                command.run()
            bare += time.perf_counter() - started
            bare_cpu += _children_cpu() - cpu
    return Cost(read, bare, bare_cpu)


@contextmanager
def recorded() -> Iterator[list[Command]]:
    """The git commands that are run in the block."""
    commands: list[Command] = []
    execute = Git.execute

    def record(git: Git, arguments: list[str], **options: Any) -> Any:  # noqa: ANN401 - GitPython's
        stdin = _content(options.get("istream"))
        commands.append(Command(arguments, Path(str(git.working_dir)), options["env"], stdin))
        return execute(git, arguments, **options)

    with patch.object(Git, "execute", record):
        yield commands


@contextmanager
def _place_of(commands: Sequence[Command]) -> Iterator[None]:
    """The folder that the commands name, empty as it was."""
    folder = commands[0].folder
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder.parent)


def _content(stream: BinaryIO | None) -> bytes:
    if stream is None:
        return b""
    content = stream.read()
    stream.seek(0)
    return content


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
