"""A followed repository in one process: pushes whose deliveries arrive, come late or never, and our own jobs.

    with following(redis_url, table(NAME, origin)) as follower:
        lost, late = upstream.push("Lost"), upstream.push("Late")
        follower.deliver(late)
        follower.walk()
        assert set(follower.landed()) == {*lost.shas, *late.shas}

The deliveries are signed and go through the real application, the jobs are those it put into the queue, and
the repository is a bare one on this machine.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from deliveries import SECRET, deliver
from flask.testing import FlaskClient
from processes import zone_at_noon
from pushes import NO_SHA, payload
from repositories import Origin
from rq.job import Job
from rq.serializers import JSONSerializer
from werkzeug.test import TestResponse
from written import written

from analysis.models import Sha
from analysis.settings import load_settings
from analysis.storage.entry import Entry
from webhook.app import create_app
from workers import jobs
from workers.clock import tick
from workers.queue import CLOSE, ENQUIRE, WALK
from workers.workshop import Workshop, furnish

NAME = "example/project"
JOBS: dict[str, Callable[..., None]] = {
    WALK: jobs.record_landed,
    CLOSE: jobs.close_day,
    ENQUIRE: jobs.ask_for_deliveries,
}
URGENT = re.compile("walk-|close-|enquire-").match
"""What is run here, and how its ids begin; the analysis of commits waits in the queue."""


@dataclass(frozen=True)
class Pushed:
    """One push: what it brought, and its delivery, which nobody has made yet."""

    shas: tuple[Sha, ...]
    payload: dict[str, Any]
    guid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def listing(self, *shas: Sha) -> "Pushed":
        """The same delivery, but its payload lists no other commits than these."""
        commits = [commit for commit in self.payload["commits"] if commit["id"] in shas]
        return Pushed(self.shas, self.payload | {"commits": commits}, self.guid)

    def saying(self, **fields: Any) -> "Pushed":
        """The same delivery with other fields."""
        return Pushed(self.shas, self.payload | fields, self.guid)

    def of(self, **fields: Any) -> "Pushed":
        """The same delivery of a repository with other fields."""
        return self.saying(repository=self.payload["repository"] | fields)


class Upstream:
    """The repository at GitHub."""

    def __init__(self, origin: Origin, name: str = NAME) -> None:
        self.origin, self.name = origin, name

    def head(self, branch: str = "main") -> Sha:
        return self.origin.head(branch) if self.origin.has_branch(branch) else NO_SHA

    def push(self, *messages: str, branch: str = "main", onto: Sha | None = None, **header: Any) -> Pushed:
        """Commit on a branch, or on what `onto` names wherever the branch stood, and push that."""
        before, shas = self.head(branch), list[Sha]()
        for message in messages:
            parents = [onto] if onto and not shas else None
            shas.append(self.origin.commit(message, branch=branch, parents=parents, **header))
        return self._pushed(before, branch, shas)

    def merge(self, *topics: str) -> Pushed:
        """Merge topics into main and push the merge."""
        return self._pushed(self.head(), "main", [self.origin.merge(*topics)])

    def move(self, branch: str, sha: Sha) -> Pushed:
        """Push a branch to another commit, by force if need be; creates it if it is not there."""
        before = self.head(branch)
        self.origin.point(branch, sha)
        return self._pushed(before, branch, [])

    def delete(self, branch: str) -> Pushed:
        """Delete a branch."""
        deleted = {"before": self.head(branch), "after": NO_SHA, "deleted": True}
        found = payload(self.name, self.origin, deleted["before"], branch)
        self.origin.point(branch, None)
        return Pushed((), found | deleted)

    def _pushed(self, before: Sha, branch: str, shas: Sequence[Sha]) -> Pushed:
        return Pushed(tuple(shas), payload(self.name, self.origin, before, branch))


@dataclass(frozen=True)
class Follower:
    """Our own application and jobs."""

    shop: Workshop
    client: FlaskClient

    def deliver(self, *pushes: Pushed) -> list[TestResponse]:
        """The deliveries arrive, in this order."""
        return [
            deliver(self.client, json.dumps(each.payload).encode(), headers={"X-GitHub-Delivery": each.guid})
            for each in pushes
        ]

    def poll(self) -> None:
        """An hour has passed for the clock: whatever is to be walked is due, and the jobs are run."""
        for repository in self.shop.settings.followed:
            self.shop.agenda.plan_walk(repository.name, datetime.now(UTC))
        tick(self.shop, datetime.now(UTC))
        self.run_jobs()

    def run_jobs(self) -> None:
        """Run the walks, closings and enquiries in the queue, as a worker would."""
        queue = self.shop.queue.queue
        for identifier in filter(URGENT, queue.job_ids):
            job = Job.fetch(identifier, connection=queue.connection, serializer=JSONSerializer)
            queue.remove(identifier)
            JOBS[job.func_name](*job.args)

    def landed(self, repository: str = NAME) -> dict[Sha, Entry]:
        """Every entry by its sha; each must be on one day, once."""
        ledger = self.shop.ledger
        entries = [entry for day in ledger.days(repository) for entry in ledger.day(repository, day)]
        found = {entry.sha: entry for entry in entries}
        assert len(found) == len(entries)
        return found


def subjects(follower: Follower) -> list[str]:
    """Of all that has landed, in alphabetical order."""
    return sorted(entry.landed.subject for entry in follower.landed().values())


@contextmanager
def following(redis_url: str, *tables: str, **settings: object) -> Iterator[Follower]:
    """Follow what the tables of a `pushdigest.toml` say, with more settings by their names."""
    given = {
        "REDIS_URL": redis_url,
        "GITHUB_WEBHOOK_SECRET": SECRET,
        "REPORT_TIMEZONE": zone_at_noon(),
        **settings,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, str(value))
        written("pushdigest.toml", "\n\n".join(tables))
        shop = Workshop(load_settings(), redis_url)
        furnish(shop)
        yield Follower(shop, create_app(load_settings()).test_client())
        shop.disconnect()
