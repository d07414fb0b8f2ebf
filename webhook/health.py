"""GET /healthz: this process answers. GET /readyz: and Redis takes what it has to record."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from analysis.storage.losses import Losses
from analysis.storage.outage import Outage, outage_at, outage_of

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
        return _unready(outage) if outage else _ready(losses.note)

    return blueprint


def _ready(read_note: Callable[[], str | None]) -> ResponseReturnValue:
    """A ledger that is empty or was lost takes what comes, so it is ready; but whoever looks is told."""
    try:
        note = read_note()
    except RedisError as error:
        return _unready(outage_of(error))
    return {"status": "ready", **({"note": note} if note else {})}


def _unready(outage: Outage) -> ResponseReturnValue:
    answer = {"status": "unready", "reason": str(outage)}
    return answer, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_AFTER)}
