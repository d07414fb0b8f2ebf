"""The page of a day of 100 commits: its size, and what the server takes to send it."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import seed
from builders import make_facts, make_sha
from flask.testing import FlaskClient

from analysis.models import Landed
from analysis.settings import load_settings
from analysis.storage.entry import Entry
from bench.markdown import NOON, REPOSITORY, store
from bench.rows import Row
from webhook.app import create_app
from workers.embedded import EmbeddedServer
from workers.workshop import Workshop

COMMITS = 100
RUNS = 15
SMALL = 150_000
"""Bytes of the page, packed."""
SOON = 100
"""Milliseconds of every view but the first."""


def measure(folder: Path) -> Iterator[Row]:
    """One day in a real ledger, whose analyses are those of a published digest, again and again."""
    server = EmbeddedServer(folder)
    server.start()
    shop = Workshop(load_settings(data_dir=folder), server.url)
    try:
        store(shop, _entries())
        address = f"/reports/{REPOSITORY}/{shop.settings.calendar.day_of(NOON)}"
        yield from _rows(create_app(shop.settings).test_client(), address)
    finally:
        shop.disconnect()
        server.stop()


def _rows(client: FlaskClient, address: str) -> Iterator[Row]:
    first = _view(client, address, {})
    packed = len(gzip.compress(first.body, 6, mtime=0))
    size = f"{len(first.body) / 1000:.0f} kB, {packed / 1000:.0f} kB by gzip -6"
    yield Row(f"page of {COMMITS} commits: one request", "< 150 kB packed", size, None, packed < SMALL)
    yield Row(f"page of {COMMITS} commits: first view", "", f"{first.taken:.0f} ms")
    for what, headers in (("again", {}), ("unchanged (304)", {"If-None-Match": first.tag})):
        taken = median(_view(client, address, headers).taken for _ in range(RUNS))
        yield Row(f"page of {COMMITS} commits: {what}", "< 100 ms", f"{taken:.1f} ms", None, taken < SOON)


@dataclass(frozen=True)
class View:
    """What a browser got, and after how many milliseconds."""

    body: bytes
    tag: str
    taken: float


def _view(client: FlaskClient, address: str, headers: dict[str, str]) -> View:
    started = perf_counter()
    answer = client.get(address, headers={"Accept-Encoding": "gzip", **headers})
    taken = (perf_counter() - started) * 1000
    body = gzip.decompress(answer.data) if answer.data else b""
    return View(body, answer.headers["ETag"], taken)


def _entries() -> list[Entry]:
    published = seed.entries()
    return [_again(published[number % len(published)], number) for number in range(COMMITS)]


def _again(entry: Entry, number: int) -> Entry:
    """The same commit under another sha."""
    facts = make_facts(
        repository=REPOSITORY,
        sha=make_sha(("page", number)),
        subject=entry.landed.subject,
        author=entry.landed.author,
        authored_at=NOON - timedelta(minutes=number),
    )
    landed = Landed.model_validate(facts, from_attributes=True)
    return entry.model_copy(
        update={
            "repository": REPOSITORY,
            "sha": facts.sha,
            "landed_at": NOON,
            "facts": facts,
            "landed": landed,
        }
    )
