import os
import subprocess
import sys
from pathlib import Path

import pytest
from disks import small_disk

from workers import occupancy
from workers.occupancy import Occupied, occupied

CHECKOUT = Path(occupancy.__file__).parents[1]
HOLD = """
import pathlib, sys
from workers.occupancy import occupied
with occupied(pathlib.Path(sys.argv[1])):
    print("there", flush=True)
    sys.stdin.read()
"""


def enter(folder: Path) -> None:
    with occupied(folder):
        pass


def test_whoever_comes_second_is_told_who_is_there_and_one_that_is_killed_leaves(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipe, environment = subprocess.PIPE, {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"there\n"
        with pytest.raises(Occupied, match=rf"\(process {holder.pid}\) works in {tmp_path}: stop"):
            enter(tmp_path)
        holder.kill()
        holder.wait()
        with occupied(tmp_path):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_other_folders_are_free(tmp_path: Path) -> None:
    with occupied(tmp_path / "one"), occupied(tmp_path / "another"):
        pass


def test_on_a_full_disk_there_is_one_as_well(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        disk.fill()
        with occupied(disk.folder), pytest.raises(Occupied, match="another"):
            enter(disk.folder)
