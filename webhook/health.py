"""GET /healthz: this process answers. GET /readyz: and the ledger is one that it can record in."""

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from analysis.storage.losses import Losses
from analysis.storage.outage import eviction_at, outage_at, outage_of
from analysis.storage.schema import NewerLedger, Schema

RETRY_AFTER = 30
"""Seconds: about what a restart of Redis takes."""


def health_blueprint(schema: Schema, losses: Losses) -> Blueprint:
    """Both routes.

    Args:
        schema: the form of the ledger whose server is asked.
        losses: what is known to be lost of it.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return {"status": "ok"}

    @blueprint.get("/readyz")
    def readyz() -> ResponseReturnValue:
        outage = outage_at(schema.store.redis)
        return _unready(str(outage)) if outage else _ready(schema, losses)

    return blueprint


def _ready(schema: Schema, losses: Losses) -> ResponseReturnValue:
    """A ledger that was lost or may be evicted takes what comes; but whoever looks is told."""
    try:
        schema.prepare()
        eviction = eviction_at(schema.store.redis)
        notes = [str(note) for note in (*([eviction] if eviction else []), *losses.notes())]
    except NewerLedger as error:
        return _unready(str(error))
    except RedisError as error:
        return _unready(str(outage_of(error)))
    return {"status": "ready", **({"notes": notes} if notes else {})}


def _unready(reason: str) -> ResponseReturnValue:
    answer = {"status": "unready", "reason": reason}
    return answer, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_AFTER)}
