"""SIGKILL where it hurts: a worker in the middle of an analysis, the server while pushes come in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_model import LoopbackModel, hanging, valid
from processes import Site, table, until
from repositories import Origin

from analysis.models import State

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
            calls = site.shop.ledger.calls(site.today)
            assert sorted(call.outcome for call in calls) == ["lost", "ok"]


@pytest.fixture
def plain(tmp_path: Path, origin: Origin) -> Iterator[Site]:
    with Site(tmp_path, tables=[table(NAME, origin)]) as site:
        site.start("web", "worker", "clock")
        yield site


def test_a_server_killed_while_pushes_come_in_loses_nothing_that_was_accepted(
    plain: Site, origin: Origin
) -> None:
    accepted, refused = [], []
    for number in range(1, 13):
        before, sha = grow(origin, number)
        reply = plain.push(NAME, origin, before)
        if reply.status == 202:
            accepted.append(sha)
        else:
            assert (reply.status, reply.headers["Retry-After"].isdecimal()) == (503, True)
            refused.append(sha)
        if number == 5:
            kill_server(plain)
            assert plain.get("/readyz").status == 503
            assert plain.get(f"/reports/{plain.today}").status == 503
            assert plain.get("/healthz").status == 200
        if number == 8:
            plain.server.start()
            until(plain.ready, what="the web process")
    assert (len(accepted), len(refused)) == (9, 3)
    assert len(plain.entries(NAME, accepted)) == len(accepted)
    plain.let_time_pass()
    plain.until_all(NAME, accepted + refused)


def kill_server(site: Site) -> None:
    started = site.server.started
    assert started is not None
    started.kill()
    started.wait()
