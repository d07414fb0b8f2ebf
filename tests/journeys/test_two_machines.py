"""Two machines that share nothing but REDIS_URL: web, workers and a clock on both, and one digest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from builders import make_analysis, make_facts
from invariants import snapshot
from loopback_model import ANALYSED, LoopbackModel, prompt_of
from machines import Machine, Network, TcpServer, two_namespaces
from processes import table
from redis import Redis
from repositories import Origin
from waiting import until

from analysis.models import Importance
from analysis.storage import keys
from analysis.storage.entry import DayRecord, Source, State
from analysis.storage.leases import Leases
from analysis.storage.throttle import WINDOW

NAME, MODEL = "example/project", "openai/any"
PUSHED = 4
"""Commits that each web process is sent."""
AT_ONCE, A_MINUTE = 2, 6
"""Requests that the model takes from both machines together."""
WORKERS = 2
REQUESTS = 2 * PUSHED + 1
"""One for each commit, and one for the highlights of yesterday."""


@dataclass
class Pair:
    """Both machines, what they work on, and the model that they ask."""

    machines: tuple[Machine, Machine]
    origin: Origin
    model: LoopbackModel
    begun: str
    shas: list[str] = field(default_factory=list)
    busiest_minute: int = 0
    """The most requests there were in a minute, before time was made to pass."""

    @property
    def yesterday(self) -> date:
        return self.machines[0].today - timedelta(days=1)

    def record(self, day: date) -> DayRecord:
        return self.machines[0].shop.ledger.day_record(NAME, day)

    def leased(self) -> int:
        """Commits that a worker holds."""
        redis = self.machines[0].shop.store.redis
        return sum(bool(redis.hexists(keys.commit(NAME, sha), "token")) for sha in self.shas)


@pytest.fixture(scope="module", params=["directories", "namespaces"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two machines at work, yesterday already closed by one of their clocks."""
    folder = tmp_path_factory.mktemp(request.param)
    origin = Origin(folder / "origin.git")
    begun = origin.commit("Begin", {"a.py": "x = 0\n"})
    with ExitStack() as stack:
        joined = request.param == "namespaces"
        networks = stack.enter_context(two_namespaces()) if joined else (Network(), Network())
        server = TcpServer(folder / "server", networks[0])
        server.start()
        stack.callback(server.stop)
        model = stack.enter_context(networks[0].run(LoopbackModel, host=networks[0].address, delay=0.3))
        terms = {
            "tables": [table(NAME, origin)],
            "BASE_URL": "https://digest.example",
            "WORKERS": WORKERS,
            "LLM_MODEL": MODEL,
            "LLM_API_BASE": model.url,
            "LLM_MAX_CONCURRENCY": AT_ONCE,
            "LLM_REQUESTS_PER_MINUTE": A_MINUTE,
        }
        first, second = (
            stack.enter_context(Machine(folder / name, network, server, **terms))
            for name, network in zip(("one", "two"), networks, strict=True)
        )
        found = Pair((first, second), origin, model, begun)
        fill(first, found.yesterday)
        for names in (("worker", "clock"), ("web",)):
            for machine in found.machines:
                machine.start(*names)
        until(lambda: first.shop.queue.workers() == 2 * WORKERS, what="the workers of both")
        until(lambda: found.record(found.yesterday).closed_at, what="the closing of yesterday")
        yield found


def fill(machine: Machine, day: date) -> None:
    """A day of two commits that were analysed while nobody closed it."""
    ledger, leases = machine.shop.ledger, Leases(machine.shop.ledger)
    noon = datetime.combine(day, datetime.min.time(), ledger.calendar.zone) + timedelta(hours=12)
    for number in range(2):
        facts = make_facts(seed=number, repository=NAME, authored_at=noon, committed_at=noon)
        ledger.record_landed(NAME, "main", [(facts.landed(), noon)], source=Source.POLL)
        lease = leases.claim(NAME, facts.sha, now=noon, until=noon)
        assert lease is not None
        leases.record_read(lease, facts, make_analysis(source="rules"))
        leases.record_analysis(lease, make_analysis(importance=Importance.HIGH), noon)
    machine.shop.store.redis.set(keys.planned(NAME), str(day))


def push(pair: Pair, machine: Machine) -> list[str]:
    """Some commits more, and their delivery to one of the webs; the other gets the same once more."""
    before, known = pair.origin.head(), len(pair.shas)
    shas = [
        pair.origin.commit(f"fix: number {known + number}", {"a.py": f"x = {known + number}\n"})
        for number in range(1, PUSHED + 1)
    ]
    for each in (machine, *(other for other in pair.machines if other is not machine)):
        assert each.push(NAME, pair.origin, before, delivery=f"push-{known}").status == 202
    return shas


@pytest.fixture(scope="module")
def finished(pair: Pair) -> Pair:
    """Both after a push to each, of more commits than the model takes in a minute."""
    for machine in pair.machines:
        pair.shas += push(pair, machine)
    redis = pair.machines[0].shop.store.redis
    until(lambda: len(pair.model.requests) >= A_MINUTE, what="as many requests as a minute takes")
    until(lambda: pair.leased() and not redis.zcard(keys.running(MODEL)), what="a worker without a turn")
    pair.busiest_minute = busiest(pair.model.asked_at)
    while len(pair.model.requests) < REQUESTS:
        let_a_minute_pass(pair)
    pair.machines[0].until_all(NAME, pair.shas)
    return pair


def busiest(instants: Sequence[float]) -> int:
    """The most requests in any one minute."""
    minute = WINDOW.total_seconds()
    return max(sum(begin <= instant < begin + minute for instant in instants) for begin in instants)


def let_a_minute_pass(pair: Pair) -> None:
    """The requests that were made are a minute older than they were."""
    redis, known = pair.machines[0].shop.store.redis, len(pair.model.requests)
    for token in redis.zrange(keys.asked(MODEL), 0, -1):
        redis.zincrby(keys.asked(MODEL), -WINDOW.total_seconds() * 1000, token)
    until(lambda: len(pair.model.requests) > known, what="another request")


def test_the_models_limits_hold_for_both_together(finished: Pair) -> None:
    assert (finished.busiest_minute, finished.model.busiest) == (A_MINUTE, AT_ONCE)


def test_no_commit_is_recorded_or_asked_about_twice(finished: Pair) -> None:
    entries = finished.machines[0].until_all(NAME, finished.shas)
    assert {(entry.attempts, entry.state) for entry in entries} == {(1, State.ANALYSED)}
    assert {entry.day for entry in entries} == {finished.machines[0].today}
    asked = Counter(prompt_of(request) for request in finished.model.requests)
    assert (len(asked), asked.total()) == (REQUESTS, REQUESTS)
    outcomes = [call.outcome for call in finished.machines[0].shop.accounts.calls(finished.machines[0].today)]
    assert outcomes == ["ok"] * (REQUESTS)


def test_both_machines_have_worked(finished: Pair) -> None:
    for machine in finished.machines:
        assert "commit analysed" in (machine.folder / "worker.log").read_text(encoding="utf-8")


def test_there_is_one_digest_a_day_and_both_show_the_same(finished: Pair) -> None:
    days = {
        day: [machine.get(f"/reports/{NAME}/{day}.json") for machine in finished.machines]
        for day in (finished.yesterday, finished.machines[0].today)
    }
    for first, second in days.values():
        assert (first.status, first.text, first.headers["ETag"]) == (200, second.text, second.headers["ETag"])
    today = repository_of(days[finished.machines[0].today][0].data)
    assert sorted(commit["sha"] for commit in today["commits"]) == sorted(finished.shas)


def test_a_day_that_both_clocks_find_due_is_closed_once(finished: Pair) -> None:
    record = finished.record(finished.yesterday)
    assert record.revision == 1
    told = [request for request in finished.model.requests if ANALYSED.search(prompt_of(request))]
    assert len(told) == 1
    assert record.highlights is not None
    assert record.highlights.model == MODEL


def test_what_they_share_names_no_folder_of_either(finished: Pair) -> None:
    url = finished.machines[0].server.url
    with Redis.from_url(url, decode_responses=True, encoding="latin-1") as redis:  # RQ's jobs are bytes
        shared = str(snapshot(redis))
    assert finished.shas[0] in shared
    assert [machine for machine in finished.machines if str(machine.folder.parent) in shared] == []


def repository_of(digest: Any) -> dict[str, Any]:
    (repository,) = digest["repositories"]
    return dict(repository)
