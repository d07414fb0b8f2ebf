"""What the library asks of the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from analysis.models import Sha
from analysis.storage.entry import DayRecord, Entry
from analysis.storage.glance import Glance
from analysis.storage.skim import Skim


class Almanac(Protocol):
    """What the library asks of days without reading them."""

    def sizes(self, repository: str, days: Sequence[date]) -> tuple[int, ...]:
        """How many commits landed on each of these days."""

    def states(self, repository: str, days: Sequence[date]) -> tuple[str, ...]:
        """For each of these days a text that is another whenever anything of the day has changed."""

    def day_of(self, repository: str, sha: Sha) -> date | None:
        """The day a commit landed on, if it was recorded."""


class Annals(Protocol):
    """What the library asks of many days at once."""

    def glances(self, repository: str, days: Sequence[date]) -> Mapping[date, Sequence[Glance]]:
        """The entries of these days at a glance, in any order."""

    def skims(
        self, repository: str, days: Sequence[date], needles: Sequence[Sequence[str]] = ()
    ) -> Mapping[date, Sequence[Skim]]:
        """The entries of these days as they are skimmed for words, but for those that lack all of a group."""

    def records(self, repository: str, days: Sequence[date]) -> Sequence[DayRecord]:
        """What is known of each of these days beside its entries."""


class Shelf(Protocol):
    """What the library asks of the ledger."""

    @property
    def almanac(self) -> Almanac:
        """The days in numbers."""

    @property
    def annals(self) -> Annals:
        """The days, several at once."""

    def repositories(self) -> tuple[str, ...]:
        """The repositories that have days."""

    def days(self, repository: str) -> tuple[date, ...]:
        """The days that have entries or were closed, newest first."""

    def day(self, repository: str, day: date) -> tuple[Entry, ...]:
        """The entries of a day, in any order."""

    def entries(self, repository: str, shas: Iterable[Sha]) -> tuple[Entry, ...]:
        """The entries of these commits."""

    def day_record(self, repository: str, day: date) -> DayRecord:
        """The revision of a day and when it was closed."""

    def entry(self, repository: str, sha: Sha) -> Entry | None:
        """One entry, if that commit was recorded."""

    def find(self, repository: str, prefix: str) -> tuple[Sha, ...]:
        """The recorded shas that start with a prefix."""

    def dropped(self, repository: str, sha: Sha) -> bool:
        """Whether a commit was recorded once, and its day is not kept any more."""

    def urls(self) -> Mapping[str, str]:
        """Where an operator said that repositories are fetched from."""

    def private(self) -> frozenset[str]:
        """The repositories that GitHub called private."""
