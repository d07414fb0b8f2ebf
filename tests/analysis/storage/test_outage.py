"""What an error of Redis means, by real servers as far as they can be made to give it."""

from collections.abc import Callable, Iterator

import pytest
from redis import Redis, exceptions

from analysis.storage.outage import eviction_at, outage_at, outage_of
from analysis.storage.remark import Remark
from workers.embedded import EmbeddedServer


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client
        client.replicaof("NO", "ONE")
        for name in ("maxmemory", "min-replicas-to-write"):
            client.config_set(name, "0")
        client.execute_command("ACL", "DELUSER", "reader")


def test_a_server_that_takes_writes_has_no_outage_and_keeps_nothing_of_the_probe(redis: Redis) -> None:
    assert outage_at(redis) is None
    assert all(0 < redis.pttl(key) <= 1000 for key in redis.scan_iter())


def _full(redis: Redis) -> None:
    redis.config_set("maxmemory", "1")


def _replica(redis: Redis) -> None:
    redis.replicaof("127.0.0.1", "1")


def _alone(redis: Redis) -> None:
    redis.config_set("min-replicas-to-write", "1")


@pytest.mark.parametrize(
    ("refuse", "what"), [(_full, "out of memory"), (_replica, "read-only"), (_alone, "misses its replicas")]
)
def test_a_server_that_refuses_to_write_says_why(
    redis: Redis, refuse: Callable[[Redis], None], what: str
) -> None:
    refuse(redis)
    outage = outage_at(redis)
    assert outage is not None
    assert what in outage.what
    assert outage.mend


def test_a_login_that_is_refused_or_may_not_write_is_said(redis: Redis, server: EmbeddedServer) -> None:
    redis.execute_command("ACL", "SETUSER", "reader", "on", ">its-password", "~*", "+@read", "+@connection")
    said = {}
    for password in ("its-password", "another"):
        with Redis.from_url(f"unix://reader:{password}@{server.socket}") as client:
            outage = outage_at(client)
            assert outage is not None
            said[password] = outage.what
    assert said == {
        "its-password": "Redis forbids a command to this user",
        "another": "Redis refuses the login",
    }


def test_an_error_in_a_pipeline_shows_nothing_of_what_was_to_be_written(redis: Redis) -> None:
    redis.set("text", "text")
    with redis.pipeline() as pipe:
        pipe.execute_command("RPUSH", "text", "what nobody is to see\nin two lines")
        with pytest.raises(exceptions.ResponseError) as raised:
            pipe.execute()
    assert "nobody" in str(raised.value)
    assert str(outage_of(raised.value)).startswith("Redis refuses: WRONGTYPE ")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.AuthenticationError("invalid password for redis.internal:6379"), "REDIS_URL"),
        (exceptions.BusyLoadingError("Redis is loading the dataset in memory"), "loading"),
        (exceptions.ConnectionError("Error 111 connecting to redis.internal:6379"), "cannot be reached"),
        (exceptions.TimeoutError("Timeout reading from redis.internal:6379"), "in time"),
        (exceptions.ResponseError("MISCONF Errors writing to the AOF file\nNo space left"), "make room"),
        (exceptions.ResponseError("BUSY Valkey is busy running a script."), "SCRIPT KILL"),
        (exceptions.ResponseError("ODD as never seen\nin two lines"), "Redis refuses: ODD as never seen"),
        (exceptions.RedisError(), "refuses"),
    ],
)
def test_every_error_is_one_line_without_an_address(error: exceptions.RedisError, expected: str) -> None:
    said = str(outage_of(error))
    assert expected in said
    assert "redis.internal" not in said
    assert len(said.splitlines()) == 1


def test_a_remark_reads_as_what_is_so_and_how_to_mend_it() -> None:
    assert str(Remark("It is full", "empty it")) == "It is full: empty it"
    assert str(Remark("It is odd")) == "It is odd"


def test_a_server_that_evicts_is_said_although_it_takes_writes(redis: Redis) -> None:
    assert eviction_at(redis) is None
    redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert outage_at(redis) is None
        assert str(eviction_at(redis)) == (
            "maxmemory-policy is allkeys-lru: CONFIG SET maxmemory-policy noeviction"
        )
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
