"""Entries of any kind in a real ledger, as an import takes them over."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from builders import NOON
from invariants import content_of

from analysis.archive.adoption import Adoption
from analysis.archive.lines import EntryLine
from analysis.storage.entry import Entry, State
from analysis.storage.highlights import Highlights
from analysis.storage.ledger import Ledger
from analysis.storage.store import to_ms

LATER = NOON + timedelta(days=90)


def fill(ledger: Ledger, entries: Iterable[Entry]) -> None:
    """Take these over, with how they belong to others."""
    Adoption(ledger, LATER).adopt([_line(entry) for entry in entries])


def close(
    ledger: Ledger, repository: str, day: date, told: Highlights | None = None, at: datetime = LATER
) -> None:
    """Close a day, with what a model told of it."""
    record, entries = ledger.day_record(repository, day), ledger.day(repository, day)
    assert ledger.close(record.model_copy(update={"highlights": told}), content_of(entries), at) > 0


def _line(entry: Entry) -> EntryLine:
    landed = to_ms(entry.landed_at)
    relations = [each.model_dump() | {"strength": 1, "landed_ms": landed} for each in entry.relations]
    parked = entry.landed_at if entry.state is State.PARKED else None
    return EntryLine.model_validate(entry.model_dump() | {"relations": relations, "parked_at": parked})
