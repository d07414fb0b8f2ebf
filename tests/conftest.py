"""Fixtures for every room: a real Valkey server, emptied before each test that asks for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import settings
from redis import Redis

from analysis.calendar import Calendar
from analysis.storage.accounts import Accounts
from analysis.storage.agenda import Agenda
from analysis.storage.breaker import Breakers
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store
from workers.embedded import EmbeddedServer
from workers.queue import JobQueue

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("patient", deadline=None)  # an example may meet a busy machine
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """Left alone, structlog draws a frame around each with all variables, for seconds."""
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    embedded = EmbeddedServer(tmp_path_factory.mktemp("valkey"))
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A real Chromium; one for each file, as other tests cannot run an event loop beside Playwright's."""
    from chromium import CHROMIUM, MISSING, chromium  # noqa: PLC0415 - only where a browser is asked for

    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium() as opened:
        yield opened


@pytest.fixture
def redis_url(server: EmbeddedServer) -> str:
    with Redis.from_url(server.url) as client:
        client.flushall()
    return server.url


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(ZoneInfo("Asia/Shanghai"), time(0, 10))


@pytest.fixture
def store(redis_url: str) -> Iterator[Store]:
    opened = Store.open(redis_url)
    yield opened
    opened.redis.close()


@pytest.fixture
def ledger(store: Store, calendar: Calendar) -> Ledger:
    return Ledger(store, calendar)


@pytest.fixture
def leases(ledger: Ledger) -> Leases:
    return Leases(ledger)


@pytest.fixture
def agenda(store: Store, calendar: Calendar) -> Agenda:
    return Agenda(store, calendar)


@pytest.fixture
def accounts(store: Store, calendar: Calendar) -> Accounts:
    return Accounts(store, calendar)


@pytest.fixture
def breakers(store: Store) -> Breakers:
    return Breakers(store)


@pytest.fixture
def queue(redis_url: str) -> Iterator[JobQueue]:
    opened = JobQueue.open(redis_url)
    yield opened
    opened.redis.close()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable, `.env` or `pushdigest.toml` of whoever runs the tests reaches them."""
    from analysis.settings import Settings  # noqa: PLC0415 - after the environment is clean

    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.delenv("PUSHDIGEST_CONFIG", raising=False)
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.fixture
def noon() -> datetime:
    """An instant in the middle of 2026-01-09 in Shanghai."""
    return datetime(2026, 1, 9, 4, 0, tzinfo=UTC)
