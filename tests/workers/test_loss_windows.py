"""Where RQ 3 loses a job, or runs it twice: the ledger has it made once all the same."""

import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback_model import LoopbackModel
from processes import Site, table
from repositories import Origin
from rq.job import Job
from waiting import until

from analysis.models import Landed
from analysis.storage.entry import Source, State
from workers import queue as names
from workers.dispatch import dispatch

NAME = "example/project"
WORKER = Path(__file__).parents[1] / "mortal_worker.py"
UNTOUCHED = (State.PENDING, 0)
"""State and attempts."""


@dataclass
class Office:
    """A site without a clock, whose workers are mortal; ticks are the test's."""

    site: Site
    origin: Origin
    shas: dict[str, str] = field(default_factory=dict)
    """What happened -> the commit to whose job it happened."""
    after: dict[str, tuple[State, int]] = field(default_factory=dict)
    """How that commit stood afterwards."""
    again: dict[str, bool] = field(default_factory=dict)
    """Whether the next tick enqueued it."""

    def land(self, story: str) -> str:
        """One more commit, recorded."""
        now = datetime.now(UTC)
        sha = self.origin.commit(f"fix: {story}", {"a.py": f"x = {len(self.shas) + 1}\n"})
        landed = Landed(sha=sha, subject="fix", author="Author One", authored_at=now, committed_at=now)
        self.site.shop.ledger.record_landed(NAME, "main", [(landed, now)], source=Source.POLL)
        self.shas[story] = sha
        return sha

    def tick(self) -> int:
        """How many jobs were enqueued."""
        shop = self.site.shop
        return dispatch(shop.leases, shop.agenda, shop.queue, datetime.now(UTC))

    def work(self, where: str) -> None:
        """Start a worker that dies there."""
        self.site.launch(where, [sys.executable, str(WORKER), where])

    def died(self, where: str) -> bool:
        return self.site.processes.pop(where).wait(60) == -signal.SIGKILL

    def state(self, story: str) -> tuple[State, int]:
        entry = self.site.entry(NAME, self.shas[story])
        assert entry is not None
        return entry.state, entry.attempts

    def identifier(self, story: str) -> str:
        return names.analysis(NAME, self.shas[story])[0]

    def failed(self, story: str) -> bool:
        """Whether RQ has given the job up."""
        return self.identifier(story) in self.site.shop.queue.queue.failed_job_registry.get_job_ids()

    def happen(self, where: str, mishap: Callable[[], object]) -> None:
        """A job is enqueued and something happens to it; afterwards the queue is empty again."""
        enqueue(self, where)
        self.work(where)
        mishap()
        self.after[where] = self.state(where)
        self.tick()
        self.again[where] = self.identifier(where) in self.site.shop.queue.waiting()
        self.site.shop.queue.queue.empty()


def enqueue(office: Office, story: str, name: str = names.ANALYZE, *more: str) -> None:
    """The job of a new commit, as this version or another one enqueues it."""
    identifier, _, arguments = names.analysis(NAME, office.land(story))
    office.site.shop.queue.enqueue([(identifier, name, [*arguments, *more])])


def spoil(office: Office) -> None:
    """Jobs as an upgrade or a long time away leaves them behind."""
    redis = office.site.shop.queue.redis
    enqueue(office, "expired")
    redis.delete(Job.key_for(office.identifier("expired")))
    enqueue(office, "unreadable")
    redis.hset(Job.key_for(office.identifier("unreadable")), "data", b"\x80\x04no JSON")
    enqueue(office, "renamed", "workers.jobs.analyse_commit")
    enqueue(office, "moved", "workers.tasks.analyze_commit")
    enqueue(office, "other arguments", names.ANALYZE, "deeply")


def given_up(office: Office, where: str) -> None:
    """Until RQ has given the job up; the worker would take it again as soon as it is enqueued."""
    until(lambda: office.failed(where), what="the end of the job")
    office.site.stop(where)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """After every mishap there is, a worker that lives has made what was left."""
    folder = tmp_path_factory.mktemp("office")
    origin = Origin(folder / "origin.git")
    origin.commit("Begin", {"a.py": "x = 0\n"})
    with Site(folder, tables=[table(NAME, origin)]) as site:
        made = Office(site, origin)
        for where in ("popped", "prepared"):
            made.happen(where, lambda where=where: made.died(where))
        made.happen("born", lambda: given_up(made, "born"))
        made.happen("forked", lambda: made.died("forked") and site.until_all(NAME, [made.shas["forked"]]))
        spoil(made)
        made.work("never")
        spoilt = ("unreadable", "renamed", "moved", "other arguments")
        until(lambda: all(map(made.failed, spoilt)), what="the end of all jobs that cannot be made")
        made.after |= {story: made.state(story) for story in ("expired", *spoilt)}
        made.tick()
        site.until_all(NAME, made.shas.values())
        yield made


@pytest.mark.parametrize("where", ["popped", "prepared", "born"])
def test_what_died_between_the_queue_and_its_start_is_enqueued_at_the_next_tick(
    office: Office, where: str
) -> None:
    assert (office.after[where], office.again[where]) == (UNTOUCHED, True)


def test_a_job_that_outlives_its_worker_is_not_made_again(office: Office) -> None:
    assert (office.after["forked"], office.again["forked"]) == ((State.ANALYSED, 1), False)


def test_a_job_whose_hash_has_expired_changes_nothing(office: Office) -> None:
    assert office.after["expired"] == UNTOUCHED


@pytest.mark.parametrize("story", ["renamed", "moved", "other arguments", "unreadable"])
def test_a_job_of_another_version_changes_nothing(office: Office, story: str) -> None:
    assert office.after[story] == UNTOUCHED


def test_in_the_end_each_commit_was_made_once(office: Office) -> None:
    assert {story: office.state(story) for story in office.shas} == dict.fromkeys(
        office.shas, (State.ANALYSED, 1)
    )
    assert office.tick() == 0


def test_a_death_before_an_analysis_is_recorded_costs_a_call_and_one_after_it_nothing(
    tmp_path: Path,
) -> None:
    origin = Origin(tmp_path / "origin.git")
    with LoopbackModel() as model:
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url}
        with Site(tmp_path, tables=[table(NAME, origin)], **terms) as site:
            office = Office(site, origin)
            sha = office.land("twice")
            assert office.tick() == 1
            office.work("unsettled")
            until(lambda: office.failed("twice"), what="the death before the step")
            assert (office.state("twice"), len(model.requests)) == (UNTOUCHED, 1)
            site.stop("unsettled")

            site.let_time_pass()
            assert office.tick() == 1
            office.work("settled")
            site.until_all(NAME, [sha])
            site.stop("settled")
            site.let_time_pass()
            assert office.tick() == 0
            assert (office.state("twice"), len(model.requests)) == ((State.ANALYSED, 1), 2)
            calls = site.shop.accounts.calls(site.today)
            assert [call.outcome for call in calls] == ["ok", "ok"]
