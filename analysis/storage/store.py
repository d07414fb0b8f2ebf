"""The shell around redis-py: connections, text in, text out, and the Lua steps in `lua/`.

A step is short, atomic and safe to repeat, because a client repeats one whose answer was lost. Instants go
in and out as milliseconds (ms) of the Unix epoch. Everything here may raise `redis.exceptions.RedisError`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import NoScriptError
from redis.retry import Retry

Item = TypeVar("Item")
FOLDER = Path(__file__).with_name("lua")
PATIENCE = timedelta(seconds=2)
"""How long a server that is away is asked again, unless told."""
FIRST_REST, LONGEST_REST = timedelta(seconds=0.02), timedelta(seconds=0.5)
"""Between two times of asking."""


def connect(url: str, *, text: bool, patience: timedelta = PATIENCE) -> Redis:
    """A client that asks again when a connection breaks; redis-py's own would not, if made from a URL.

    Args:
        url: of a Redis or Valkey server.
        text: whether its answers are text; RQ wants bytes.
        patience: how long, as far as the server refuses at once; one that hangs is given 5 s each time.
    """
    backoff = ExponentialBackoff(base=FIRST_REST.total_seconds(), cap=LONGEST_REST.total_seconds())
    return Redis.from_url(url, decode_responses=text, retry=Retry(backoff, ceil(patience / LONGEST_REST)))


class Store:
    """A Redis or Valkey server whose answers are text."""

    def __init__(self, redis: Redis) -> None:
        """Take a client made with `decode_responses=True`."""
        self.redis = redis

    @classmethod
    def open(cls, url: str, patience: timedelta = PATIENCE) -> Self:
        """The server at a URL; connects when first used."""
        return cls(connect(url, text=True, patience=patience))

    def run(
        self, step: str, keys: Sequence[str], args: Sequence[str | float], *, client: Redis | None = None
    ) -> Any:  # noqa: ANN401 - whatever the step returns
        """Run a step, or put it on a pipeline that is given as the client.

        A server that was started anew has forgotten every step, and may be started anew at any moment: so a
        step is named only where it can be sent in full when the name is not known, which no pipeline can.
        """
        text, rest = _text(step), [*keys, *args]
        if client not in (None, self.redis):
            return client.eval(text, len(keys), *rest)
        try:
            return self.redis.evalsha(_name(text), len(keys), *rest)
        except NoScriptError:
            return self.redis.eval(text, len(keys), *rest)

    def text(self, key: str) -> str | None:
        """A string."""
        return cast("str | None", self.redis.get(key))

    def fields(self, key: str) -> dict[str, str]:
        """A hash; empty when there is none."""
        return cast("dict[str, str]", self.redis.hgetall(key))

    def members(self, key: str) -> tuple[str, ...]:
        """A set, in lexical order."""
        return tuple(sorted(cast("set[str]", self.redis.smembers(key))))

    def ranked(self, key: str, *, desc: bool = False) -> tuple[str, ...]:
        """A whole sorted set, in its order."""
        return tuple(cast("list[str]", self.redis.zrange(key, 0, -1, desc=desc)))

    def due(self, key: str, now: datetime) -> tuple[str, ...]:
        """The members of a sorted set of instants that are due, earliest first."""
        return tuple(cast("list[str]", self.redis.zrange(key, "-inf", to_ms(now), byscore=True)))

    def matching(self, pattern: str, at_once: int) -> Iterator[list[str]]:
        """The keys that match a glob pattern, in batches; those that come or go meanwhile may be missed."""
        cursor = -1
        while cursor:
            cursor, found = cast(
                "tuple[int, list[str]]", self.redis.scan(max(cursor, 0), match=pattern, count=at_once)
            )
            yield found

    def starting(self, key: str, prefix: str, *, most: int) -> tuple[str, ...]:
        """The first members of a lexical sorted set of hex texts that start with a prefix."""
        found = self.redis.zrange(key, f"[{prefix}", f"({prefix}g", bylex=True, offset=0, num=most)
        return tuple(cast("list[str]", found))


@cache
def _text(step: str) -> str:
    return (FOLDER / f"{step}.lua").read_text(encoding="utf-8")


@cache
def _name(text: str) -> str:
    """What the server calls a step that it knows."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of that size; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def to_ms(instant: datetime) -> int:
    """Milliseconds of the Unix epoch."""
    return int(instant.timestamp() * 1000)


def from_ms(instant: float) -> datetime:
    """The instant, in UTC."""
    return datetime.fromtimestamp(instant / 1000, UTC)


def in_ms(span: timedelta) -> int:
    """A span in milliseconds."""
    return int(span.total_seconds() * 1000)
