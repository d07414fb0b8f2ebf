"""The digests there are, for whoever reads them: on the web, from the command line, in a feed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from analysis.calendar import Calendar
from analysis.models import Sha
from analysis.storage.entry import DayRecord, Entry
from analysis.storage.glance import Glance
from analysis.words import Language, Words, words_for
from report.digest import Digest, StoredDay, build_digest
from report.links import Links, not_at
from report.refusals import Refused
from report.selection import Selection

EVERYTHING = Selection()


class Annals(Protocol):
    """What the library asks of many days at once."""

    def glances(self, repository: str, days: Sequence[date]) -> Mapping[date, Sequence[Glance]]:
        """The entries of these days at a glance, in any order."""

    def records(self, repository: str, days: Sequence[date]) -> Sequence[DayRecord]:
        """What is known of each of these days beside its entries."""


class Shelf(Protocol):
    """What the library asks of the ledger."""

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

    def urls(self) -> Mapping[str, str]:
        """Where an operator said that repositories are fetched from."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Library:
    """The ledger's days as digests.

    A day exists for its readers when something landed on it or it was closed, and today always does. Without
    a token, `private` repositories do not exist: a composition root that only listens on loopback names none.
    """

    ledger: Shelf
    calendar: Calendar
    language: Language = "zh-CN"
    public_url: str = ""
    report_token: str | None = None
    private: frozenset[str] = frozenset()
    github_url: str = "https://github.com"
    clone_urls: Mapping[str, str] = field(default_factory=dict)
    """Where the settings say that repositories are fetched from; the ledger knows of others."""
    clock: Callable[[], datetime] = _now

    @property
    def words(self) -> Words:
        """The catalogue of the report's language."""
        return words_for(self.language)

    @property
    def links(self) -> Links:
        """Absolute links, for what is read elsewhere."""
        return Links(self.github_url, self.public_url, self._elsewhere)

    @property
    def page_links(self) -> Links:
        """Links inside our pages: paths only, so that they hold under any host name that leads here."""
        return Links(self.github_url, urlsplit(self.public_url).path.rstrip("/"), self._elsewhere)

    def _elsewhere(self) -> frozenset[str]:
        return not_at(self.github_url, {**self.ledger.urls(), **self.clone_urls})

    @property
    def today(self) -> date:
        """The day that is not over yet."""
        return self.calendar.day_of(self.clock())

    def repositories(self) -> tuple[str, ...]:
        """The repositories that may be read."""
        hidden = frozenset() if self.report_token else frozenset(name.lower() for name in self.private)
        return tuple(name for name in self.ledger.repositories() if name.lower() not in hidden)

    def repository(self, name: str) -> str:
        """The spelling under which a repository is kept; GitHub's names ignore case.

        Raises:
            Refused: 404, also for a private repository that may not be read.
        """
        for known in self.repositories():
            if known.lower() == name.lower():
                return known
        raise Refused(HTTPStatus.NOT_FOUND, "repository", {"repository": name}, self._all_days())

    def days(self, repositories: Iterable[str] = ()) -> dict[date, tuple[str, ...]]:
        """The days there are, newest first, each with its repositories: those named, or all."""
        found: dict[date, tuple[str, ...]] = {}
        for name in tuple(repositories) or self.repositories():
            for day in self.ledger.days(name):
                found[day] = (*found.get(day, ()), name)
        return dict(sorted(found.items(), reverse=True))

    def digest(
        self, day: date, repositories: Sequence[str] = (), *, selection: Selection = EVERYTHING
    ) -> Digest:
        """The digest of one day, of all repositories when none is named.

        Raises:
            Refused: 404 for a repository or a day that does not exist.
        """
        names = tuple(dict.fromkeys(self.repository(name) for name in repositories))
        days = self.days(names)
        if day not in days and day != self.today:
            raise self._no_such_day(day, tuple(days), names)
        return self._build(day, days.get(day, names), selection)

    def neighbours(self, day: date, repositories: Sequence[str] = ()) -> tuple[date | None, date | None]:
        """The day before and the day after among those there are."""
        days = list(self.days(repositories))
        before = max((other for other in days if other < day), default=None)
        after = min((other for other in days if other > day), default=None)
        return before, after

    def recent(self, limit: int, repositories: Sequence[str] = ()) -> tuple[Digest, ...]:
        """The newest digests that are complete: of days that are over."""
        over = [(day, names) for day, names in self.days(repositories).items() if day < self.today]
        return tuple(self._build(day, names, EVERYTHING) for day, names in over[:limit])

    def commit(self, repository: str, prefix: str) -> Entry:
        """One recorded commit, by its sha or the beginning of it.

        Raises:
            Refused: 404 when none or several are meant.
        """
        name = self.repository(repository)
        shas = self.ledger.find(name, prefix)
        fields = {"repository": name, "value": prefix}
        if len(shas) > 1:
            choices = {sha: self.page_links.page(name, sha) for sha in shas}
            raise Refused(HTTPStatus.NOT_FOUND, "sha-ambiguous", fields, choices)
        entry = self.ledger.entry(name, shas[0]) if shas else None
        if entry is None:
            raise Refused(HTTPStatus.NOT_FOUND, "sha-unknown", fields, self._all_days())
        return entry

    def _build(self, day: date, repositories: Iterable[str], selection: Selection) -> Digest:
        stored = [self._read(name, day, selection) for name in repositories]
        return build_digest(
            day, stored, calendar=self.calendar, language=self.language, selection=str(selection)
        )

    def _read(self, repository: str, day: date, selection: Selection) -> StoredDay:
        record = self.ledger.day_record(repository, day)
        entries = self.ledger.day(repository, day)
        return StoredDay(record, entries if selection == EVERYTHING else selection.choose(entries))

    def _no_such_day(self, day: date, days: Sequence[date], repositories: Sequence[str]) -> Refused:
        """With the days closest to it, for one repository or for all."""
        closest = sorted(sorted(days, key=lambda other: abs(other - day))[:5], reverse=True)
        name = repositories[0] if len(repositories) == 1 else None
        choices = {str(other): self.page_links.digest(other, name) for other in closest}
        key = "day-future" if day > self.today else "day"
        return Refused(HTTPStatus.NOT_FOUND, key, {"date": day}, choices | self._all_days())

    def _all_days(self) -> dict[str, str]:
        return {self.words("pages.index.heading"): self.page_links.index()}
