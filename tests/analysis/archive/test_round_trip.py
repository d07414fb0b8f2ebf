"""From one ledger into another, and everything that lasts is there: for readers byte for byte."""

import io
import json
from importlib.metadata import version

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_sha
from estate import A_DAY, OTHER, QUIET, Estate, commit, furnish, lasting, pages
from hypothesis import HealthCheck, given, settings
from invariants import assert_sound, snapshot
from landings import make_push
from moving import LATER, LEDGERS, Whole, exported, fill, imported, without_expiry

from analysis.archive.reading import DamagedLine
from analysis.archive.restore import Restore
from analysis.storage.agenda import Agenda
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.schema import SCHEMA
from analysis.story.relations import Relations


def test_every_digest_is_byte_for_byte_the_same(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    before = pages(ledger)
    taken = imported(target, exported(ledger))
    assert pages(target) == before
    assert (taken.new, taken.completed, taken.unchanged) == (13, 0, 0)


def test_all_that_lasts_is_there_and_nothing_else(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    lines = exported(ledger)
    imported(target, lines)
    assert lasting(target) == lasting(ledger)
    assert without_expiry(exported(target)) == without_expiry(lines)
    assert_sound(target)


def test_a_second_import_changes_nothing(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    lines = exported(ledger)
    imported(target, lines)
    before = snapshot(target.redis)
    taken = imported(target, lines)
    assert snapshot(target.redis) == before
    assert (taken.new, taken.completed, taken.unchanged) == (0, 0, 13)
    imported(ledger, lines)
    assert lasting(ledger) == lasting(target)


def test_the_header_says_what_is_to_come(ledger: Ledger) -> None:
    furnish(ledger)
    header, *_, end = map(json.loads, exported(ledger))
    assert header == {
        "kind": "header",
        "schema": SCHEMA,
        "version": version("pushdigest"),
        "exported_at": "2026-01-09T04:00:00Z",
        "counts": {"repositories": 3, "entries": 13, "days": 5},
    }
    assert end == {"kind": "end", "lines": len(exported(ledger)) - 1}


def test_one_repository_alone(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    imported(target, exported(ledger, OTHER))
    assert target.repositories() == (OTHER,)
    imported(target, exported(ledger, REPOSITORY))
    imported(target, exported(ledger, QUIET))
    assert lasting(target) == lasting(ledger)


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.9])
def test_an_import_that_was_cut_off_is_run_again(ledger: Ledger, target: Ledger, share: float) -> None:
    furnish(ledger)
    lines = exported(ledger)
    part = Restore.into(target, LATER)
    with pytest.raises(DamagedLine, match="the rest is missing"):
        part.run(io.BytesIO("\n".join(lines[: int(len(lines) * share)]).encode()))
    imported(target, lines)
    assert lasting(target) == lasting(ledger)
    assert pages(target) == pages(ledger)


def test_what_is_pending_is_due_and_polling_goes_on_from_the_cursors(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    imported(target, exported(ledger))
    due = {sha for name, sha in Leases(target).due(LATER, 100) if name == REPOSITORY}
    assert due == {make_sha(seed) for seed in ("waits", "leased", "read", "ready", "later")}
    lease = Leases(target).claim(REPOSITORY, make_sha("leased"), now=LATER, until=LATER + A_DAY)
    assert lease is not None
    assert Leases(target).record_analysis(lease, make_analysis(), LATER)
    agenda = Agenda(target.store, target.calendar)
    assert agenda.branch(REPOSITORY, "main").cursor == make_sha("head")
    assert agenda.branch(OTHER, "main").start == make_sha("before")
    assert set(agenda.walks_due(LATER)) == {REPOSITORY, OTHER, QUIET}
    assert target.urls() == ledger.urls()


def test_a_redelivery_after_a_move_brings_nothing_twice(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    imported(target, exported(ledger))
    assert target.record_push(make_push("pushed", 1, repository=OTHER, delivery="a-delivery")) == ()


def test_later_commits_find_those_that_were_imported(ledger: Ledger, target: Ledger) -> None:
    furnish(ledger)
    imported(target, exported(ledger))
    for where in (ledger, target):
        fix = commit("fix", "fix: mend it", NOON + A_DAY, body=f"Fixes: {make_sha('past')[:12]}")
        Estate(where).land(fix, at=NOON + A_DAY)
        Relations(where).record(fix, where.entry(REPOSITORY, fix.sha))
    found = target.entry(REPOSITORY, make_sha("past"))
    assert [each.kind for each in found.relations] == ["fixed-by"]
    assert lasting(target) == lasting(ledger)


@given(whole=LEDGERS)
@settings(
    max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_ledger_makes_the_journey(ledger: Ledger, target: Ledger, whole: Whole) -> None:
    for each in (ledger, target):
        each.redis.flushdb()
    fill(ledger, *whole)
    lines = exported(ledger)
    imported(target, lines)
    assert lasting(target) == lasting(ledger)
    assert without_expiry(exported(target)) == without_expiry(lines)
    assert pages(target) == pages(ledger)
    before = snapshot(target.redis)
    imported(target, lines)
    assert snapshot(target.redis) == before
