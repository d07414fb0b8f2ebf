"""What a model said of single parts of a commit, kept until all of them are there.

A large commit takes many requests; whoever tries again after a failure begins where the last one stopped.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from analysis.models import RepositoryName
from analysis.storage import keys
from analysis.storage.store import Store

EXPIRY = timedelta(days=7)
"""Longer than a model is likely to be away."""


class Kept(Protocol):
    """The memory; a key is a digest of everything that the answer depends on."""

    def get(self, key: str) -> str | None:
        """What was said, if it is still known."""

    def put(self, key: str, text: str) -> None:
        """Remember it."""


@dataclass
class OwnKept:
    """What this process was told."""

    said: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        """What was said."""
        return self.said.get(key)

    def put(self, key: str, text: str) -> None:
        """Remember it."""
        self.said[key] = text


@dataclass(frozen=True)
class SharedKept:
    """What all machines were told of one repository; may raise `redis.exceptions.RedisError`."""

    store: Store
    repository: RepositoryName

    def get(self, key: str) -> str | None:
        """What was said, if it has not expired."""
        return self.store.text(keys.part(self.repository, key))

    def put(self, key: str, text: str) -> None:
        """Remember it."""
        self.store.redis.set(keys.part(self.repository, key), text, ex=EXPIRY)
