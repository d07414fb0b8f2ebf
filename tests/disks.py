"""Small disks for tests that fill them: file systems in memory, which only root on Linux can mount."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

MEGABYTES = 8


@dataclass(frozen=True)
class Ballast:
    """A file that takes all the room there is on the disk of a folder."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        with self.file.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    def remove(self) -> None:
        self.file.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[Ballast]:
    """A disk of a few megabytes at a folder; the test is skipped where none can be mounted."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "tmpfs", str(folder)]
    try:
        done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no `mount` here to make a small disk with")
    if done.returncode:
        pytest.skip(f"no small disk can be made: {done.stderr.strip()}")
    try:
        yield Ballast(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
