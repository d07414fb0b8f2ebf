"""Reading commits from git, against the same git commands without our code around them."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.gitcommands import compare
from bench.project import make_project, shas
from bench.rows import Row

COMMITS = 200
RUNS = 5
GOAL = 1.3


def measure(folder: Path) -> Iterator[Row]:
    """Read 200 commits, in five runs of 40."""
    origin = make_project(folder / "origin.git", commits=COMMITS)
    listed = shas(origin)[1:]
    runs = [compare(origin.remote(), listed[number::RUNS]) for number in range(RUNS)]
    size = COMMITS // RUNS
    read, bare = (
        median(times) / size * 1000 for times in ([run.read for run in runs], [run.bare for run in runs])
    )
    ratio = median(run.ratio for run in runs)
    yield Row(
        f"reading {COMMITS} commits' facts and patches",
        f"<= {GOAL} x bare git",
        f"{read:.0f} ms a commit, bare git {bare:.0f} ms",
        ratio,
        ratio <= GOAL,
    )
