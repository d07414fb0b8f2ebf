"""Why Redis does not take what is to be recorded, or may not keep it, in words for whoever runs it.

A server that refuses to write may still be read from, so pages are served as long as it answers.
"""

import re

from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from analysis.storage import keys
from analysis.storage.remark import Remark

PIPELINED = re.compile(r"^Command # \d+ \(.*\) of pipeline caused error: ", re.DOTALL)
"""What redis-py puts before an error in a pipeline: the command, with whatever was to be written."""


KINDS: tuple[tuple[type[exceptions.RedisError], Remark], ...] = (
    (
        exceptions.AuthenticationError,
        Remark("Redis refuses the login", "set its user and password in REDIS_URL"),
    ),
    (
        exceptions.NoPermissionError,
        Remark(
            "Redis forbids a command to this user", "allow it all commands and keys, or log in as another"
        ),
    ),
    (exceptions.BusyLoadingError, Remark("Redis is still loading its data", "wait until it has")),
    (exceptions.ReadOnlyError, Remark("Redis is a read-only replica", "point REDIS_URL at the primary")),
    (exceptions.OutOfMemoryError, Remark("Redis is out of memory", "raise its maxmemory")),
    (
        exceptions.ConnectionError,
        Remark("Redis cannot be reached", "start it, or correct REDIS_URL"),
    ),
    (exceptions.TimeoutError, Remark("Redis does not answer in time", "see its log, and what else it does")),
)
"""The first that fits is given; a subclass stands before its base."""
CODES = {
    "MISCONF": Remark("Redis cannot write to its disk", "make room there, or see its log for the reason"),
    "NOREPLICAS": Remark("Redis misses its replicas", "start them, or lower its min-replicas-to-write"),
    "BUSY": Remark("Redis is busy with somebody's script", "end it with SCRIPT KILL"),
}
"""Errors that redis-py has no class for, by the word that begins them."""


def outage_of(error: exceptions.RedisError) -> Remark:
    """What an error of Redis means, without addresses and without what was to be written."""
    text = PIPELINED.sub("", str(error))
    if found := CODES.get(text.partition(" ")[0]):
        return found
    known = (outage for kind, outage in KINDS if isinstance(error, kind))
    return next(known, Remark(f"Redis refuses: {text.partition(chr(10))[0]}"))


def outage_at(redis: Redis) -> Remark | None:
    """Why nothing could be recorded now; None when it could.

    A PING is not enough: a full server and a replica answer it and refuse to write.
    """
    try:
        redis.set(keys.lock("probe"), 1, px=1000)
    except exceptions.RedisError as error:
        return outage_of(error)
    return None


def outage_of_server(url: str) -> Remark | None:
    """The same by the URL of a server, with a connection of its own, which is asked once."""
    with Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as redis:
        return outage_at(redis)


def eviction_at(redis: Redis) -> Remark | None:
    """Whether the server drops keys when its memory is full, the ledger's among them.

    Raises:
        RedisError: it is not to be asked.
    """
    policy = str(redis.info("memory")["maxmemory_policy"])
    if policy == "noeviction":
        return None
    return Remark(f"maxmemory-policy is {policy}", "CONFIG SET maxmemory-policy noeviction")
