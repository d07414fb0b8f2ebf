"""An export into a ledger that has commits already: what says more wins, and no commit changes its day."""

from datetime import timedelta

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_correction, make_sha
from estate import A_DAY, Estate, commit
from hypothesis import HealthCheck, given, settings
from invariants import assert_sound, content_of, snapshot
from landings import claimed, make_push, record
from moving import LATER, LEDGERS, Fate, Whole, exported, fill, imported

from analysis.models import Importance
from analysis.storage.agenda import Agenda
from analysis.storage.corrections import Corrections
from analysis.storage.entry import Entry, Source, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger

DAY = NOON.date()
HIGH, MEDIUM, LOW = Importance


def weight(entry: Entry | None) -> int:
    """How much is said of a commit."""
    if entry is None or entry.state is not State.ANALYSED:
        return 0
    return 2 if entry.model else 1


def entry_of(ledger: Ledger, seed: object = 1) -> Entry:
    entry = ledger.entry(REPOSITORY, make_sha(seed))
    assert entry is not None
    return entry


def due(ledger: Ledger, at: object = LATER) -> bool:
    """Whether the builders' day is to be closed by then."""
    closings = Agenda(ledger.store, ledger.calendar).closings_due(at)
    return (REPOSITORY, DAY) in closings


def one(ledger: Ledger, outcome: str, *, days: int = 0) -> None:
    fill(ledger, [Fate(1, outcome, Source.POLL, days, corrected=False)], ())


@pytest.mark.parametrize("theirs", ["rules", "model"])
@pytest.mark.parametrize("ours", ["ready", "leased", "deferred", "parked", "reopened"])
def test_what_is_analysed_goes_before_what_is_not(
    ledger: Ledger, target: Ledger, theirs: str, ours: str
) -> None:
    one(ledger, theirs)
    one(target, ours)
    assert imported(target, exported(ledger)).completed == 1
    assert entry_of(target) == entry_of(ledger)
    assert Leases(target).due(LATER, 9) == ()
    assert_sound(target)
    before = snapshot(ledger.redis)
    imported(ledger, exported(target))
    assert snapshot(ledger.redis) == before


@pytest.mark.parametrize("theirs", ["ready", "leased", "deferred", "parked", "reopened"])
@pytest.mark.parametrize("ours", ["ready", "deferred", "parked"])
def test_where_neither_is_analysed_ours_stands(
    ledger: Ledger, target: Ledger, theirs: str, ours: str
) -> None:
    one(ledger, theirs)
    one(target, ours)
    before = entry_of(target)
    imported(target, exported(ledger))
    after = entry_of(target)
    assert (after.state, after.obstacle, after.attempts) == (before.state, before.obstacle, before.attempts)
    assert (after.facts is None) == (before.facts is None and entry_of(ledger).facts is None)
    assert_sound(target)


def test_a_model_goes_before_the_rules_and_ours_before_theirs(ledger: Ledger, target: Ledger) -> None:
    one(ledger, "model")
    one(target, "rules")
    imported(target, exported(ledger))
    assert entry_of(target).model is not None
    Estate(target).land(commit(2, "fix: two"), at=NOON)
    Estate(ledger).land(commit(2, "fix: two"), at=NOON)
    Estate(target).analysed(commit(2, "fix: two"), NOON, make_analysis(importance=LOW))
    Estate(ledger).analysed(commit(2, "fix: two"), NOON, make_analysis(importance=HIGH))
    imported(target, exported(ledger))
    assert entry_of(target, 2).importance is LOW


def test_whoever_holds_a_lease_has_lost_it(ledger: Ledger, target: Ledger) -> None:
    one(ledger, "model")
    record(target, 1)
    lease = claimed(Leases(target), 1)
    imported(target, exported(ledger))
    assert not Leases(target).extend(lease, LATER)
    assert not Leases(target).record_analysis(lease, make_analysis(importance=LOW), LATER)
    assert entry_of(target) == entry_of(ledger)


def test_a_commit_keeps_the_day_it_has_here_and_others_point_to_it(ledger: Ledger, target: Ledger) -> None:
    old, new = commit("old", "feat: old"), commit("new", "fix: new", body=f"Fixes: {make_sha('old')}")
    for where, days in ((ledger, 3), (target, 1)):
        Estate(where).land(old, at=NOON - days * A_DAY)
    Estate(ledger).land(new, at=NOON)
    for each in (old, new):
        Estate(ledger).analysed(each, NOON, make_analysis())
    Estate(ledger).close(REPOSITORY, (NOON - 3 * A_DAY).date(), NOON)
    imported(target, exported(ledger))
    here = (NOON - A_DAY).date()
    assert (entry_of(target, "old").day, entry_of(target, "old").model is not None) == (here, True)
    assert [(each.kind, each.day) for each in entry_of(target, "new").relations] == [("fixes", here)]
    assert [(each.kind, each.day) for each in entry_of(target, "old").relations] == [("fixed-by", DAY)]
    assert_sound(target)


def test_the_later_correction_stands(ledger: Ledger, target: Ledger) -> None:
    for where, importance, hours in ((ledger, HIGH, 1), (target, LOW, 2)):
        one(where, "model")
        correction = make_correction(importance=importance, corrected_at=NOON + timedelta(hours=hours))
        Corrections(where).put(REPOSITORY, make_sha(1), correction)
    lines = exported(target)
    imported(target, exported(ledger))
    assert entry_of(target).importance is LOW
    imported(ledger, lines)
    assert entry_of(ledger).importance is LOW


def test_a_closed_day_that_gets_more_is_closed_once_more(ledger: Ledger, target: Ledger) -> None:
    fill(ledger, [Fate(number, "model", Source.POLL, 0, corrected=False) for number in (1, 2)], [0])
    fill(target, [Fate(1, "model", Source.POLL, 0, corrected=False)], [0])
    assert not due(target)
    imported(target, exported(ledger))
    assert due(target)
    assert target.day_record(REPOSITORY, DAY).revision == 1
    assert_sound(target)


def test_a_day_whose_last_pending_commit_is_completed_is_to_be_closed(ledger: Ledger, target: Ledger) -> None:
    """It stands on another day there, so that no line of the export speaks of this one."""
    one(ledger, "rules")
    fill(target, [Fate(1, "ready", Source.BACKFILL, 1, corrected=False)], ())
    imported(target, exported(ledger))
    closings = Agenda(target.store, target.calendar).closings_due(LATER)
    assert (REPOSITORY, entry_of(target).day) in closings
    assert entry_of(target).day != DAY
    assert_sound(target)


@pytest.mark.parametrize("ours", [1, 2, 3])
def test_the_higher_revision_stands(ledger: Ledger, target: Ledger, ours: int) -> None:
    for where, count in ((ledger, 2), (target, ours)):
        fill(where, [Fate(1, "model", Source.POLL, 0, corrected=False)], [])
        for number in range(count):
            content = content_of(where.day(REPOSITORY, DAY)) if number == count - 1 else f"{number}"
            where.close(where.day_record(REPOSITORY, DAY), content, NOON)
    imported(target, exported(ledger))
    assert target.day_record(REPOSITORY, DAY).revision == max(ours, 2)
    assert not due(target)
    assert_sound(target)


def test_of_two_cursors_the_exports_is_gone_on_from(ledger: Ledger, target: Ledger) -> None:
    theirs, ours = (Agenda(each.store, each.calendar) for each in (ledger, target))
    theirs.advance(REPOSITORY, "main", cursor=None, head=make_sha("moved"))
    ours.advance(REPOSITORY, "main", cursor=None, head=make_sha("begun anew"))
    record(ledger, 1)
    imported(target, exported(ledger))
    assert ours.branch(REPOSITORY, "main").cursor == make_sha("moved")
    assert not ours.advance(REPOSITORY, "main", cursor=make_sha("begun anew"), head=make_sha("head"))


def test_a_push_that_is_newer_here_stays(ledger: Ledger, target: Ledger) -> None:
    theirs, ours = (Agenda(each.store, each.calendar) for each in (ledger, target))
    ledger.record_push(make_push(1))
    target.record_push(make_push(2, pushed_at=NOON + A_DAY, before=make_sha(1)))
    imported(target, exported(ledger))
    assert ours.branch(REPOSITORY, "main").pushed == make_sha(2)
    imported(ledger, exported(target))
    assert theirs.branch(REPOSITORY, "main").pushed == make_sha(2)


@given(theirs=LEDGERS, ours=LEDGERS)
@settings(
    max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_two_ledgers_become_one(ledger: Ledger, target: Ledger, theirs: Whole, ours: Whole) -> None:
    for where, whole in ((ledger, theirs), (target, ours)):
        where.redis.flushdb()
        fill(where, *whole)
    before = {fate.number: target.entry(REPOSITORY, make_sha(fate.number)) for fate in ours[0]}
    lines = exported(ledger)
    imported(target, lines)
    assert_sound(target)
    for number in {fate.number for fate in (*theirs[0], *ours[0])}:
        other, known = ledger.entry(REPOSITORY, make_sha(number)), before.get(number)
        found = entry_of(target, number)
        assert weight(found) == max(weight(other), weight(known))
        assert found.day == (known or other).day
    stood = snapshot(target.redis)
    imported(target, lines)
    assert snapshot(target.redis) == stood
