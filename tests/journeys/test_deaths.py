"""One process ends while others live: a worker without its job, one that is told to stop, a web process."""

import json
import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest
from builders import make_sha
from invariants import assert_lists_agree
from loopback_model import Answer, LoopbackModel, Request, valid
from proc import children, gone
from processes import Site, table
from promises import SECRETS
from pushes import signed
from repositories import Origin
from waiting import until

from analysis.storage.entry import Entry, State

NAME = "example/project"
COMMITS = 60
"""Of one push: enough that most of a request is spent recording them."""
KILLS = 3


class Held:
    """A model that answers when it is let."""

    def __init__(self) -> None:
        self.let = Event()

    def __call__(self, request: Request) -> Answer:
        self.let.wait(60)
        return valid(request)


class Village:
    """A site with one worker, and a model that can be held."""

    def __init__(self, site: Site, origin: Origin, model: LoopbackModel) -> None:
        self.site, self.origin, self.model = site, origin, model
        self.held = Held()
        self.asked = 0

    def push(self) -> str:
        """A push of one commit, until the model is being asked about it; it is held."""
        self.held, self.asked = Held(), len(self.model.requests)
        self.model.answer(self.held)
        before = self.origin.head()
        sha = self.origin.commit(f"fix: number {self.asked}", {"a.py": f"x = {uuid.uuid4().int}\n"})
        assert self.site.push(NAME, self.origin, before).status == 202
        self.until_asked(1)
        return sha

    def until_asked(self, times: int) -> None:
        until(lambda: self.times_asked == times, what=f"question number {times}")

    @property
    def times_asked(self) -> int:
        return len(self.model.requests) - self.asked

    @property
    def worker(self) -> int:
        """The one worker of the crew, once there is one."""
        return until(lambda: children(self.site.processes["worker"].pid), what="a worker")[0]

    def analysed(self, sha: str) -> Entry:
        (entry,) = self.site.until_all(NAME, [sha])
        return entry

    def outcomes(self, sha: str) -> list[str]:
        calls = self.site.shop.accounts.calls(self.site.today)
        return sorted(call.outcome for call in calls if call.sha == sha)

    def recorded(self, sha: str) -> list[bool]:
        """What each worker that had analysed it was told."""
        log = (self.site.folder / "worker.log").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in log.splitlines() if sha in line and "commit analysed" in line]
        return [line["counted"] for line in lines]


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    folder = tmp_path_factory.mktemp("village")
    origin = Origin(folder / "origin.git")
    origin.commit("Begin", {"a.py": "x = 0\n"})
    with LoopbackModel() as model:
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url, "LLM_MAX_CONCURRENCY": 4}
        with Site(folder, tables=[table(NAME, origin)], WORKERS=1, LOG_FORMAT="json", **terms) as site:
            site.start("web", "worker", "clock")
            until(lambda: site.shop.agenda.branch(NAME, "main").cursor, what="the first walk")
            yield Village(site, origin, model)


def test_a_worker_killed_while_its_job_lives_has_it_recorded_and_the_model_asked_once(
    village: Village,
) -> None:
    sha, worker = village.push(), village.worker
    os.kill(worker, signal.SIGKILL)
    until(lambda: village.worker != worker, what="another worker")
    village.held.let.set()
    assert village.analysed(sha).attempts == 1
    assert (village.times_asked, village.outcomes(sha), village.recorded(sha)) == (1, ["ok"], [True])


def test_a_job_that_outlives_its_worker_and_its_lease_is_recorded_once(village: Village) -> None:
    sha, worker = village.push(), village.worker
    os.kill(worker, signal.SIGKILL)
    until(lambda: village.worker != worker, what="another worker")
    village.site.let_time_pass()
    village.until_asked(2)
    village.held.let.set()
    until(lambda: len(village.recorded(sha)) == 2, what="the end of both jobs")
    assert village.analysed(sha).attempts == 1
    assert (village.outcomes(sha), sorted(village.recorded(sha))) == (["ok", "ok"], [False, True])
    (repository,) = village.site.get(f"/reports/{NAME}/{village.site.today}.json").data["repositories"]
    assert [commit["sha"] for commit in repository["commits"]].count(sha) == 1


def test_a_worker_that_is_told_to_stop_twice_leaves_its_commit_to_the_next(village: Village) -> None:
    sha, crew = village.push(), village.site.processes.pop("worker")
    [worker] = children(crew.pid)
    horses = children(worker)

    def ended() -> bool:
        crew.terminate()
        return crew.poll() is not None

    until(ended, what="the end of the crew")
    until(lambda: all(map(gone, horses)), what="the end of its job")
    entry = village.site.entry(NAME, sha)
    assert entry is not None
    assert (entry.state, entry.attempts, village.outcomes(sha)) == (State.PENDING, 0, ["lost"])
    village.site.start("worker")
    village.site.let_time_pass()
    village.until_asked(2)
    village.held.let.set()
    assert village.analysed(sha).attempts == 1
    assert village.outcomes(sha) == ["lost", "ok"]


def test_a_worker_that_is_told_to_stop_has_its_analysis_recorded_first(village: Village) -> None:
    sha, crew = village.push(), village.site.processes.pop("worker")
    crew.terminate()
    village.held.let.set()
    assert crew.wait(30) == 0
    assert village.analysed(sha).attempts == 1
    assert (village.times_asked, village.recorded(sha)) == (1, [True])


# The web process


class Clients:
    """Three clients that each push until they are stopped; every push has commits of its own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.answers: dict[str, int] = {}
        """Delivery -> status; 0 for none."""
        self.stopped = Event()
        self.threads = [Thread(target=self._push_all, args=(number,), daemon=True) for number in range(3)]

    def _push_all(self, client: int) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            delivery = f"{client}-{number}"
            self.answers[delivery] = self.push(delivery)

    def push(self, delivery: str) -> int:
        body = json.dumps(event(delivery)).encode()
        headers = signed(body, SECRETS["GITHUB_WEBHOOK_SECRET"], delivery)
        with suppress(OSError, HTTPException):
            return self.site.ask("POST", "/webhooks/github", body=body, headers=headers).status
        return 0

    def recorded(self, delivery: str) -> int:
        """How many of its commits are in the ledger."""
        progress = self.site.shop.ledger.census.progress(NAME, shas(delivery))
        return progress.untried + progress.waiting + progress.analysed


def shas(delivery: str) -> list[str]:
    return [make_sha(f"{delivery} {number}") for number in range(COMMITS)]


def event(delivery: str) -> dict[str, object]:
    author = {"name": "Author One", "email": "one@example.org"}
    commits = [
        {"id": sha, "message": "fix", "timestamp": "2026-01-09T12:00:00Z", "author": author}
        for sha in shas(delivery)
    ]
    return {
        "ref": "refs/heads/main",
        "before": make_sha("before"),
        "after": commits[-1]["id"],
        "commits": commits,
        "repository": {"full_name": NAME, "default_branch": "main", "pushed_at": 1_767_931_200},
    }


def kill_one(parent: int) -> None:
    """SIGKILL one of its children."""
    alive = until(lambda: [pid for pid in children(parent) if not gone(pid)], what="a child")
    with suppress(ProcessLookupError):  # it has ended meanwhile
        os.kill(alive[0], signal.SIGKILL)


def test_a_web_process_killed_in_a_request_leaves_the_push_recorded_whole_or_not_at_all(
    tmp_path: Path,
) -> None:
    with Site(tmp_path, tables=[table(NAME)]) as site:
        site.start("web")
        clients = Clients(site)
        for thread in clients.threads:
            thread.start()
        for _ in range(KILLS):
            answered = len(clients.answers)
            until(lambda answered=answered: len(clients.answers) >= answered + 2, what="some pushes")
            kill_one(site.processes["web"].pid)
        until(lambda: 0 in clients.answers.values(), what="a push without an answer")
        clients.stopped.set()
        for thread in clients.threads:
            thread.join()

        assert set(clients.answers.values()) == {0, 202}
        counts = {delivery: clients.recorded(delivery) for delivery in clients.answers}
        assert {counts[each] for each, status in clients.answers.items() if status == 202} == {COMMITS}
        unanswered = [each for each, status in clients.answers.items() if status == 0]
        assert {counts[each] for each in unanswered} <= {0, COMMITS}

        until(site.ready, what="the web process")
        assert [clients.push(each) for each in unanswered] == [202] * len(unanswered)
        assert {clients.recorded(each) for each in unanswered} == {COMMITS}
        assert_lists_agree(site.shop.ledger)
