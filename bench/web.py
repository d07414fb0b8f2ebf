"""The web process at rest: its memory, and that it has loaded neither litellm nor git."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from processes import Site, table

from bench import proc
from bench.rows import MEGABYTE, Row

GOAL = 80
HEAVY = ("litellm", "git")
LIST_MODULES = (
    "import sys; import gunicorn.app.wsgiapp; import webhook.server; from webhook.app import create_app; "
    "create_app(); print(*sys.modules)"
)
"""What a web process imports: gunicorn, its configuration, and the application as gunicorn makes it."""


def measure(folder: Path) -> Iterator[Row]:
    """Both web processes, once they have answered; memory that they share counts in RSS and not in USS."""
    proc.require()
    with Site(folder, tables=[table("example/project")]) as site:
        site.start("web")
        processes = proc.children(site.processes["web"].pid)
        resident = [proc.resident_bytes(pid) / MEGABYTE for pid in processes]
        private = [proc.private_bytes(pid) / MEGABYTE for pid in processes]
        heavy = [name for name in _modules(site) if name.partition(".")[0] in HEAVY]
    measured = f"RSS {max(resident):.0f} MB, USS {median(private):.0f} MB"
    yield Row("web process, idle", f"< {GOAL} MB", measured, None, max(resident) < GOAL)
    loaded = f"{len(heavy)} modules of {' and '.join(HEAVY)}"
    yield Row("web process, loaded", "no litellm, no git", loaded, None, not heavy)


def _modules(site: Site) -> list[str]:
    command = [sys.executable, "-c", LIST_MODULES]
    listed = subprocess.run(
        command, cwd=site.folder, env=site.environment, capture_output=True, text=True, check=True
    )
    return listed.stdout.split()
