"""What a reader says of a commit, whatever becomes of its analysis."""

from datetime import date, timedelta

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_correction, make_facts, make_sha
from invariants import assert_sound, snapshot
from landings import analyse, claimed, record

from analysis.models import Importance
from analysis.storage.agenda import Agenda
from analysis.storage.corrections import Corrections
from analysis.storage.entry import Entry, Obstacle, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger

DAY = date(2026, 1, 9)
HIGH, MEDIUM, LOW = Importance
LATER = NOON + timedelta(days=3)


@pytest.fixture
def corrections(ledger: Ledger) -> Corrections:
    return Corrections(ledger)


def entry_of(ledger: Ledger, seed: object = 1) -> Entry:
    entry = ledger.entry(REPOSITORY, make_sha(seed))
    assert entry is not None
    return entry


def test_a_correction_counts_and_the_analysis_stays(
    ledger: Ledger, leases: Leases, corrections: Corrections
) -> None:
    record(ledger, 1)
    assert (entry_of(ledger).importance, entry_of(ledger).matters) == (None, False)
    analyse(leases, 1)
    before = entry_of(ledger)
    assert (before.importance, before.matters) == (HIGH, True)
    assert corrections.put(REPOSITORY, make_sha(1), make_correction()) == before
    after = entry_of(ledger)
    assert (after.importance, after.matters) == (LOW, False)
    assert after == before.model_copy(update={"correction": make_correction()})
    corrections.clear(REPOSITORY, make_sha(1), NOON)
    assert entry_of(ledger) == before
    assert_sound(ledger)


def test_a_commit_that_waits_can_be_corrected(ledger: Ledger, corrections: Corrections) -> None:
    record(ledger, 1)
    corrections.put(REPOSITORY, make_sha(1), make_correction(importance=MEDIUM))
    entry = entry_of(ledger)
    assert (entry.importance, entry.state) == (MEDIUM, State.PENDING)


def test_it_outlives_every_attempt(ledger: Ledger, leases: Leases, corrections: Corrections) -> None:
    record(ledger, 1)
    correction = make_correction()
    corrections.put(REPOSITORY, make_sha(1), correction)
    leases.park(claimed(leases, 1), Obstacle(code="model-refused"), NOON)
    leases.reopen(REPOSITORY, make_sha(1), State.PARKED)
    lease = claimed(leases, 1)
    leases.record_read(lease, make_facts(), make_analysis(source="rules"))
    leases.record_analysis(lease, None, NOON)
    leases.reopen(REPOSITORY, make_sha(1), State.ANALYSED)
    assert analyse(leases, 1)
    assert (entry_of(ledger).correction, entry_of(ledger).model is not None) == (correction, True)


def test_an_unknown_commit_is_not_begun(ledger: Ledger, corrections: Corrections) -> None:
    assert corrections.put(REPOSITORY, make_sha(1), make_correction()) is None
    assert corrections.clear(REPOSITORY, make_sha(1), NOON) is None
    assert snapshot(ledger.redis) == {}


def test_the_same_once_more_changes_nothing(ledger: Ledger, corrections: Corrections) -> None:
    record(ledger, 1)
    corrections.put(REPOSITORY, make_sha(1), make_correction())
    before = snapshot(ledger.redis)
    corrections.put(REPOSITORY, make_sha(1), make_correction(corrected_at=LATER))
    assert snapshot(ledger.redis) == before
    corrections.put(REPOSITORY, make_sha(1), make_correction(note="Another reason.", corrected_at=LATER))
    assert entry_of(ledger).correction == make_correction(note="Another reason.", corrected_at=LATER)


def test_a_day_that_is_open_keeps_its_hour(ledger: Ledger, agenda: Agenda, corrections: Corrections) -> None:
    record(ledger, 1)
    corrections.put(REPOSITORY, make_sha(1), make_correction())
    assert agenda.closings_due(NOON) == ()
    assert agenda.closings_due(ledger.calendar.closes_at(DAY)) == ((REPOSITORY, DAY),)


@pytest.mark.parametrize("pending", [(), (2,)])
def test_a_closed_day_is_closed_once_more(
    ledger: Ledger, leases: Leases, agenda: Agenda, pending: tuple[int, ...]
) -> None:
    record(ledger, 1, *pending)
    analyse(leases, 1)
    closed = LATER - timedelta(minutes=1)
    ledger.close(ledger.day_record(REPOSITORY, DAY), "as it was", closed)
    assert agenda.closings_due(LATER + timedelta(days=9)) == ()
    Corrections(ledger).put(REPOSITORY, make_sha(1), make_correction(corrected_at=LATER))
    due = closed + timedelta(hours=24) if pending else LATER
    assert agenda.closings_due(due - timedelta(seconds=1)) == ()
    assert agenda.closings_due(due) == ((REPOSITORY, DAY),)


def test_a_correction_while_a_day_is_closed_keeps_the_closing_due(
    ledger: Ledger, leases: Leases, agenda: Agenda, corrections: Corrections
) -> None:
    record(ledger, 1)
    analyse(leases, 1)
    read = ledger.day_record(REPOSITORY, DAY)
    corrections.put(REPOSITORY, make_sha(1), make_correction())
    ledger.close(read, "as it was", LATER)
    assert agenda.closings_due(LATER) == ((REPOSITORY, DAY),)
