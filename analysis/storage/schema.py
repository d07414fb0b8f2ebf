"""In which form the ledger keeps what it keeps, as a number; and how an older ledger is brought to ours.

A migration changes, a small batch at a time, whatever still has the old form. So it may be cut off anywhere
and begun again, and one that comes late finds nothing to do. Every method may raise
`redis.exceptions.RedisError`.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence

import structlog

from analysis.storage import keys
from analysis.storage.store import Store

LOCK = keys.lock("schema")
LOCKED_MS = 30_000
"""After which a machine that says nothing in the middle of a migration counts as dead."""
LOOK_SECONDS = 0.1
AT_ONCE = 500
"""Keys that are looked at together."""

Migration = Callable[[Store], Iterator[None]]
"""Yields after each batch."""

log = structlog.get_logger(__name__)


class NewerLedger(Exception):
    """A newer version of ours has written the ledger; the message is one line."""


def drop_nameless_parts(store: Store) -> Iterator[None]:
    """1 -> 2: an answer about a part of a commit stands under its repository, so that it can be forgotten.

    An old one does not say whose it is. It is only kept for a week to save a request, so it goes.
    """
    for batch in store.matching(f"{keys.PARTS}*", AT_ONCE):
        if nameless := [key for key in batch if "/" not in key]:
            store.redis.unlink(*nameless)
        yield


MIGRATIONS: Sequence[Migration] = (drop_nameless_parts,)
"""The first leads from 1, which is a ledger that does not say what it is, to 2."""
SCHEMA = 1 + len(MIGRATIONS)
"""What this version reads and writes."""


class Schema:
    """The form of one ledger."""

    def __init__(self, store: Store, migrations: Sequence[Migration] = MIGRATIONS) -> None:
        self.store = store
        self.migrations = migrations
        self.token = secrets.token_hex(16)

    @property
    def ours(self) -> int:
        """What this version reads and writes."""
        return 1 + len(self.migrations)

    def prepare(self) -> None:
        """Have the ledger in our form: an empty one is begun in it, an older one is brought to it.

        One process does that, whatever the number of machines; all others wait for it.

        Raises:
            NewerLedger: it is in a form that this version does not know.
        """
        while (found := self.found()) < self.ours:
            if self._lock():
                self._migrate(found)
            else:
                time.sleep(LOOK_SECONDS)
        if found > self.ours:
            message = f"this ledger was written by a newer pushdigest (schema {found}); upgrade"
            raise NewerLedger(message)

    def found(self) -> int:
        """The form of the ledger; one that has nothing in it is begun in ours."""
        if known := self.store.text(keys.SCHEMA):
            return int(known)
        used = [keys.REPOSITORIES, keys.WALKS, keys.URLS]
        return int(self.store.run("schema", [keys.SCHEMA, *used], [self.ours]))

    def _migrate(self, since: int) -> None:
        """One step forward, unless another has made it or takes it over."""
        try:
            if self.found() == since and all(self._hold() for _ in self.migrations[since - 1](self.store)):
                self.store.run("migrated", [keys.SCHEMA], [since, since + 1])
                log.info("the ledger has a new form", schema=since + 1)
        finally:
            self._hold(0)

    def _lock(self) -> bool:
        return bool(self.store.redis.set(LOCK, self.token, nx=True, px=LOCKED_MS))

    def _hold(self, ms: int = LOCKED_MS) -> bool:
        """Keep the lock for so long, 0 to give it up; False when another has it."""
        return bool(self.store.run("hold", [LOCK], [self.token, ms]))
