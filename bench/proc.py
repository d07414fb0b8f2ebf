"""What Linux tells of a running process under /proc.

Every function may raise `ProcessLookupError` or `FileNotFoundError` (both OSError) for one that has ended.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from proc import children

from bench.rows import NotMeasurable

PROC = Path("/proc")
KIBIBYTE = 1024


def require() -> None:
    """Make sure that there is a /proc to read.

    Raises:
        NotMeasurable: on any other system.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        raise NotMeasurable("needs /proc of Linux")


def tree(pid: int) -> Iterator[int]:
    """A process and all its living descendants."""
    yield pid
    for child in children(pid):
        yield from tree(child)


def private_bytes(pid: int) -> int:
    """Memory that no other process shares; that would be free if this one ended."""
    return _memory(pid, "Private_Clean", "Private_Dirty")


def resident_bytes(pid: int) -> int:
    """Memory in use, shared or not."""
    return _memory(pid, "Rss")


def peak_bytes(pid: int) -> int:
    """The most memory that its program has had in use so far, shared or not; proc(5), `VmHWM`."""
    lines = (PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    sizes = dict(line.split(":", 1) for line in lines)
    return int(sizes["VmHWM"].split()[0]) * KIBIBYTE


def cpu_seconds(pid: int) -> float:
    """CPU of a process and of all the descendants that have been waited for; proc(5), `stat`, 14 to 17."""
    return sum(map(int, _stat(pid)[11:15])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int, *names: str) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return sum(sizes[name] for name in names) * KIBIBYTE


def _stat(pid: int) -> list[str]:
    """The fields of `stat` behind the name, which may hold anything: the first is the state."""
    return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
