"""The store: steps that are known again, instants, lists."""

from datetime import timedelta

import pytest
from builders import NOON, make_sha
from landings import claimed, make_push, record
from redis.client import Pipeline

from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store, from_ms, in_ms, to_ms


def test_a_push_is_recorded_by_a_server_that_was_started_anew_before_it_was_sent(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Pipeline.load_scripts

    def load_and_start_anew(pipeline: Pipeline) -> None:
        load(pipeline)
        ledger.redis.script_flush()

    monkeypatch.setattr(Pipeline, "load_scripts", load_and_start_anew)
    ledger.redis.script_flush()
    assert ledger.record_push(make_push("pushed")) == (make_sha("pushed"),)


def test_steps_are_known_again_after_the_server_has_forgotten_them(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    ledger.redis.script_flush()
    claimed(leases, 1)
    ledger.redis.script_flush()
    assert ledger.record_push(make_push(2)) == (make_sha(2),)


# Instants


def test_instants_and_spans_go_in_and_out_as_milliseconds() -> None:
    instant = NOON + timedelta(milliseconds=789)
    assert from_ms(to_ms(instant)) == instant
    assert from_ms(to_ms(instant)).utcoffset() == timedelta()
    assert in_ms(timedelta(minutes=2, milliseconds=5)) == 120_005


def test_lists_come_in_the_order_that_they_promise(store: Store) -> None:
    store.redis.sadd("set", "b", "a", "c")
    store.redis.zadd("instants", {"late": to_ms(NOON), "early": 5, "future": to_ms(NOON) + 1})
    assert store.members("set") == ("a", "b", "c")
    assert store.ranked("instants") == ("early", "late", "future")
    assert store.ranked("instants", desc=True) == ("future", "late", "early")
    assert store.due("instants", NOON) == ("early", "late")
    assert store.text("nothing") is None
    assert store.fields("nothing") == {}
