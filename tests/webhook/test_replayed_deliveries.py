"""An old delivery with its own, valid signature, sent again by whoever has kept it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from builders import make_analysis, make_facts
from deliveries import ENGINE, deliver, encode, make_client, read_payload
from flask.testing import FlaskClient
from invariants import snapshot
from landings import LEASED
from waiting import until

from analysis.storage import keys
from analysis.storage.agenda import Agenda
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from workers.queue import JobQueue, walk

DAY = date(2026, 1, 9)
OLD, NEW = "the-old-delivery", "the-new-delivery"
HEAD = "b" * 40
"""Of the branch, since."""


@dataclass(frozen=True)
class Door:
    """Where deliveries arrive, and what they change."""

    client: FlaskClient
    ledger: Ledger
    agenda: Agenda
    queue: JobQueue

    def send(self, payload: Any, delivery: str = OLD) -> None:
        answer = deliver(self.client, encode(payload), headers={"X-GitHub-Delivery": delivery})
        assert answer.status_code == 202

    def kept(self) -> dict[str, object]:
        """All of commits, days, branches and repositories: not the walk, which may be asked for."""
        found = snapshot(self.ledger.redis)
        found.pop(keys.WALKS)
        return found

    def forget_deliveries(self) -> None:
        """Their 30 days have passed."""
        remembered = [keys.delivery(delivery) for delivery in (OLD, NEW)]
        for key in remembered:
            self.ledger.redis.pexpire(key, 1)
        until(lambda: not self.ledger.redis.exists(*remembered))


@pytest.fixture
def door(redis_url: str, ledger: Ledger, agenda: Agenda, queue: JobQueue) -> Door:
    return Door(make_client(redis_url), ledger, agenda, queue)


@pytest.fixture
def old() -> Any:
    return read_payload("push__several-commits")


def analyse_and_walk(door: Door, old: Any) -> None:
    """What comes after a delivery: commits are analysed, its branch is walked, its jobs are done."""
    leases, at = Leases(door.ledger), door.ledger.day(ENGINE, DAY)[0].landed_at
    for sha in (old["after"], old["commits"][0]["id"]):
        lease = leases.claim(ENGINE, sha, now=at, until=at + LEASED)
        assert lease
        leases.record_read(lease, make_facts(repository=ENGINE, sha=sha), make_analysis(source="rules"))
        assert leases.record_analysis(lease, make_analysis(), at + timedelta(minutes=1))
    assert door.agenda.advance(ENGINE, "main", cursor=None, head=old["after"])
    door.agenda.finish_walk(ENGINE, at, at + timedelta(hours=1))


def following(old: Any, **fields: object) -> Any:
    """The push after it."""
    repository = {**old["repository"], **fields}
    return {**old, "before": old["after"], "after": HEAD, "commits": [], "repository": repository}


@pytest.mark.parametrize("remembered", [True, False], ids=["within 30 days", "after 30 days"])
def test_it_changes_nothing_and_has_the_repository_walked_at_most(
    door: Door, old: Any, *, remembered: bool
) -> None:
    door.send(old)
    analyse_and_walk(door, old)
    door.send(following(old, pushed_at=old["repository"]["pushed_at"] + 86_400), NEW)
    door.queue.queue.empty()
    if not remembered:
        door.forget_deliveries()
    before = door.kept()
    door.send(old)
    after = door.kept()
    if not remembered:
        assert after.pop(keys.delivery(OLD))
    assert after == before
    assert door.agenda.branch(ENGINE, "main").pushed == HEAD
    assert door.queue.waiting() == {walk(ENGINE)[0]}


def test_two_pushes_within_one_second_are_not_turned_round(door: Door, old: Any) -> None:
    door.send(old)
    door.send(following(old), NEW)
    door.send(old)
    assert door.agenda.branch(ENGINE, "main").pushed == HEAD


def test_a_branch_that_nobody_follows_any_more_is_not_followed_again(
    redis_url: str, ledger: Ledger, old: Any
) -> None:
    assert deliver(make_client(redis_url), encode(old)).status_code == 202
    before = snapshot(ledger.redis)
    elsewhere = make_client(redis_url, {"name": ENGINE, "branches": ["release/*"]})
    answer = deliver(elsewhere, encode(old), headers={"X-GitHub-Delivery": "again"})
    assert answer.json["ignored"] == "other branch"
    unfollowed = make_client(redis_url, {"name": "example/other"})
    answer = deliver(unfollowed, encode(old), headers={"X-GitHub-Delivery": "again"})
    assert answer.json["ignored"].startswith("repository not followed")
    assert snapshot(ledger.redis) == before


def test_a_delivery_that_an_old_secret_signed_is_refused_once_that_secret_is_retired(
    redis_url: str, old: Any
) -> None:
    for secrets, statuses in ([["old"], (401, 202)], [["new", "old"], (202, 202)], [["new"], (202, 401)]):
        client = make_client(redis_url, {"name": ENGINE, "webhook_secrets": secrets})
        assert (
            tuple(deliver(client, encode(old), secret=each).status_code for each in ("new", "old"))
            == statuses
        )
