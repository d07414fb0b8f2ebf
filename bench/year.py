"""A year of 20,000 commits in a real ledger, and a real web process that serves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

from builders import make_analysis, make_entry
from filled import fill
from processes import TOKEN, Site, table

from analysis.models import FileChange, Importance
from analysis.storage.entry import Entry
from bench import proc
from bench.rows import NotMeasurable

REPOSITORY = "example/project"
A_YEAR, A_DAY = 20_000, 55
FIRST = datetime(2025, 1, 1, 4, tzinfo=UTC)
TIERS = [Importance.HIGH] * 3 + [Importance.MEDIUM] * 8 + [Importance.LOW] * 9
"""15 %, 40 % and 45 %, as a year of a busy project has them."""
FOLDERS = ("src/engine", "src/api", "src/kernels", "web/ui", "docs", "tests")
WATCHES = {
    "a-rare-word": 'words = ["batch 1234", "deadlock"]',
    "half-of-all": 'paths = ["src/kernels/**"]',
    "an-author": 'authors = ["Nobody At All"]',
    "every-commit": 'words = ["batch"]',
}
"""What each watch looks for: the last has to be found in the words of every commit."""
SUMMARY = "The default of `timeout` went from 60 to 30. Requests that take longer get a 504. " * 4


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The year, while it can be asked for."""
    proc.require()
    watches = [f'[[watches]]\nname = "{name}"\n{field}' for name, field in WATCHES.items()]
    with Site(folder, tables=[table(REPOSITORY), *watches], REPORT_TIMEZONE="UTC") as site:
        site.shop.store.redis.config_set("appendfsync", "no")  # it is reading that is measured
        fill(site.shop.ledger, map(_entry, range(A_YEAR)))
        site.start("web")
        yield site


def get(port: int, path: str) -> tuple[float, bytes]:
    """Seconds until the last byte, and what was answered."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    started = perf_counter()
    connection.request("GET", path, headers=TOKEN)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != HTTPStatus.OK:
        raise NotMeasurable(f"{path} answers {answer.status}")
    return perf_counter() - started, body


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
