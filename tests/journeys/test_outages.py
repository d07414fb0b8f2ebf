"""SIGKILL where it hurts: a worker in the middle of an analysis, the server while pushes come in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_model import LoopbackModel, hanging, valid
from processes import Site, table
from repositories import Origin
from waiting import until

from analysis.storage.entry import State

NAME = "example/project"


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    made = Origin(tmp_path / "origin.git")
    made.commit("Begin", {"a.py": "x = 0\n"})
    return made


def grow(origin: Origin, number: int) -> tuple[str, str]:
    """One more commit: what was there before, and its sha."""
    return origin.head(), origin.commit(f"fix: number {number}", {"a.py": f"x = {number}\n"})


def test_a_worker_killed_in_the_middle_of_an_analysis_loses_nothing(tmp_path: Path, origin: Origin) -> None:
    before, sha = grow(origin, 1)
    with LoopbackModel() as model:
        model.answer(hanging, valid)
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url}
        with Site(tmp_path, tables=[table(NAME, origin)], **terms) as site:
            site.start("web", "worker", "clock")
            assert site.push(NAME, origin, before).status == 202
            until(lambda: model.requests, what="the request to the model")
            site.kill("worker")
            entry = site.entry(NAME, sha)
            assert entry is not None
            assert (entry.state, entry.rules is not None) == (State.PENDING, True)

            site.start("worker")
            site.let_time_pass()
            (entry,) = site.until_all(NAME, [sha])
            assert (entry.attempts, entry.model is not None) == (1, True)
            assert len(model.requests) == 2
            calls = site.shop.accounts.calls(site.today)
            assert sorted(call.outcome for call in calls) == ["lost", "ok"]


@pytest.fixture
def plain(tmp_path: Path, origin: Origin) -> Iterator[Site]:
    with Site(tmp_path, tables=[table(NAME, origin)]) as site:
        site.start("web", "worker", "clock")
        yield site


def push_some(site: Site, origin: Origin, numbers: range) -> tuple[list[str], set[int]]:
    """One push for each number: the shas, and what the pushes were answered."""
    shas, statuses = [], set()
    for number in numbers:
        before, sha = grow(origin, number)
        reply = site.push(NAME, origin, before)
        assert reply.status == 202 or reply.headers["Retry-After"].isdecimal()
        shas.append(sha)
        statuses.add(reply.status)
    return shas, statuses


def test_a_server_killed_while_pushes_come_in_loses_nothing(plain: Site, origin: Origin) -> None:
    accepted, statuses = push_some(plain, origin, range(1, 6))
    assert statuses == {202}
    kill_server(plain)
    refused, statuses = push_some(plain, origin, range(6, 9))
    assert statuses == {503}
    answers = {path: plain.get(path).status for path in ("/readyz", "/healthz", f"/reports/{plain.today}")}
    assert list(answers.values()) == [503, 200, 503]

    plain.server.start()
    assert plain.entries(NAME, refused) == []
    assert len(plain.entries(NAME, accepted)) == len(accepted)
    until(plain.ready, what="the web process")
    later, statuses = push_some(plain, origin, range(9, 13))
    assert statuses == {202}
    plain.let_time_pass()
    plain.until_all(NAME, accepted + refused + later)


def kill_server(site: Site) -> None:
    started = site.server.started
    assert started is not None
    started.kill()
    started.wait()
