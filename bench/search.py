"""The search over a year of 20,000 commits, from a real web process: words easy and hard to find."""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import quote_plus

from processes import Site

from bench import proc
from bench.rows import Row
from bench.year import get, served

GOAL_SECONDS = 1.0
RUNS = 9
WORDS = {
    "a frequent word": "timeout",
    "a rare word": "batch 12345",
    "a word that is nowhere": "xyzzy",
    "the same in Chinese": "无此词语",
    "the name of a field": "old_path",
}


def measure(folder: Path) -> Iterator[Row]:
    """Each is asked for in turn; a search is never kept."""
    with served(folder) as site:
        for what, words in WORDS.items():
            yield _row(site, what, f"/search.json?q={quote_plus(words)}")


def _row(site: Site, what: str, path: str) -> Row:
    """One that had to stop early is no answer, however fast it was."""
    before = _cpu_seconds(site)
    answers = [get(site.port, path) for _ in range(RUNS)]
    web, server = ((after - was) / RUNS for was, after in zip(before, _cpu_seconds(site), strict=True))
    seconds = median(taken for taken, _ in answers)
    told = [json.loads(body) for _, body in answers]
    searched = min(each["searched"]["commits"] for each in told)
    met = seconds <= GOAL_SECONDS and all(each["ended"] != "time" for each in told)
    measured = f"{seconds:.2f} s, CPU {web:.2f} and {server:.2f} s; {searched:,} searched"
    return Row(f"20,000 commits: {what}", f"<= {GOAL_SECONDS:.0f} s", measured, None, met)


def _cpu_seconds(site: Site) -> tuple[float, float]:
    """What the web and Redis have used so far."""
    used = site.shop.store.redis.info("cpu")
    web = sum(map(proc.cpu_seconds, proc.children(site.processes["web"].pid)))
    return web, used["used_cpu_user"] + used["used_cpu_sys"]
