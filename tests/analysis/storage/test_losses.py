"""Whether a ledger has taken the place of one that was lost, and what a backfill then marks."""

from datetime import date, datetime, timedelta

import pytest
from builders import NOON
from landings import make_landed

from analysis.storage.entry import Source
from analysis.storage.ledger import Ledger
from analysis.storage.losses import EMPTY, Known, Losses

ENGINE, OTHER = "octo/engine", "octo/other"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def losses(ledger: Ledger) -> Losses:
    return Losses(ledger)


def land(ledger: Ledger, repository: str, at: datetime, source: Source = Source.PUSH) -> None:
    """One commit, as new as its instant."""
    landed = make_landed((repository, at, source))
    ledger.record_landed(repository, "main", [(landed, at)], source=source)


def rebuilt(ledger: Ledger, repository: str) -> dict[date, bool]:
    return {day: ledger.day_record(repository, day).rebuilt for day in ledger.days(repository)}


@pytest.fixture
def lost(losses: Losses) -> Losses:
    """A ledger that began an hour ago in the place of one that held twenty days of a repository."""
    known = Known(id="lost", seen=NOON - 2 * HOUR, first_days={ENGINE: (NOON - 20 * DAY).date()})
    losses.look(known, NOON - HOUR)
    return losses


def test_a_ledger_keeps_the_id_it_was_given_first(losses: Losses) -> None:
    first = losses.look(None, NOON)
    assert losses.look(None, NOON + DAY).id == losses.look(first, NOON + DAY).id == first.id
    assert losses.open() == ()


def test_what_is_known_holds_the_oldest_day_of_each_repository(losses: Losses, ledger: Ledger) -> None:
    for at in (NOON, NOON - 3 * DAY):
        land(ledger, ENGINE, at)
    land(ledger, OTHER, NOON)
    assert losses.look(None, NOON).first_days == {ENGINE: date(2026, 1, 6), OTHER: date(2026, 1, 9)}


def test_an_empty_ledger_says_so_and_one_with_days_says_nothing(losses: Losses, ledger: Ledger) -> None:
    assert losses.notes() == (EMPTY,)
    land(ledger, ENGINE, NOON)
    assert losses.notes() == ()


def test_a_ledger_that_began_after_another_was_seen_stands_for_a_loss(losses: Losses, ledger: Ledger) -> None:
    land(ledger, ENGINE, NOON - DAY)
    before = losses.look(losses.look(None, NOON - HOUR), NOON - MINUTE)
    losses.store.redis.flushall()
    after = losses.look(before, NOON)
    assert after.id != before.id
    (loss,) = losses.open()
    assert (loss.repository, loss.first, loss.at) == (ENGINE, date(2026, 1, 8), NOON)
    (note,) = losses.notes()
    assert note.what == "the days of octo/engine before 2026-01-09 04:00 UTC were lost"
    assert note.mend == "`pushdigest backfill octo/engine --since 2026-01-08` rebuilds them"


def test_another_ledger_that_was_there_all_the_while_is_no_loss(losses: Losses) -> None:
    losses.look(None, NOON - DAY)
    losses.look(Known(id="elsewhere", seen=NOON - HOUR, first_days={ENGINE: NOON.date()}), NOON)
    assert losses.open() == ()


def test_whoever_never_saw_the_lost_ledger_changes_nothing(lost: Losses) -> None:
    (before,) = lost.open()
    lost.look(None, NOON)
    assert lost.open() == (before,)


def test_a_second_witness_may_come_later_and_says_the_same_again(lost: Losses) -> None:
    (before,) = lost.open()
    lost.look(Known(id="lost", seen=NOON - 2 * HOUR, first_days={ENGINE: NOON.date()}), NOON)
    assert lost.open() == (before,)


def test_days_that_a_backfill_gives_again_are_rebuilt(lost: Losses, ledger: Ledger) -> None:
    for at in (NOON - 2 * DAY, NOON - 2 * HOUR):
        land(ledger, ENGINE, at, Source.BACKFILL)
    assert rebuilt(ledger, ENGINE) == {date(2026, 1, 9): True, date(2026, 1, 7): True}
    assert lost.open() == ()


@pytest.mark.usefixtures("lost")
def test_what_was_never_in_the_lost_ledger_is_not_called_rebuilt(ledger: Ledger) -> None:
    land(ledger, ENGINE, NOON - 30 * DAY, Source.BACKFILL)
    land(ledger, OTHER, NOON - 2 * DAY, Source.BACKFILL)
    land(ledger, ENGINE, NOON - DAY, Source.PUSH)
    land(ledger, ENGINE, NOON, Source.BACKFILL)
    assert set(rebuilt(ledger, ENGINE).values()) == set(rebuilt(ledger, OTHER).values()) == {False}


def test_what_lands_since_does_not_end_the_loss(lost: Losses, ledger: Ledger) -> None:
    land(ledger, ENGINE, NOON)
    assert len(lost.open()) == 1


def test_days_that_were_brought_back_otherwise_end_the_loss(lost: Losses, ledger: Ledger) -> None:
    land(ledger, ENGINE, NOON - DAY, Source.PUSH)
    assert lost.open() == ()
