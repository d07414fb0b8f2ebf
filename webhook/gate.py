"""No request gets through to a ledger that a newer version has written, or that has still an old form."""

import sys

from flask import Flask, request
from redis.exceptions import RedisError
from werkzeug.exceptions import ServiceUnavailable

from analysis.storage.schema import NewerLedger, Schema

OPEN = frozenset({"health.healthz", "health.readyz", "metrics.metrics", "deliveries.receive"})
"""Endpoints that need no ledger, or look themselves."""


class Gate:
    """Looks at the ledger until that has answered once: a web process starts while Redis is away."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.passed = False

    def install(self, app: Flask) -> None:
        """Stand before every request."""

        @app.before_request
        def look() -> None:
            if request.endpoint not in OPEN:
                self.look()

    def look(self) -> None:
        """Let through from now on, or nobody.

        Raises:
            ServiceUnavailable: a newer version has written the ledger.
            redis.exceptions.RedisError: it cannot be looked at.
        """
        try:
            if not self.passed:
                self.schema.prepare()
        except NewerLedger as error:
            raise ServiceUnavailable(str(error)) from None
        self.passed = True


def refuse_to_start(schema: Schema) -> None:
    """End this process with one line and status 1 if a newer version has written the ledger."""
    try:
        schema.prepare()
    except NewerLedger as error:
        sys.stderr.write(f"pushdigest: {error}\n")
        raise SystemExit(1) from None
    except RedisError:
        return  # the gate looks later
