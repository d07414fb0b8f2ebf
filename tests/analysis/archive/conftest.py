"""Two ledgers: one that is exported, and another."""

from collections.abc import Iterator

import pytest

from analysis.storage.ledger import Ledger
from analysis.storage.store import Store


@pytest.fixture
def target(redis_url: str, ledger: Ledger) -> Iterator[Ledger]:
    """An empty ledger beside the other."""
    store = Store.open(f"{redis_url}?db=1")
    yield Ledger(store, ledger.calendar)
    store.redis.close()
