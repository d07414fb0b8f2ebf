"""Ranges as pages: a year of 20,000 commits, its busiest month and a weekend, from a real web process."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter

from builders import make_analysis, make_entry
from filled import fill
from processes import TOKEN, Site, table

from analysis.models import FileChange, Importance
from analysis.storage.entry import Entry
from bench import proc
from bench.rows import MEGABYTE, NotMeasurable, Row

REPOSITORY = "example/project"
A_YEAR, A_DAY = 20_000, 55
FIRST = datetime(2025, 1, 1, 4, tzinfo=UTC)
AGAIN = 4
"""Times that each is asked for once more: either of the two processes keeps what it rendered itself."""
GOAL_SECONDS, GOAL_MEGABYTES = 2.0, 100
TIERS = [Importance.HIGH] * 3 + [Importance.MEDIUM] * 8 + [Importance.LOW] * 9
"""15 %, 40 % and 45 %, as a year of a busy project has them."""
FOLDERS = ("src/engine", "src/api", "src/kernels", "web/ui", "docs", "tests")
SUMMARY = "The default of `timeout` went from 60 to 30. Requests that take longer get a 504. " * 4
SPANS = {
    "a year of 20,000 commits": [f"2025-01-0{day}..2025-12-31" for day in range(1, 6)],
    "a month of 1,705": [f"2025-0{month}" for month in (1, 3, 5, 7, 8)],
    "a weekend of 165": [f"2025-03-{friday:02}..2025-03-{friday + 2:02}" for friday in (7, 14, 21, 28)],
}
"""Several of a kind: a page that was rendered once is kept."""


def measure(folder: Path) -> Iterator[Row]:
    """A year in a real ledger; ranges of each kind, each of them asked for once and then once more."""
    proc.require()
    with Site(folder, tables=[table(REPOSITORY)], REPORT_TIMEZONE="UTC") as site:
        site.shop.store.redis.config_set("appendfsync", "no")  # it is reading that is measured
        fill(site.shop.ledger, a_year())
        site.start("web")
        for what, spans in SPANS.items():
            yield from _rows(site, what, [f"/reports/{REPOSITORY}/{span}" for span in spans])


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


def get(port: int, path: str) -> tuple[float, bytes]:
    """Seconds until the last byte, and what was answered."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    started = perf_counter()
    connection.request("GET", path, headers=TOKEN)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:  # noqa: PLR2004
        raise NotMeasurable(f"{path} answers {answer.status}")
    return perf_counter() - started, body


def a_year() -> Iterator[Entry]:
    """Its commits, oldest first."""
    return map(_entry, range(A_YEAR))


def _entry(number: int) -> Entry:
    landed_at = FIRST + timedelta(days=number // A_DAY, seconds=number % A_DAY)
    paths = {
        f"{FOLDERS[(number + 5 * n) % len(FOLDERS)]}/part{(number + n) % 90}.py"
        for n in range(number % 4 + 1)
    }
    files = (
        FileChange(path=path, status="M", additions=number % 90, deletions=number % 40) for path in paths
    )
    analysis = make_analysis(importance=TIERS[number % len(TIERS)], summary=SUMMARY)
    return make_entry(
        seed=number,
        repository=REPOSITORY,
        subject=f"fix(engine): schedule batch {number} within its limit (#{number})",
        body="The limit was taken from another queue, so that a batch could wait for ever.\n" * 4,
        day=landed_at.date(),
        landed_at=landed_at,
        authored_at=landed_at,
        files=tuple(files),
        rules=analysis,
        analysis=analysis,
    )
