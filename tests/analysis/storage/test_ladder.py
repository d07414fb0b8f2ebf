import pytest

from analysis.storage.ladder import REMEMBERED, RUNGS, OwnRungs, Rungs, SharedRungs
from analysis.storage.store import Store

BASE = "http://user:hunter22@127.0.0.1:8001/v1"


@pytest.fixture(params=["own", "shared"])
def rungs(request: pytest.FixtureRequest, store: Store) -> Rungs:
    return OwnRungs() if request.param == "own" else SharedRungs(store)


def test_the_strictest_way_comes_first(rungs: Rungs) -> None:
    assert rungs.get("openai/any", BASE) == RUNGS[0]


def test_a_way_is_remembered_for_one_model_at_one_address(rungs: Rungs) -> None:
    rungs.put("openai/any", BASE, "plain")
    assert rungs.get("openai/any", BASE) == "plain"
    assert rungs.get("openai/any", None) == RUNGS[0]
    assert rungs.get("openai/other", BASE) == RUNGS[0]
    rungs.put("openai/any", BASE, "json_object")
    assert rungs.get("openai/any", BASE) == "json_object"


def test_what_one_machine_learns_all_know_for_a_day(store: Store) -> None:
    SharedRungs(store).put("openai/any", BASE, "json_object")
    assert SharedRungs(Store(store.redis)).get("openai/any", BASE) == "json_object"
    (key,) = store.redis.keys("*")
    assert 0 < store.redis.ttl(key) <= REMEMBERED.total_seconds()
    assert "hunter22" not in key


def test_a_word_that_is_no_way_is_the_strictest(store: Store) -> None:
    SharedRungs(store).put("openai/any", BASE, "plain")
    (key,) = store.redis.keys("*")
    store.redis.set(key, "of an older version")
    assert SharedRungs(store).get("openai/any", BASE) == RUNGS[0]
