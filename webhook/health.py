"""GET /healthz: this process answers. GET /readyz: and Redis takes what it has to record."""

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from analysis.storage.losses import Losses
from analysis.storage.outage import eviction_at, outage_at, outage_of
from analysis.storage.remark import Remark

RETRY_AFTER = 30
"""Seconds: about what a restart of Redis takes."""


def health_blueprint(losses: Losses) -> Blueprint:
    """Both routes.

    Args:
        losses: of the ledger whose server is asked.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return {"status": "ok"}

    @blueprint.get("/readyz")
    def readyz() -> ResponseReturnValue:
        outage = outage_at(losses.store.redis)
        return _unready(outage) if outage else _ready(losses)

    return blueprint


def _ready(losses: Losses) -> ResponseReturnValue:
    """A ledger that was lost or may be evicted takes what comes; but whoever looks is told."""
    try:
        eviction = eviction_at(losses.store.redis)
        notes = [str(note) for note in (*([eviction] if eviction else []), *losses.notes())]
    except RedisError as error:
        return _unready(outage_of(error))
    return {"status": "ready", **({"notes": notes} if notes else {})}


def _unready(outage: Remark) -> ResponseReturnValue:
    answer = {"status": "unready", "reason": str(outage)}
    return answer, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_AFTER)}
