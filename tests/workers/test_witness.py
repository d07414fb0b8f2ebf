"""What a machine remembers of the ledger, over restarts and without a disk."""

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, REPOSITORY
from landings import record
from structlog.testing import capture_logs

from analysis.storage.ledger import Ledger
from analysis.storage.losses import Known, Losses
from workers.witness import Witness

MINUTE = timedelta(minutes=1)


@pytest.fixture
def losses(ledger: Ledger) -> Losses:
    record(ledger, "landed")
    return Losses(ledger)


def lose(losses: Losses) -> None:
    """The server comes back empty."""
    losses.store.redis.flushall()


def look(witness: Witness, minutes: int) -> list[str]:
    """Look at that minute; returns what was logged."""
    with capture_logs() as logs:
        witness.look(NOON + minutes * MINUTE)
    return [str(line["event"]) for line in logs]


def test_a_process_that_goes_on_notices_the_loss_and_says_so_once(losses: Losses, tmp_path: Path) -> None:
    witness = Witness(losses, tmp_path)
    assert look(witness, 0) == look(witness, 1) == []
    lose(losses)
    (said,) = look(witness, 2)
    assert f"the days of {REPOSITORY} before 2026-01-09 04:02 UTC were lost" in said
    assert look(witness, 3) == []


def test_a_process_that_starts_after_the_loss_knows_by_its_disk(losses: Losses, tmp_path: Path) -> None:
    look(Witness(losses, tmp_path / "var"), 0)
    lose(losses)
    assert len(look(Witness(losses, tmp_path / "var"), 1)) == 1
    (loss,) = losses.open()
    assert (loss.repository, loss.first, loss.at) == (REPOSITORY, NOON.date(), NOON + MINUTE)


def test_one_that_has_seen_nothing_before_takes_it_for_new(losses: Losses, tmp_path: Path) -> None:
    look(Witness(losses, tmp_path / "one"), 0)
    lose(losses)
    assert look(Witness(losses, tmp_path / "another"), 1) == []
    assert losses.open() == ()


def test_without_a_disk_memory_has_to_do(losses: Losses, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file is in the way")
    witness = Witness(losses, tmp_path / "var")
    assert look(witness, 0) == ["the ledger is remembered in memory only"]
    lose(losses)
    assert len(losses.open()) == 0
    assert any("were lost" in line for line in look(witness, 1))


def test_what_stands_in_the_file_is_no_older_than_a_minute_or_two(losses: Losses, tmp_path: Path) -> None:
    witness = Witness(losses, tmp_path)
    for minute in range(3):
        look(witness, minute)
        known = Known.model_validate_json((tmp_path / "ledger.json").read_bytes())
        assert known.seen == NOON + minute * MINUTE
    assert [file.name for file in tmp_path.glob("ledger*")] == ["ledger.json"]


def test_a_file_that_cannot_be_read_is_written_anew(losses: Losses, tmp_path: Path) -> None:
    (tmp_path / "ledger.json").write_text("{")
    assert look(Witness(losses, tmp_path), 0) == []
    known = Known.model_validate_json((tmp_path / "ledger.json").read_bytes())
    assert known.first_days == {REPOSITORY: NOON.date()}
