"""What one more worker takes, when litellm was loaded before the forks: idle, and with a job under way."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

from loopback_model import LoopbackModel
from processes import Site, table
from repositories import Origin
from waiting import until

from bench import proc
from bench.project import make_project, shas
from bench.rows import MEGABYTE, Row

REPOSITORY = "example/project"
WORKERS = 4
COMMITS = 12
DELAY = 2.0
"""Seconds that the model takes: long enough to look at each job several times."""
LONGEST = 60.0
GOAL = 40


def measure(folder: Path) -> Iterator[Row]:
    """Four workers and twelve jobs, each looked at as long as it lasts."""
    proc.require()
    origin = make_project(folder / "origin.git", commits=COMMITS)
    with LoopbackModel(delay=DELAY) as model:
        settings = {"WORKERS": WORKERS, "LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url}
        with Site(folder, tables=[table(REPOSITORY, origin)], **settings) as site:
            site.start("web", "worker", "clock")
            until(lambda: site.shop.queue.workers() == WORKERS, seconds=LONGEST, what="the workers")
            crew = site.processes["worker"].pid
            idle = [proc.private_bytes(worker) for worker in proc.children(crew)]
            parent = proc.resident_bytes(crew)
            yield _row("memory of a further worker, idle", idle, f"their parent {parent / MEGABYTE:.0f} MB")
            pairs, jobs = _watch(site, crew, origin)
    yield _row("memory of a further worker with its job", pairs, f"the job's {_megabytes(jobs):.0f} MB")


def _row(what: str, sizes: list[int], beside: str) -> Row:
    private = _megabytes(sizes)
    return Row(what, f"<= {GOAL} MB private", f"{private:.1f} MB private; {beside}", None, private <= GOAL)


def _megabytes(sizes: list[int]) -> float:
    return median(sizes) / MEGABYTE


def _watch(site: Site, crew: int, origin: Origin) -> tuple[list[int], list[int]]:
    """The most that each job had to itself: together with its worker, and alone."""
    first, *landed = shas(origin)
    site.push(REPOSITORY, origin, first)
    pairs: dict[int, int] = {}
    jobs: dict[int, int] = {}
    deadline = time.monotonic() + LONGEST
    while (
        site.shop.ledger.census.progress(REPOSITORY, landed).analysed < len(landed)
        and time.monotonic() < deadline
    ):
        for worker in proc.children(crew):
            for job in proc.children(worker):
                with suppress(OSError):  # it has ended meanwhile
                    alone = proc.private_bytes(job)
                    jobs[job] = max(jobs.get(job, 0), alone)
                    pairs[job] = max(pairs.get(job, 0), alone + proc.private_bytes(worker))
        time.sleep(0.1)
    return list(pairs.values()), list(jobs.values())
