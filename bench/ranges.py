"""Ranges as pages: a year of 20,000 commits, its busiest month and a weekend, from a real web process."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from processes import Site

from bench import proc
from bench.rows import MEGABYTE, Row
from bench.year import REPOSITORY, WATCHES, get, served

AGAIN = 4
"""Times that each is asked for once more: either of the two processes keeps what it rendered itself."""
GOAL_SECONDS, GOAL_MEGABYTES = 2.0, 100
A_YEAR = "a year of 20,000 commits"
SPANS = {
    A_YEAR: [f"2025-01-0{day}..2025-12-31" for day in range(1, 6)],
    "a month of 1,705": [f"2025-0{month}" for month in (1, 3, 5, 7, 8)],
    "a weekend of 165": [f"2025-03-{friday:02}..2025-03-{friday + 2:02}" for friday in (7, 14, 21, 28)],
}
"""Several of a kind: a page that was rendered once is kept."""


def measure(folder: Path) -> Iterator[Row]:
    """A year in a real ledger; ranges of each kind, each of them asked for once and then once more."""
    with served(folder) as site:
        for what, spans in SPANS.items():
            yield from _rows(site, what, [f"/reports/{REPOSITORY}/{span}" for span in spans])
        for watch in WATCHES:
            paths = [f"/watches/{watch}/{span}" for span in SPANS[A_YEAR]]
            yield from _rows(site, f"that year, watched: {watch.replace('-', ' ')}", paths)


def _rows(site: Site, what: str, paths: list[str]) -> Iterator[Row]:
    processes = proc.children(site.processes["web"].pid)
    before = {pid: proc.resident_bytes(pid) for pid in processes}
    cpu = sum(map(proc.cpu_seconds, processes))
    answers = [get(site.port, path) for path in paths]
    seconds = median(taken for taken, _ in answers)
    cpu = (sum(map(proc.cpu_seconds, processes)) - cpu) / len(paths)
    grown = max(proc.resident_bytes(pid) - before[pid] for pid in processes) / MEGABYTE
    measured = f"{seconds:.2f} s, CPU of the web {cpu:.2f} s; {len(answers[0][1]) / 1000:.0f} kB"
    yield Row(what, f"<= {GOAL_SECONDS:.0f} s", measured, None, seconds <= GOAL_SECONDS)
    again = median(get(site.port, path)[0] for path in paths * AGAIN)
    yield Row(f"{what}: the same again", "", f"{again * 1000:.0f} ms")
    memory = f"{grown:.0f} MB more than before"
    yield Row(f"{what}: memory", f"<= {GOAL_MEGABYTES} MB", memory, None, grown <= GOAL_MEGABYTES)
