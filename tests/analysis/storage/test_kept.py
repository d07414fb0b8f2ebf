"""Answers about single parts, kept for whoever tries again."""

import pytest
from builders import REPOSITORY

from analysis.storage.kept import EXPIRY, Kept, OwnKept, SharedKept
from analysis.storage.store import Store


@pytest.fixture(params=["own", "shared"])
def kept(request: pytest.FixtureRequest, store: Store) -> Kept:
    return OwnKept() if request.param == "own" else SharedKept(store, REPOSITORY)


def test_what_was_said_is_remembered_under_its_key(kept: Kept) -> None:
    assert kept.get("a") is None
    kept.put("a", '{"findings": []}')
    kept.put("b", "变更")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ('{"findings": []}', "变更", None)


def test_all_machines_know_it_for_a_week(store: Store) -> None:
    SharedKept(store, REPOSITORY).put("a", "said")
    assert SharedKept(Store(store.redis), REPOSITORY).get("a") == "said"
    assert SharedKept(store, "octo/other").get("a") is None
    (key,) = store.redis.keys("*")
    assert 0 < store.redis.ttl(key) <= EXPIRY.total_seconds()
