"""GET /healthz: this process answers. GET /readyz: and the ledger is one that it can record in."""

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue
from redis import exceptions

from analysis.storage import keys
from analysis.storage.schema import NewerLedger, Schema

REASONS: tuple[tuple[type[exceptions.RedisError], str], ...] = (
    (exceptions.AuthenticationError, "Redis refuses the password in REDIS_URL"),
    (exceptions.BusyLoadingError, "Redis is still loading its data"),
    (exceptions.ReadOnlyError, "Redis is a read-only replica: point REDIS_URL at the primary"),
    (exceptions.OutOfMemoryError, "Redis is out of memory: raise its maxmemory"),
    (exceptions.ConnectionError, "Redis cannot be reached: check REDIS_URL and that the server runs"),
    (exceptions.TimeoutError, "Redis does not answer in time"),
)
"""The first that fits is given; a subclass stands before its base."""


def health_blueprint(schema: Schema) -> Blueprint:
    """Both routes."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return {"status": "ok"}

    @blueprint.get("/readyz")
    def readyz() -> ResponseReturnValue:
        reason = why_unready(schema)
        if reason is None:
            return {"status": "ready"}
        return {"status": "unready", "reason": reason}, HTTPStatus.SERVICE_UNAVAILABLE

    return blueprint


def why_unready(schema: Schema) -> str | None:
    """Why nothing could be recorded now, in one line; None when it could.

    A PING is not enough: a full server, a replica and one that cannot save answer it and refuse to write.
    """
    try:
        schema.prepare()
        schema.store.redis.set(keys.lock("readyz"), 1, px=1000)
    except NewerLedger as error:
        return str(error)
    except exceptions.RedisError as error:
        return reason_of(error)
    return None


def reason_of(error: exceptions.RedisError) -> str:
    """What an error of Redis means for whoever runs it, without addresses."""
    first_line = str(error).partition("\n")[0]
    known = (reason for kind, reason in REASONS if isinstance(error, kind))
    return next(known, f"Redis refuses: {first_line}")
