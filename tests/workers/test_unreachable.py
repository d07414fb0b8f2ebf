"""A commit that its remote no longer has is looked for during three days; then it is parked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import make_sha
from landings import make_landed
from repositories import Origin
from simulated import Clock, SimulatedSite

from analysis.settings import load_settings
from analysis.storage.entry import Entry, Source, State

NAME = "example/project"
SHA = make_sha("dropped")
MONDAY = datetime(2026, 1, 5, 4, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path, redis_url: str) -> SimulatedSite:
    """Follows a repository of which a commit was recorded that was dropped before it was read."""
    origin = Origin(tmp_path / "origin.git")
    origin.commit("Begin", {"a.py": "x = 1\n"})
    tables = [{"name": NAME, "url": origin.url}]
    settings = load_settings(redis_url=redis_url, data_dir=tmp_path / "var", repository_tables=tables)
    made = SimulatedSite(settings, Clock(MONDAY))
    made.shop.ledger.record_landed(NAME, "main", [(make_landed("dropped"), MONDAY)], source=Source.POLL)
    made.settle()
    return made


def entry(site: SimulatedSite) -> Entry:
    found = site.shop.ledger.entry(NAME, SHA)
    assert found is not None
    return found


def test_a_sha_is_parked_only_after_three_days(site: SimulatedSite) -> None:
    assert (entry(site).state, entry(site).obstacle.code) == (State.PENDING, "sha-unreachable")
    site.run_until(MONDAY + timedelta(days=2, hours=20))
    assert entry(site).state is State.PENDING
    assert entry(site).attempts > 5
    site.run_until(MONDAY + timedelta(days=3, hours=12))
    assert entry(site).state is State.PARKED
    assert SHA[:10] in entry(site).obstacle.detail


def test_the_reader_sees_that_it_is_parked_and_why(site: SimulatedSite) -> None:
    site.run_until(MONDAY + timedelta(days=4))
    digest = site.get("/reports/2026-01-05.md")
    assert "搁置" in digest
    assert SHA[:10] in digest
