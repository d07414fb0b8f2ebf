"""A day's commits in one push: from the delivery to the last analysis, with a model that takes a second."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import run

from loopback_model import LoopbackModel
from processes import Site, table
from repositories import Origin
from waiting import until

from bench import ROOT, proc
from bench.gitcommands import compare
from bench.project import make_project, shas
from bench.rows import Row

COMMITS = 90
WORKERS = 16
DELAY = 1.0
"""Seconds that the model takes."""
NAMES = tuple(f"example/day-{number}" for number in range(3))
SAMPLE = 30
"""Commits whose git commands are run bare, to know their CPU."""
ENOUGH = 25.0
"""Seconds of days after which no other one is begun."""
LONGEST = 60.0
"""Seconds after which a day is given up."""
GOAL = 1.25


@dataclass(frozen=True)
class Day:
    """One run."""

    analysed: int
    wall: float
    """Seconds from the delivery until every commit had been analysed, or LONGEST."""
    cpu: float
    """Seconds of CPU of the workers, their jobs and git."""


def measure(folder: Path) -> Iterator[Row]:
    """Up to three days, each in a repository of its own that is fetched from the same place."""
    proc.require()
    origin = make_project(folder / "origin.git", commits=COMMITS)
    tables = [table(name, origin) for name in NAMES]
    with LoopbackModel(delay=DELAY) as model:
        settings = {"WORKERS": WORKERS, "LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url}
        with Site(folder, tables=tables, **settings) as site:
            days = _days(site, origin)
            git = compare(origin.remote(), shas(origin)[1 : SAMPLE + 1]).bare_cpu / SAMPLE * COMMITS
            yield _row("all analysed", days, git + _fork_cpu(COMMITS), "git and forks", GOAL)
            yield _row("against all CPU", days, median(day.cpu for day in days), "the workers", None)


def _days(site: Site, origin: Origin) -> list[Day]:
    """Another one only as long as there is time for it."""
    site.start("web", "worker", "clock")
    until(lambda: site.shop.queue.workers() == WORKERS, seconds=LONGEST, what="the workers")
    days: list[Day] = []
    for name in NAMES:
        if sum(day.wall for day in days) < ENOUGH:
            days.append(_run(site, name, origin))
    return days


def _row(what: str, days: Sequence[Day], cpu: float, whose: str, goal: float | None) -> Row:
    """The wall-clock time against the model's plus a CPU time spread over all cores."""
    wall, asking = median(day.wall for day in days), COMMITS / WORKERS * DELAY
    ratio = wall / (asking + cpu / len(os.sched_getaffinity(0)))
    missing = COMMITS - min(day.analysed for day in days)
    done = f"{wall:.1f} s" if not missing else f"{missing} missing after {LONGEST:g} s"
    return Row(
        f"{COMMITS} commits, {WORKERS} workers: {what}",
        f"<= {goal} x floor" if goal else "",
        f"{done}; model {asking:.1f} s, CPU of {whose} {cpu:.1f} s",
        ratio,
        ratio <= goal and not missing if goal else None,
    )


def _run(site: Site, name: str, origin: Origin) -> Day:
    first, *landed = shas(origin)
    crew = site.processes["worker"].pid
    before, started = _crew_cpu(crew), time.monotonic()
    site.push(name, origin, first)
    analysed, wall = 0, 0.0
    while analysed < len(landed) and wall < LONGEST:
        time.sleep(0.05)
        analysed = site.shop.ledger.census.progress(name, landed).analysed
        wall = time.monotonic() - started
    return Day(analysed, wall, _crew_cpu(crew) - before)


def _crew_cpu(crew: int) -> float:
    """Of the parent, its workers, their jobs and git, those that have ended included."""
    total = 0.0
    for pid in proc.tree(crew):
        with suppress(OSError):  # it has ended meanwhile, and counts for its parent
            total += proc.cpu_seconds(pid)
    return total


def _fork_cpu(count: int) -> float:
    """Of so many forks from a process that has loaded what a worker loads."""
    command = [sys.executable, "-m", "bench.forks", str(count)]
    return float(run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
