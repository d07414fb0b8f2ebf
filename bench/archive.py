"""A ledger of 20,000 commits from a file and into one, by the commands themselves."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from builders import make_analysis, make_entry
from processes import Site

from analysis.archive.lines import DayLine, End, EntryLine, Header
from analysis.models import FileChange, Importance
from analysis.storage.entry import Entry
from analysis.storage.schema import SCHEMA
from bench import proc
from bench.rows import MEGABYTE, NotMeasurable, Row

COMMITS, FEW = 20_000, 2_000
A_DAY = 29
"""Commits of one day: as many as there were in the year and ten months that the seed is of."""
FILES = 5
NOON = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
BOUNDED = 1.3
"""The most by which ten times the commits may take more memory."""
OFTEN = 0.02
"""Seconds between two looks at the memory; rusage would tell of the process that was forked from as well."""


def measure(folder: Path) -> Iterator[Row]:
    """2,000 commits and then 20,000, each into an empty ledger and out of it."""
    proc.require()
    few = dict(_journey(folder / "few", FEW))
    for name, (seconds, memory, size) in _journey(folder / "many", COMMITS):
        measured = (
            f"{seconds:.1f} s, {seconds / COMMITS * 1000:.2f} ms each; {size / MEGABYTE:.0f} MB of lines"
        )
        yield Row(f"{name} {COMMITS:,} commits", "", measured)
        growth = memory / few[name][1]
        yield Row(
            f"{name} {COMMITS:,} commits: memory",
            "bounded",
            f"{memory / MEGABYTE:.0f} MB at most, for {FEW:,} {few[name][1] / MEGABYTE:.0f} MB",
            growth,
            growth <= BOUNDED,
        )


def _journey(folder: Path, count: int) -> Iterator[tuple[str, tuple[float, int, int]]]:
    """What import and export took: seconds, bytes of memory at most, bytes of lines."""
    folder.mkdir()
    lines = folder / "lines.jsonl"
    with lines.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in _lines(count))
    with Site(folder) as site:
        for name, arguments in (
            ("import", ["import", str(lines)]),
            ("export", ["export", "-o", str(folder / "out.jsonl")]),
        ):
            yield name, (*_run(site, arguments), lines.stat().st_size)


def _run(site: Site, arguments: list[str]) -> tuple[float, int]:
    started = time.perf_counter()
    command = [sys.executable, "-m", "workers", *arguments]
    done = subprocess.Popen(command, cwd=site.folder, env=site.environment, stderr=subprocess.DEVNULL)
    peak = 0
    while done.poll() is None:
        with suppress(OSError, KeyError):  # it has just ended
            peak = proc.peak_bytes(done.pid)
        time.sleep(OFTEN)
    if done.returncode:
        raise NotMeasurable(f"{arguments[0]} ended with {done.returncode}")
    return time.perf_counter() - started, peak


def _lines(count: int) -> Iterator[str]:
    yield Header(form=SCHEMA, version="bench", exported_at=NOON).model_dump_json()
    written = 1
    numbers = groupby(range(count), key=lambda number: number // A_DAY)
    for past, found in numbers:
        at = NOON - timedelta(days=past)
        own = list(found)
        for number in own:
            yield EntryLine(**dict(_entry(number, at))).model_dump_json()
        yield _day(at.date(), len(own), at).model_dump_json()
        written += len(own) + 1
    yield End(lines=written).model_dump_json()


def _day(day: date, entries: int, at: datetime) -> DayLine:
    closed = at + timedelta(days=1)
    return DayLine(
        repository="octo/engine", day=day, entries=entries, revision=1, content=f"{day}", closed_at=closed
    )


def _entry(number: int, at: datetime) -> Entry:
    tier = list(Importance)[number % 3]
    paths = (f"engine/part_{number % 97}/file_{each}.py" for each in range(FILES))
    files = tuple(FileChange(path=path, status="M", additions=9, deletions=3) for path in paths)
    return make_entry(
        seed=("archive", number),
        subject=f"fix(engine): schedule batch {number} within its limit (#{number})",
        body="What it does and why, in a few sentences.\n" * 5,
        files=files,
        landed_at=at,
        day=at.date(),
        rules=make_analysis(source="rules", importance=tier),
        analysis=make_analysis(importance=tier, summary="超时的请求现在会得到 504，而不是一直挂起。" * 6),
    )
