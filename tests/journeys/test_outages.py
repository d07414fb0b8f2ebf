"""SIGKILL where it hurts: a worker in the middle of an analysis, the server while pushes come in."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from loopback_model import LoopbackModel, hanging, valid
from processes import Site, table
from repositories import Origin
from waiting import until

from analysis.storage.entry import State
from analysis.storage.losses import Known
from analysis.words import words_for

NAME = "example/project"
MADE = datetime(2026, 1, 9, tzinfo=UTC)
"""When all commits here were made."""


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
    until(lambda: said_by(plain, "worker", "clock") == [WAITING, WAITING], what="both to wait")

    plain.server.start()
    assert plain.entries(NAME, refused) == []
    assert len(plain.entries(NAME, accepted)) == len(accepted)
    until(plain.ready, what="the web process")
    later, statuses = push_some(plain, origin, range(9, 13))
    assert statuses == {202}
    plain.let_time_pass()
    plain.until_all(NAME, accepted + refused + later)
    until(lambda: said_by(plain, "worker", "clock") == [[*WAITING, BACK]] * 2, what="both to go on")
    assert all(process.poll() is None for process in plain.processes.values())


WAITING, BACK = ["waiting for Redis"], "Redis is back"


def said_by(site: Site, *names: str) -> list[list[str]]:
    """What each of these processes has said of an outage."""
    logs = [(site.folder / f"{name}.log").read_text(encoding="utf-8") for name in names]
    return [
        [event for line in log.splitlines() for event in (*WAITING, BACK) if event in line] for log in logs
    ]


def test_a_server_that_is_full_is_read_from_and_says_what_to_do(plain: Site, origin: Origin) -> None:
    (first,), statuses = push_some(plain, origin, range(1, 2))
    assert statuses == {202}
    plain.until_all(NAME, [first])
    plain.shop.store.redis.config_set("maxmemory", 1)
    _, statuses = push_some(plain, origin, range(2, 3))
    assert statuses == {503}
    assert first in plain.get(f"/reports/{plain.today}.json").text
    ready, done = plain.get("/readyz"), plain.run("doctor")
    assert (ready.status, ready.data["reason"]) == (503, "Redis is out of memory: raise its maxmemory")
    assert done.code == 1
    assert "FAIL  writing    Redis is out of memory -> raise its maxmemory" in done.out
    until(lambda: said_by(plain, "clock") == [WAITING], what="the clock to wait")
    plain.shop.store.redis.config_set("maxmemory", 0)
    (last,), statuses = push_some(plain, origin, range(3, 4))
    assert statuses == {202}
    plain.until_all(NAME, [last])


REBUILT = words_for("zh-CN")("digest.status.rebuilt")


def test_after_an_empty_restart_a_backfill_rebuilds_and_the_digest_says_so(
    plain: Site, origin: Origin
) -> None:
    begun, (first,), _ = origin.head(), *push_some(plain, origin, range(1, 2))
    day = plain.settings.calendar.day_of(MADE)
    assert plain.run("backfill", NAME, "--since", str(day)).code == 0
    until(lambda: day in remembered(plain), what="the clock to remember the first day")
    kill_server(plain)
    shutil.rmtree(plain.server.folder)
    plain.server.start()

    lost = f"the days of {NAME} before "
    until(lambda: lost in plain.get("/readyz").text, what="the loss to be noticed")
    assert f"pushdigest backfill {NAME} --since {day}" in plain.run("status").out
    until(lambda: plain.shop.agenda.branch(NAME, "main").cursor == first, what="a walk from the head on")
    assert plain.entries(NAME, [begun, first]) == []

    done = plain.run("backfill", NAME, "--since", str(day))
    assert (done.code, len(plain.until_all(NAME, [begun, first]))) == (0, 2)
    (repository,) = plain.get(f"/reports/{NAME}/{day}.json").data["repositories"]
    assert (repository["rebuilt"], repository["counts"]["total"]) == (True, 2)
    assert REBUILT in plain.get(f"/reports/{NAME}/{day}.md").text
    assert lost not in plain.get("/readyz").text
    (now,), _ = push_some(plain, origin, range(2, 3))
    plain.until_all(NAME, [now])
    assert plain.get(f"/reports/{NAME}/{plain.today}.json").data["repositories"][0]["rebuilt"] is False


def remembered(site: Site) -> set[date]:
    """The first days that the machine has written down."""
    try:
        known = Known.model_validate_json((site.folder / "var" / "ledger.json").read_bytes())
    except FileNotFoundError:
        return set()
    return set(known.first_days.values())


def kill_server(site: Site) -> None:
    started = site.server.started
    assert started is not None
    started.kill()
    started.wait()
