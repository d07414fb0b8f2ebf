"""Failed deliveries are asked for again: which, once, and never in anybody's way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import github_server
import pytest
from github_hooks import Hook, attempt
from github_server import FakeAnswer, GitHubServer
from processes import table
from repositories import Origin
from upstream import NAME, Follower, following

from analysis.storage import keys
from analysis.storage.looks import Look
from analysis.storage.store import from_ms
from workers import jobs
from workers.clock import tick
from workers.redeliveries import AFTER_A_REFUSAL, EVERY, KEPT, SOON

TOKEN = "ghp_" + "x1" * 18
OURS = "http://127.0.0.1:1/base"
"""Where nobody listens."""
HOUR = timedelta(hours=1)
PARTS = ["project", "hooks", "deliveries", "attempts"]
"""The last parts of what is asked for, in this order."""


# Asking


@pytest.fixture
def github() -> Iterator[GitHubServer]:
    with github_server.serve() as server:
        yield server


@pytest.fixture
def follower(redis_url: str, github: GitHubServer, tmp_path: Path) -> Iterator[Follower]:
    """Follows a repository that was looked at a moment ago."""
    origin = Origin(tmp_path / "project.git")
    settings = {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": github.url, "BASE_URL": f"{OURS}/"}
    with following(redis_url, table(NAME, origin), **settings) as found:
        found.shop.looks.keep(NAME, Look(datetime.now(UTC), frozenset()))
        found.shop.agenda.follow([NAME], datetime.now(UTC) + HOUR)
        yield found


@pytest.fixture
def hook(github: GitHubServer) -> Hook:
    """Our webhook, to which nothing can be delivered."""
    ours = Hook(f"{OURS}/webhooks/github")
    github.hooks[NAME] = [Hook("https://elsewhere.example.org/webhooks/github"), ours]
    return ours


@pytest.fixture
def lost(github: GitHubServer, hook: Hook) -> GitHubServer:
    """One push could not be delivered."""
    hook.attempts, hook.bodies = [attempt("lost", datetime.now(UTC), "timed out", id=1)], {"lost": b"{}"}
    return github


def ask(follower: Follower) -> datetime:
    """The clock's tick when the time has come, and the job; returns when GitHub is asked next."""
    follower.shop.agenda.enquire_now(NAME)
    tick(follower.shop, datetime.now(UTC))
    follower.run_jobs()
    return planned(follower)


def planned(follower: Follower) -> datetime:
    score = follower.shop.store.redis.zscore(keys.ENQUIRIES, NAME)
    assert score is not None
    return from_ms(float(score))


def asked_for(github: GitHubServer) -> list[int]:
    """The ids of the attempts that were to be made again."""
    return [int(asked.path.split("/")[-2]) for asked in github.asked if asked.method == "POST"]


def near(instant: datetime, span: timedelta) -> bool:
    return abs(instant - datetime.now(UTC) - span) < timedelta(minutes=1)


def test_failed_pushes_of_three_days_are_asked_for_once(
    follower: Follower, github: GitHubServer, hook: Hook
) -> None:
    now = datetime.now(UTC)
    hook.attempts = [
        attempt("late", now - HOUR, "timed out", id=1),
        attempt("taken", now - 2 * HOUR, id=2),
        attempt("early", now - KEPT + HOUR, "timed out", id=3),
        attempt("too-old", now - KEPT - HOUR, "timed out", id=4),
    ]
    hook.bodies = {"late": b"{}", "early": b"{}"}
    github.hooks[NAME][0].attempts = [attempt("not ours", now, "timed out", id=5)]
    assert near(ask(follower), EVERY)
    assert asked_for(github) == [3, 1]
    assert near(ask(follower), EVERY)
    assert asked_for(github) == [3, 1]
    assert {asked.authorization for asked in github.asked} == {f"Bearer {TOKEN}"}
    assert 0 < follower.shop.store.redis.ttl(keys.lock("asked-again:late")) <= KEPT.total_seconds()


def test_all_pages_are_read_up_to_three_days_back(
    follower: Follower, github: GitHubServer, hook: Hook
) -> None:
    now = datetime.now(UTC)
    taken = [attempt(f"taken-{number}", now - timedelta(minutes=number)) for number in range(250)]
    lost = attempt("lost", now - 5 * HOUR, "timed out", id=7)
    older = [attempt(f"older-{number}", now - KEPT - number * HOUR) for number in range(300)]
    hook.attempts, hook.bodies = [*taken, lost, *older], {"lost": b"{}"}
    ask(follower)
    assert asked_for(github) == [7]
    pages = [asked.path.rpartition("?")[2] for asked in github.asked if "/deliveries?" in asked.path]
    assert pages == ["per_page=100", "per_page=100&cursor=v1_100", "per_page=100&cursor=v1_200"]


def test_so_many_at_once_and_the_rest_an_hour_later(
    follower: Follower, github: GitHubServer, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.redeliveries.MOST_AT_ONCE", 3)
    now, count = datetime.now(UTC), 5
    hook.attempts = [
        attempt(f"lost-{number}", now - number * HOUR / 60, "no", id=number) for number in range(count)
    ]
    github.answers["attempts"] = FakeAnswer(202)
    ask(follower)
    assert asked_for(github) == [4, 3, 2]
    ask(follower)
    assert asked_for(github) == [4, 3, 2, 1, 0]


def test_a_delivery_that_github_does_not_make_again_is_not_asked_for_twice(
    follower: Follower, lost: GitHubServer
) -> None:
    lost.answers["attempts"] = FakeAnswer(422)
    for _ in range(2):
        assert near(ask(follower), EVERY)
    assert asked_for(lost) == [1]


def test_a_request_without_an_answer_is_repeated(follower: Follower, lost: GitHubServer) -> None:
    lost.answers["attempts"] = FakeAnswer(502)
    ask(follower)
    lost.answers["attempts"] = FakeAnswer(202)
    ask(follower)
    assert asked_for(lost) == [1, 1]


def test_without_a_webhook_of_ours_nothing_is_asked_for(follower: Follower, github: GitHubServer) -> None:
    other = Hook("https://elsewhere.example.org/webhooks/github")
    other.attempts = [attempt("lost", datetime.now(UTC), "timed out")]
    github.hooks[NAME] = [other]
    assert near(ask(follower), EVERY)
    assert [asked.path for asked in github.asked] == [f"/repos/{NAME}", f"/repos/{NAME}/hooks?per_page=100"]


# When GitHub does not answer


@dataclass(frozen=True)
class Trouble:
    """What is answered where, and for how long GitHub is left alone then."""

    part: str
    answer: FakeAnswer
    pause: timedelta = EVERY


LIMIT = {"Retry-After": "7200"}
TROUBLES = [
    *(Trouble(part, FakeAnswer(403), AFTER_A_REFUSAL) for part in PARTS),
    *(Trouble(part, FakeAnswer(0, drop=True)) for part in PARTS),
    Trouble("hooks", FakeAnswer(401), AFTER_A_REFUSAL),
    Trouble("hooks", FakeAnswer(404), AFTER_A_REFUSAL),
    Trouble("hooks", FakeAnswer(429, headers=LIMIT), 2 * EVERY),
    Trouble("hooks", FakeAnswer(403, headers=LIMIT), 2 * EVERY),
    Trouble("hooks", FakeAnswer(403, headers={"X-RateLimit-Remaining": "0"})),
    Trouble("hooks", FakeAnswer(500)),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: f"{each.part} {each.answer.status}")
def test_a_refusal_or_a_fault_is_one_line_and_leaves_github_alone_for_a_while(
    follower: Follower, lost: GitHubServer, capsys: pytest.CaptureFixture[str], trouble: Trouble
) -> None:
    lost.answers[trouble.part] = trouble.answer
    capsys.readouterr()
    assert near(ask(follower), trouble.pause)
    (line,) = capsys.readouterr().out.splitlines()
    assert "not asked for again; the history is walked all the same" in line
    assert ("admin:repo_hook" in line) == (trouble.pause == AFTER_A_REFUSAL)
    assert TOKEN not in line


@pytest.mark.parametrize("part", PARTS[:-1])
@pytest.mark.parametrize("body", [b"<html>", b'{"message": 1}', b'[{"id": "x"}]', b"[null]"])
def test_an_answer_of_another_form_is_a_fault(
    follower: Follower, lost: GitHubServer, part: str, body: bytes
) -> None:
    lost.answers[part] = FakeAnswer(200, body)
    assert near(ask(follower), EVERY)
    assert asked_for(lost) == []


# When GitHub is asked at all


def test_the_clock_plans_it_once_for_all_machines(follower: Follower, github: GitHubServer) -> None:
    for _ in range(2):
        tick(follower.shop, datetime.now(UTC))
    follower.run_jobs()
    jobs.ask_for_deliveries(NAME)
    assert len(github.asked) == 2
    tick(follower.shop, datetime.now(UTC))
    assert near(planned(follower), AFTER_A_REFUSAL)


def test_nobody_asks_without_a_token_or_about_what_another_host_serves(
    redis_url: str, github: GitHubServer
) -> None:
    elsewhere = table(NAME, url="https://git.example.org/a/b.git")
    for tables, settings in (([table(NAME)], {}), ([elsewhere], {"GITHUB_TOKEN": TOKEN})):
        with following(redis_url, *tables, GITHUB_API_URL=github.url, **settings) as follower:
            tick(follower.shop, datetime.now(UTC))
            assert follower.shop.agenda.enquiries_due(datetime.now(UTC)) == ()


def test_a_repository_is_asked_about_once_it_was_looked_at(follower: Follower, github: GitHubServer) -> None:
    follower.shop.store.redis.hdel(keys.LOOKED, NAME)
    follower.shop.agenda.enquire_now(NAME)
    jobs.ask_for_deliveries(NAME)
    assert github.asked == []
    assert near(planned(follower), SOON)


def test_a_repository_that_is_followed_no_more_is_dropped(redis_url: str) -> None:
    with following(redis_url, GITHUB_TOKEN=TOKEN) as follower:
        follower.shop.agenda.enquire_now(NAME)
        jobs.ask_for_deliveries(NAME)
        assert follower.shop.agenda.enquiries_due(datetime.now(UTC)) == ()


# A repository that was renamed


def test_what_github_calls_a_repository_now_is_learned_on_the_way(
    follower: Follower, lost: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    new = "another/name"
    lost.names[NAME], lost.hooks = new, {new: lost.hooks[NAME]}
    for _ in range(2):
        ask(follower)
    assert asked_for(lost) == [1]
    assert follower.shop.names.renamed() == {NAME: new}
    assert follower.shop.names.moved(NAME) == new
    assert capsys.readouterr().out.count("repository renamed") == 1
    del lost.names[NAME]
    ask(follower)
    assert follower.shop.names.renamed() == {}
    assert follower.shop.names.moved(NAME) is None
