"""The server's append-only file, written anew: the old one still holds what was taken out."""

import time
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

SECONDS = 300.0
LOOK_SECONDS = 0.05


def rewrite(redis: Redis) -> bool:
    """Have the server write it anew, and wait until it has.

    Returns:
        False when it does not let us, or takes longer than five minutes; True as well when it has none.

    Raises:
        redis.exceptions.RedisError: the server is away.
    """
    if not _state(redis)["aof_enabled"]:
        return True
    try:
        return _idle(redis) and bool(redis.bgrewriteaof()) and _idle(redis)
    except ResponseError:
        return False


def _idle(redis: Redis) -> bool:
    """Wait until it is writing none: one that was begun before still holds what is gone."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        state = _state(redis)
        if not state["aof_rewrite_in_progress"] and not state["aof_rewrite_scheduled"]:
            return True
        time.sleep(LOOK_SECONDS)
    return False


def _state(redis: Redis) -> dict[str, Any]:
    return redis.info("persistence")
