"""What Linux's /proc knows of processes: who belongs to whom, and who is still there."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


def kill_session(leader: subprocess.Popen[bytes]) -> None:
    """SIGKILL everything in the session of a process: RQ gives each job a process group of its own."""
    leader.send_signal(signal.SIGSTOP)  # or it would replace a child between being listed and killed
    while members := [pid for pid in pids() if _session_of(pid) == leader.pid and pid != leader.pid]:
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if all(_is_dead(pid) for pid in members):
            break
    leader.kill()
    leader.wait()


def working_in(folder: Path) -> dict[int, str]:
    """The living processes whose working directory is a folder or lies below it, and their commands."""
    found = {}
    for pid in pids():
        with suppress(OSError):
            if Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder):
                found[pid] = command(pid)
    return found


def children(pid: int) -> list[int]:
    """The processes that a process has started and not yet waited for."""
    return [child for child in pids() if _parent(child) == pid]


def command(pid: int) -> str:
    """The command line of a process; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except OSError:
        return None


def pids() -> list[int]:
    """Of all processes there are."""
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]


def parent_of(pid: int) -> int | None:
    """None when the process has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def _is_dead(pid: int) -> bool:
    """Gone, or a zombie that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def gone(pid: int) -> bool:
    """Whether a process has ended, be it that nobody has asked for its status yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
