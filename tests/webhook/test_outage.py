"""What every address answers while the server is away, refuses to write, or has come back empty."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from deliveries import ENGINE, deliver, encode, make_client, read_payload
from flask.testing import FlaskClient
from redis import Redis

from analysis.storage.ledger import Ledger
from analysis.storage.losses import EMPTY, Known, Losses
from webhook import connection

DAY = "2026-01-09"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SHA = "a" * 40


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of the application whose server is not there, and which does not wait for it."""
    monkeypatch.setattr(connection, "RETRIES", 0)
    watches = [{"name": "engine", "repositories": [ENGINE]}]
    return make_client(f"unix://{tmp_path}/none.sock", base_url="https://digest.example.org", watches=watches)


@pytest.mark.parametrize(
    ("path", "headers", "form"),
    [
        ("/", BROWSER, "text/html"),
        (f"/reports/{DAY}", BROWSER, "text/html"),
        (f"/reports/{ENGINE}/{DAY}", BROWSER, "text/html"),
        (f"/reports/{ENGINE}/{DAY}?importance=high", BROWSER, "text/html"),
        (f"/commits/{ENGINE}/{SHA}", BROWSER, "text/html"),
        ("/watches", BROWSER, "text/html"),
        ("/watches/engine", BROWSER, "text/html"),
        (f"/watches/engine/{DAY}.json", {}, "application/json"),
        ("/watches/engine/2026-W02", BROWSER, "text/html"),
        ("/watches/engine/2025-01-01..2025-12-31.md", {}, "text/plain"),
        ("/watches/engine/feed.atom", {}, "text/plain"),
        ("/", {}, "application/json"),
        (f"/reports/{DAY}", {"Accept": "application/json"}, "application/json"),
        (f"/reports/{DAY}.json", BROWSER, "application/json"),
        (f"/commits/{ENGINE}/{SHA}.json", {}, "application/json"),
        (f"/reports/{DAY}.md", {}, "text/plain"),
        (f"/reports/{ENGINE}/{DAY}.md", BROWSER, "text/plain"),
        ("/search?q=x", BROWSER, "text/html"),
        ("/search.json?q=x", BROWSER, "application/json"),
        ("/feed.atom", {}, "text/plain"),
        (f"/reports/{ENGINE}/feed.atom", {"Accept": "application/atom+xml"}, "text/plain"),
        ("/readyz", {}, "application/json"),
    ],
)
def test_every_address_says_in_its_own_form_that_redis_is_away(
    away: FlaskClient, tmp_path: Path, path: str, headers: dict[str, str], form: str
) -> None:
    answer = away.get(path, headers=headers)
    assert (answer.status_code, answer.mimetype) == (503, form)
    assert int(answer.headers["Retry-After"]) > 0
    assert str(tmp_path) not in answer.text
    if form == "text/html":
        assert "存储服务暂时不可用，请稍后再试。" in answer.text
    else:
        assert "Redis cannot be reached: start it, or correct REDIS_URL" in answer.text
        assert len(answer.text.splitlines()) == 1


def test_a_delivery_is_refused_for_now(away: FlaskClient) -> None:
    answer = deliver(away, encode(read_payload("push__several-commits")))
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert int(answer.headers["Retry-After"]) > 0
    assert "Redis cannot be reached" in answer.get_json()["error"]


def test_what_needs_no_server_is_answered(away: FlaskClient) -> None:
    assert deliver(away, encode(read_payload("ping__repository")), event="ping").status_code == 200
    assert away.get("/healthz").status_code == 200
    metrics = away.get("/metrics")
    assert (metrics.status_code, "pushdigest_redis_up 0.0" in metrics.text) == (200, True)


# A server that refuses to write


def refuse_as_full(redis: Redis) -> None:
    redis.config_set("maxmemory", "1")


def refuse_as_replica(redis: Redis) -> None:
    redis.replicaof("127.0.0.1", "1")


def refuse_without_replicas(redis: Redis) -> None:
    redis.config_set("min-replicas-to-write", "1")


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client
        client.replicaof("NO", "ONE")
        client.config_set("maxmemory", "0")
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("min-replicas-to-write", "0")


@pytest.mark.parametrize(
    ("refuse", "reason"),
    [
        (refuse_as_full, "Redis is out of memory: raise its maxmemory"),
        (refuse_as_replica, "Redis is a read-only replica: point REDIS_URL at the primary"),
        (
            refuse_without_replicas,
            "Redis misses its replicas: start them, or lower its min-replicas-to-write",
        ),
    ],
)
def test_a_server_that_refuses_to_write_is_read_from(
    redis: Redis, redis_url: str, refuse: Any, reason: str
) -> None:
    client, push = make_client(redis_url), encode(read_payload("push__several-commits"))
    assert deliver(client, push).status_code == 202
    refuse(redis)
    for path in (
        "/",
        f"/reports/{DAY}",
        f"/reports/{DAY}.md",
        f"/reports/{DAY}.json",
        "/search?q=e",
        "/feed.atom",
        "/metrics",
    ):
        assert client.get(path).status_code == 200
    assert "pushdigest_redis_up 1.0" in client.get("/metrics").text
    unready, refused = client.get("/readyz"), deliver(client, push)
    assert (unready.status_code, unready.get_json()["reason"]) == (503, reason)
    assert (refused.status_code, refused.get_json()["error"]) == (503, reason)
    assert int(unready.headers["Retry-After"]) > 0


def test_a_server_that_may_drop_the_ledger_is_ready_and_says_what_to_set(
    redis: Redis, redis_url: str
) -> None:
    redis.config_set("maxmemory-policy", "allkeys-lru")
    answer = make_client(redis_url).get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["notes"][0] == (
        "maxmemory-policy is allkeys-lru: CONFIG SET maxmemory-policy noeviction"
    )


# A ledger that is empty


def test_an_empty_ledger_is_ready_and_says_so(redis_url: str) -> None:
    client = make_client(redis_url)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready", "notes": [str(EMPTY)]})
    deliver(client, encode(read_payload("push__several-commits")))
    assert client.get("/readyz").get_json() == {"status": "ready"}


def test_a_ledger_that_was_lost_is_ready_and_says_what_rebuilds_it(redis_url: str, ledger: Ledger) -> None:
    client = make_client(redis_url)
    then, now = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 9, 1, tzinfo=UTC)
    Losses(ledger).look(Known(id="before", seen=then, first_days={ENGINE: date(2025, 12, 1)}), now)
    deliver(client, encode(read_payload("push__several-commits")))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    (note,) = answer.get_json()["notes"]
    assert note == (
        f"the days of {ENGINE} before 2026-01-09 01:00 UTC were lost: "
        f"`pushdigest backfill {ENGINE} --since 2025-12-01` rebuilds them"
    )
