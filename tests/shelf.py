"""A ledger in memory, for tests of what is read from it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from days import CALENDAR

from analysis.storage.entry import DayRecord, Entry
from analysis.storage.glance import Glance
from analysis.storage.skim import Skim
from report.library import Library

TODAY = datetime(2026, 1, 10, 4, 0, tzinfo=UTC)
"""The day after the builders' one, in Shanghai."""


class MemoryAnnals:
    """What `report.shelf.Annals` asks for, of the same."""

    def __init__(self, shelf: "MemoryShelf") -> None:
        self.shelf = shelf

    def glances(self, repository: str, days: Iterable[date]) -> dict[date, tuple[Glance, ...]]:
        return {day: tuple(map(Glance.of, self.shelf.day(repository, day))) for day in days}

    def skims(
        self, repository: str, days: Iterable[date], needles: Sequence[Sequence[str]] = ()
    ) -> dict[date, tuple[Skim, ...]]:
        return {
            day: tuple(
                Skim.of(entry) for entry in self.shelf.day(repository, day) if may_hold(entry, needles)
            )
            for day in days
        }

    def records(self, repository: str, days: Iterable[date]) -> tuple[DayRecord, ...]:
        return tuple(self.shelf.day_record(repository, day) for day in days)


def may_hold(entry: Entry, needles: Sequence[Sequence[str]]) -> bool:
    text = entry.model_dump_json().lower()
    return all(any(needle in text for needle in group) for group in needles)


class MemoryShelf:
    """What `report.shelf.Shelf` asks for, over entries and the records of closed days."""

    def __init__(self, entries: Iterable[Entry] = (), closed: Iterable[DayRecord] = ()) -> None:
        self.kept = list(entries)
        self.gone: set[tuple[str, str]] = set()
        self.closed = {(record.repository, record.day): record for record in closed}
        self.almanac = self
        self.annals = MemoryAnnals(self)

    def repositories(self) -> tuple[str, ...]:
        names = {entry.repository for entry in self.kept} | {name for name, _ in self.closed}
        return tuple(sorted(names))

    def days(self, repository: str) -> tuple[date, ...]:
        days = {entry.day for entry in self.kept if entry.repository == repository}
        closed = {day for name, day in self.closed if name == repository}
        return tuple(sorted(days | closed, reverse=True))

    def day(self, repository: str, day: date) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.kept if (entry.repository, entry.day) == (repository, day))

    def entries(self, repository: str, shas: Iterable[str]) -> tuple[Entry, ...]:
        return tuple(entry for sha in shas if (entry := self.entry(repository, sha)))

    def day_record(self, repository: str, day: date) -> DayRecord:
        return self.closed.get((repository, day), DayRecord(repository=repository, day=day))

    def entry(self, repository: str, sha: str) -> Entry | None:
        found = (entry for entry in self.kept if (entry.repository, entry.sha) == (repository, sha))
        return next(found, None)

    def find(self, repository: str, prefix: str) -> tuple[str, ...]:
        shas = (entry.sha for entry in self.kept if entry.repository == repository)
        return tuple(sha for sha in shas if sha.startswith(prefix))

    def sizes(self, repository: str, days: Sequence[date]) -> tuple[int, ...]:
        return tuple(len(self.day(repository, day)) for day in days)

    def states(self, repository: str, days: Sequence[date]) -> tuple[str, ...]:
        return tuple(repr((self.day_record(repository, day), self.day(repository, day))) for day in days)

    def day_of(self, repository: str, sha: str) -> date | None:
        entry = self.entry(repository, sha)
        return entry.day if entry else None

    def dropped(self, repository: str, sha: str) -> bool:
        return (repository, sha) in self.gone

    def urls(self) -> dict[str, str]:
        return {}

    def private(self) -> frozenset[str]:
        return frozenset()


def make_library(
    entries: Iterable[Entry] = (), *, closed: Iterable[DayRecord] = (), **fields: Any
) -> Library:
    """A library over these entries, on the day after the builders' one."""
    defaults: dict[str, Any] = {
        "calendar": CALENDAR,
        "public_url": "https://digest.example.org/sub",
        "clock": lambda: TODAY,
    }
    return Library(MemoryShelf(entries, closed), **defaults | fields)
