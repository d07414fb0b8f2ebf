"""How a model's server is asked for JSON, and where that is remembered.

Not every server takes a schema. One that refuses is asked in the next way, which costs a request; so the way
that it took is remembered, for its model at its address.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from analysis.storage import keys
from analysis.storage.store import Store

Rung = Literal["json_schema", "json_object", "plain"]
RUNGS: tuple[Rung, ...] = ("json_schema", "json_object", "plain")
"""The strictest first."""
REMEMBERED = timedelta(days=1)
"""Servers learn: the strictest way is tried again once a day."""


class Rungs(Protocol):
    """The memory."""

    def get(self, model: str, api_base: str | None) -> Rung:
        """The way to begin with: the one that was taken last, else the strictest."""

    def put(self, model: str, api_base: str | None, rung: Rung) -> None:
        """The server took that way."""


@dataclass
class OwnRungs:
    """What this process has learnt."""

    known: dict[tuple[str, str | None], Rung] = field(default_factory=dict)

    def get(self, model: str, api_base: str | None) -> Rung:
        """The way to begin with."""
        return self.known.get((model, api_base), RUNGS[0])

    def put(self, model: str, api_base: str | None, rung: Rung) -> None:
        """The server took that way."""
        self.known[model, api_base] = rung


@dataclass(frozen=True)
class SharedRungs:
    """What all machines have learnt; may raise `redis.exceptions.RedisError`."""

    store: Store

    def get(self, model: str, api_base: str | None) -> Rung:
        """The way to begin with."""
        stored = self.store.text(_key(model, api_base))
        return next((rung for rung in RUNGS if rung == stored), RUNGS[0])

    def put(self, model: str, api_base: str | None, rung: Rung) -> None:
        """The server took that way."""
        self.store.redis.set(_key(model, api_base), rung, ex=REMEMBERED)


def _key(model: str, api_base: str | None) -> str:
    """An address may hold a password, so only its hash is kept."""
    address = hashlib.sha256((api_base or "").encode()).hexdigest()[:16]
    return keys.rung(model, address)
