"""Markdown of a day from stored analyses: the ledger is read, the digest built and rendered."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from builders import make_analysis, make_entry

from analysis.models import Importance
from analysis.settings import load_settings
from analysis.storage.entry import Entry, Source
from bench.rows import Row
from workers.edition import render
from workers.embedded import EmbeddedServer
from workers.workshop import Workshop

REPOSITORY = "example/project"
RUNS = {10: 30, 100: 15, 1_000: 5, 10_000: 3}
"""Commits of a day, and how often it is rendered."""
JUDGED = 100
"""Commits for which there is a goal."""
GOAL = 50
LINEAR = 1.5
"""The most by which a commit of the longest day may cost more than one of JUDGED."""
NOON = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
LEASE = timedelta(hours=1)


def measure(folder: Path) -> Iterator[Row]:
    """Days of 10 to 10,000 commits, each a day of its own in a real ledger."""
    server = EmbeddedServer(folder)
    server.start()
    shop = Workshop(load_settings(data_dir=folder), server.url)
    shop.store.redis.config_set("appendfsync", "no")  # it is reading that is measured
    try:
        each: dict[int, float] = {}
        for number, count in enumerate(RUNS):
            landed_at = NOON + timedelta(days=number)
            store(shop, _entries(count, landed_at))
            taken = _milliseconds(shop, shop.settings.calendar.day_of(landed_at), RUNS[count])
            each[count] = taken / count
            yield _row(count, taken)
    finally:
        shop.disconnect()
        server.stop()
    growth = each[max(RUNS)] / each[JUDGED]
    measured = f"{each[max(RUNS)]:.2f} ms a commit, of {JUDGED} {each[JUDGED]:.2f} ms"
    yield Row("Markdown: a commit of the longest day", "linear", measured, growth, growth <= LINEAR)


def _row(count: int, taken: float) -> Row:
    judged = count == JUDGED
    goal = f"<= {GOAL} ms" if judged else ""
    return Row(
        f"Markdown from {count:,} stored analyses",
        goal,
        f"{taken:.1f} ms",
        None,
        taken <= GOAL if judged else None,
    )


def _milliseconds(shop: Workshop, day: date, runs: int) -> float:
    taken = []
    for _ in range(runs):
        started = perf_counter()
        render(shop.library, day, (REPOSITORY,), "markdown")
        taken.append(perf_counter() - started)
    return median(taken) * 1000


def _entries(count: int, landed_at: datetime) -> list[Entry]:
    tiers = list(Importance)
    return [
        make_entry(
            seed=(count, number),
            repository=REPOSITORY,
            subject=f"fix(engine): schedule batch {number} within its limit (#{number})",
            landed_at=landed_at,
            authored_at=landed_at - timedelta(seconds=number),
            analysis=make_analysis(importance=tiers[number % len(tiers)]),
        )
        for number in range(count)
    ]


def store(shop: Workshop, entries: Iterable[Entry]) -> None:
    """Record, read and analyse them as the jobs do."""
    kept = {entry.sha: entry for entry in entries}
    rows = [(entry.landed, entry.landed_at) for entry in kept.values()]
    shop.ledger.record_landed(REPOSITORY, "main", rows, source=Source.BACKFILL)
    now = datetime.now(UTC)
    for sha, entry in kept.items():
        lease = shop.leases.claim(REPOSITORY, sha, now=now, until=now + LEASE)
        if lease and entry.facts and entry.model:
            rules = make_analysis(source="rules", importance=entry.model.importance)
            shop.leases.record_read(lease, entry.facts, rules)
            shop.leases.record_analysis(lease, entry.model, now)
