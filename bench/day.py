"""A day's commits in one push: from the delivery to the last analysis, with a model that takes a second."""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import run

from loopback_model import LoopbackModel
from processes import Site, table, until
from repositories import Origin

from bench import ROOT, proc
from bench.gitcommands import compare
from bench.project import make_project, shas
from bench.rows import Row

COMMITS = 90
WORKERS = 16
DELAY = 1.0
"""Seconds that the model takes."""
RUNS = 3
SAMPLE = 30
"""Commits whose git commands are run bare, to know their CPU."""
LONGEST = 90.0
GOAL = 1.25


@dataclass(frozen=True)
class Day:
    """One run, in seconds."""

    wall: float
    """From the delivery until every commit has been analysed."""
    cpu: float
    """Of the workers, their jobs and git."""


def measure(folder: Path) -> Iterator[Row]:
    """Three days, each in a repository of its own that is fetched from the same place."""
    proc.require()
    origin = make_project(folder / "origin.git", commits=COMMITS)
    names = [f"example/day-{number}" for number in range(RUNS)]
    with LoopbackModel(delay=DELAY) as model:
        tables = [table(name, origin) for name in names]
        with Site(
            folder, tables=tables, WORKERS=WORKERS, LLM_MODEL="openai/loopback", LLM_API_BASE=model.url
        ) as site:
            site.start("web", "worker", "clock")
            until(lambda: site.shop.queue.workers() == WORKERS, seconds=LONGEST, what="the workers")
            days = [_run(site, name, origin) for name in names]
    wall, cpu = median(day.wall for day in days), median(day.cpu for day in days)
    unavoidable = compare(origin.remote(), shas(origin)[1 : SAMPLE + 1]).bare_cpu / SAMPLE * COMMITS
    unavoidable += _fork_cpu(COMMITS)
    what = f"{COMMITS} commits, model {DELAY:g} s, {WORKERS} workers"
    yield _row(what, wall, unavoidable, "git and forks", GOAL)
    yield _row(f"{what}: against all CPU", wall, cpu, "the workers", None)


def _row(what: str, wall: float, cpu: float, whose: str, goal: float | None) -> Row:
    """The wall-clock time against the model's plus a CPU time spread over all cores."""
    asking = COMMITS / WORKERS * DELAY
    cores = len(os.sched_getaffinity(0))
    ratio = wall / (asking + cpu / cores)
    measured = f"{wall:.1f} s; model {asking:.1f} s, CPU of {whose} {cpu:.1f} s"
    text = f"<= {goal} x the floor" if goal else ""
    return Row(what, text, measured, ratio, ratio <= goal if goal else None)


def _run(site: Site, name: str, origin: Origin) -> Day:
    first, *landed = shas(origin)
    crew = site.processes["worker"].pid
    before, started = _crew_cpu(crew), time.monotonic()
    site.push(name, origin, first)
    until(
        lambda: site.shop.ledger.progress(name, landed).analysed == len(landed),
        seconds=LONGEST,
        what=f"{len(landed)} analyses",
    )
    return Day(time.monotonic() - started, _crew_cpu(crew) - before)


def _crew_cpu(crew: int) -> float:
    """Of the parent and its workers; jobs and git count once they have been waited for."""
    return sum(proc.cpu_seconds(pid) for pid in (crew, *proc.children(crew)))


def _fork_cpu(count: int) -> float:
    """Of so many forks from a process that has loaded what a worker loads."""
    command = [sys.executable, "-m", "bench.forks", str(count)]
    return float(run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
