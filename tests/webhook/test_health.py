from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis, exceptions

from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.schema import Schema
from analysis.storage.store import Store
from webhook.app import create_app
from webhook.health import reason_of, why_unready


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


def test_ready_while_redis_takes_writes(redis_url: str) -> None:
    client = create_app(load_settings(redis_url=redis_url)).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_the_probe_leaves_nothing_that_lasts(redis: Redis) -> None:
    assert why_unready(Schema(Store(redis))) is None
    assert all(redis.pttl(key) <= 1000 for key in redis.scan_iter() if key != keys.SCHEMA)


def test_unready_but_healthy_while_redis_is_away(tmp_path: Path) -> None:
    client = create_app(load_settings(redis_url=f"unix://{tmp_path}/none.sock")).test_client()
    unready = client.get("/readyz")
    assert (unready.status_code, unready.get_json()["status"]) == (503, "unready")
    assert "cannot be reached" in unready.get_json()["reason"]
    assert str(tmp_path) not in unready.text
    healthy = client.get("/healthz")
    assert (healthy.status_code, healthy.json) == (200, {"status": "ok"})


@pytest.fixture
def full(redis: Redis) -> Iterator[Redis]:
    Schema(Store(redis)).prepare()
    redis.config_set("maxmemory", "1")
    yield redis
    redis.config_set("maxmemory", "0")


def test_unready_while_redis_is_full(full: Redis) -> None:
    assert why_unready(Schema(Store(full))) == "Redis is out of memory: raise its maxmemory"


@pytest.fixture
def replica(redis: Redis) -> Iterator[Redis]:
    Schema(Store(redis)).prepare()
    redis.replicaof("127.0.0.1", "1")
    yield redis
    redis.replicaof("NO", "ONE")


def test_unready_while_redis_is_a_replica(replica: Redis) -> None:
    assert (
        why_unready(Schema(Store(replica))) == "Redis is a read-only replica: point REDIS_URL at the primary"
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.AuthenticationError("invalid password for redis.internal:6379"), "REDIS_URL"),
        (exceptions.BusyLoadingError("Redis is loading the dataset in memory"), "loading"),
        (exceptions.TimeoutError("Timeout reading from redis.internal:6379"), "in time"),
        (exceptions.ResponseError("MISCONF Errors writing to the AOF file\nNo space left"), "MISCONF"),
        (exceptions.RedisError(), "refuses"),
    ],
)
def test_every_error_is_one_line_without_an_address(error: exceptions.RedisError, expected: str) -> None:
    reason = reason_of(error)
    assert expected in reason
    assert "redis.internal" not in reason
    assert len(reason.splitlines()) == 1
