"""A push that could not be delivered while nothing ran: GitHub is asked for it again, and really makes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import github_server
import pytest
from github_hooks import Hook
from processes import Site, table
from promises import SECRETS
from pushes import payload
from repositories import Origin
from waiting import until

from analysis.storage import keys
from analysis.storage.entry import Source

NAME = "example/project"


@dataclass(frozen=True)
class Lost:
    """A site that was not there when a push was to be delivered, two days ago."""

    site: Site
    hook: Hook
    guid: str
    pushed_at: datetime
    shas: list[str]


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[Lost]:
    origin = Origin(tmp_path / "origin.git")
    before = origin.commit("Begin", {"README.md": "An engine.\n"})
    shas = [origin.commit(f"fix: number {number}", {"a.py": f"x = {number}\n"}) for number in range(3)]
    pushed_at = (datetime.now(UTC) - timedelta(days=2)).replace(microsecond=0)
    body = payload(NAME, origin, before)
    body["repository"]["pushed_at"] = int(pushed_at.timestamp())
    with (
        github_server.serve() as github,
        Site(tmp_path, tables=[table(NAME, origin)], GITHUB_API_URL=github.url) as site,
    ):
        hook = Hook(site.settings.webhook_url, SECRETS["GITHUB_WEBHOOK_SECRET"])
        github.hooks[NAME] = [hook]
        guid = hook.deliver(json.dumps(body).encode(), at=pushed_at + timedelta(seconds=5))
        yield Lost(site, hook, guid, pushed_at, shas)


def test_a_failed_delivery_is_made_again_and_lands_on_the_day_it_was_pushed(lost: Lost) -> None:
    site = lost.site
    assert [each["status"] for each in lost.hook.attempts] == ["failed to connect to host"]
    site.start("web", "worker", "clock")
    until(lambda: site.shop.looks.last(NAME), what="the first walk")
    assert site.entries(NAME, lost.shas) == []
    site.shop.agenda.enquire_now(NAME)
    entries = site.until_all(NAME, lost.shas)
    assert {(entry.source, entry.landed_at) for entry in entries} == {(Source.PUSH, lost.pushed_at)}
    assert {entry.day for entry in entries} == {site.shop.settings.calendar.day_of(lost.pushed_at)}
    assert site.shop.store.redis.exists(keys.delivery(lost.guid))
    assert [(each["status"], each["redelivery"]) for each in lost.hook.attempts] == [
        ("OK", True),
        ("failed to connect to host", False),
    ]
