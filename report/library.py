"""The digests there are, for whoever reads them: on the web, from the command line, in a feed."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from http import HTTPStatus
from itertools import islice
from typing import Self
from urllib.parse import urlsplit

from analysis.calendar import Calendar, Now, utc_now
from analysis.language import Language
from analysis.models import Sha
from analysis.settings import Settings
from analysis.storage.entry import DayRecord, Entry
from analysis.watching import Mute, Watch
from analysis.words import Words, words_for
from report.digest import Digest, StoredDay, build_digest
from report.issue import Issue, days_by_name, issues_of
from report.links import Links, not_at
from report.muting import muted_in
from report.refusals import Refused
from report.selection import EVERYTHING, Selection
from report.shelf import Shelf

MOST_CHOICES = 5
"""Days or repositories that are offered in the place of one that does not exist."""


@dataclass(frozen=True)
class Library:
    """The ledger's days as digests.

    A day exists for its readers when something landed on it or it was closed, and today always does. Private
    repositories exist only for those who showed the token, or who sit `here`, at this machine.
    """

    ledger: Shelf
    calendar: Calendar
    language: Language = "zh-CN"
    public_url: str = ""
    report_token: str | None = None
    private: frozenset[str] = frozenset()
    """Those that the settings call private; the ledger knows of others."""
    here: bool = False
    github_url: str = "https://github.com"
    clone_urls: Mapping[str, str] = field(default_factory=dict)
    """Where the settings say that repositories are fetched from; the ledger knows of others."""
    keep_days: int | None = None
    """How many days are kept beside today; None: all."""
    watches: tuple[Watch, ...] = ()
    """All that are set; `watched` are those that may be read."""
    mutes: tuple[Mute, ...] = ()
    clock: Now = utc_now

    @classmethod
    def of(cls, settings: Settings, ledger: Shelf) -> Self:
        """A ledger's days as the settings have them read."""
        followed, token = settings.followed, settings.report_token
        return cls(
            ledger=ledger,
            calendar=settings.calendar,
            language=settings.report_language,
            public_url=settings.public_url,
            report_token=token.get_secret_value() if token else None,
            private=frozenset(each.name for each in followed if each.private),
            here=settings.only_here,
            github_url=settings.github_url,
            clone_urls={each.name: settings.clone_url(each) for each in followed},
            keep_days=settings.keep_days,
            watches=settings.watches,
            mutes=settings.mutes,
        )

    @property
    def words(self) -> Words:
        """The catalogue of the report's language."""
        return words_for(self.language)

    @property
    def links(self) -> Links:
        """Absolute links, for what is read elsewhere."""
        return Links(self.github_url, self.public_url, self._elsewhere, self.watching)

    @property
    def page_links(self) -> Links:
        """Links inside our pages: paths only, so that they hold under any host name that leads here."""
        path = urlsplit(self.public_url).path.rstrip("/")
        return Links(self.github_url, path, self._elsewhere, self.watching)

    def _elsewhere(self) -> frozenset[str]:
        return not_at(self.github_url, {**self.ledger.urls(), **self.clone_urls})

    @property
    def today(self) -> date:
        """The day that is not over yet."""
        return self.calendar.day_of(self.clock())

    def repositories(self) -> tuple[str, ...]:
        """The repositories that may be read."""
        hidden = self.hidden()
        return tuple(name for name in self.ledger.repositories() if name.lower() not in hidden)

    def hidden(self) -> frozenset[str]:
        """The repositories that may not be read, in lower case."""
        if self.here or self.report_token:
            return frozenset()
        return frozenset(name.lower() for name in self.private | self.ledger.private())

    def repository(self, name: str) -> str:
        """The spelling under which a repository is kept; GitHub's names ignore case.

        Raises:
            Refused: 404, also for a private repository that may not be read.
        """
        for known in self.repositories():
            if known.lower() == name.lower():
                return known
        choices = {known: self.page_links.repository(known) for known in _closest(name, self.repositories())}
        raise Refused(HTTPStatus.NOT_FOUND, "repository", {"repository": name}, choices | self.home())

    @property
    def watched(self) -> tuple[Watch, ...]:
        """The watches that may be read: not those of nothing but repositories that may not."""
        named = any(watch.repositories for watch in self.watches)
        hidden = self.hidden() if named else frozenset()
        return tuple(watch for watch in self.watches if watch.is_seen_without(hidden))

    @property
    def watching(self) -> bool:
        """Whether there are any, as far as the settings know: asked on a page that says Redis is away too."""
        hidden = frozenset() if self.here or self.report_token else frozenset(map(str.lower, self.private))
        return any(watch.is_seen_without(hidden) for watch in self.watches)

    def watch(self, name: str) -> Watch:
        """The watch of that name.

        Raises:
            Refused: 404, also for one that may not be read.
        """
        for watch in self.watched:
            if watch.name == name:
                return watch
        known = {watch.name: watch for watch in self.watched}
        choices = {known[each].heading: self.page_links.watch(each) for each in _closest(name, tuple(known))}
        choices |= {self.words("watches.all"): self.page_links.watches()}
        raise Refused(HTTPStatus.NOT_FOUND, "watch", {"name": name}, choices | self.home())

    def watched_in(self, watch: Watch) -> tuple[str, ...]:
        """The repositories of a watch that may be read."""
        return tuple(filter(watch.covers_repository, self.repositories()))

    def days(self, repositories: Iterable[str] = ()) -> dict[date, tuple[str, ...]]:
        """The days there are, newest first, each with its repositories: those named, or all."""
        found: dict[date, tuple[str, ...]] = {}
        for name in tuple(repositories) or self.repositories():
            for day in self.ledger.days(name):
                found[day] = (*found.get(day, ()), name)
        return dict(sorted(found.items(), reverse=True))

    def issues(self, repositories: Sequence[str] = ()) -> tuple[Issue, ...]:
        """The days there are, newest first, of these repositories or of all; nothing of them is read.

        Raises:
            Refused: 404 for a repository that does not exist.
        """
        names = tuple(dict.fromkeys(self.repository(name) for name in repositories))
        return issues_of(self.days(), names)

    def issue(self, day: date, repositories: Sequence[str] = (), watch: Watch | None = None) -> Issue:
        """One day of these repositories, or of all; a watch on whose pages it is asked for.

        Raises:
            Refused: 404 for a repository or a day that does not exist.
        """
        names = tuple(dict.fromkeys(self.repository(name) for name in repositories))
        issues = issues_of(self.days(), names)
        for issue in issues:
            if issue.day == day:
                return issue
        if day != self.today:
            raise self._no_such_day(day, [issue.day for issue in issues], names, watch)
        before = next((issue.day for issue in issues if issue.day < day), None)
        return Issue(day, names, names, before=before)

    def read(self, issue: Issue, selection: Selection = EVERYTHING) -> Digest:
        """The digest of an issue, or what a selection chooses of it."""
        stored = [self._read(name, issue.day, selection) for name in issue.names]
        return build_digest(
            issue.day,
            stored,
            calendar=self.calendar,
            language=self.language,
            selection=str(selection),
        )

    def digest(
        self, day: date, repositories: Sequence[str] = (), *, selection: Selection = EVERYTHING
    ) -> Digest:
        """The digest of one day, of all repositories when none is named.

        Raises:
            Refused: 404 for a repository or a day that does not exist.
        """
        return self.read(self.issue(day, repositories), selection)

    def recent(self, limit: int, repositories: Sequence[str] = ()) -> tuple[Issue, ...]:
        """The newest issues that are complete: of days that are over."""
        over = (issue for issue in self.issues(repositories) if issue.day < self.today)
        return tuple(islice(over, limit))

    def states(self, issues: Iterable[Issue]) -> Hashable:
        """Is another whenever anything of these issues has changed; to be asked for before they are read."""
        almanac = self.ledger.almanac
        return tuple((name, almanac.states(name, days)) for name, days in days_by_name(issues).items())

    def sizes(self, issues: Sequence[Issue]) -> dict[date, int]:
        """How many commits landed on the day of each issue."""
        sizes = {issue.day: 0 for issue in issues}
        for name, days in days_by_name(issues).items():
            for day, size in zip(days, self.ledger.almanac.sizes(name, days), strict=True):
                sizes[day] += size
        return sizes

    def find(self, repository: str, prefix: str) -> tuple[str, Sha, date]:
        """The repository, sha and day of one recorded commit, by its sha or the beginning of it.

        Raises:
            Refused: 404 when none or several are meant.
        """
        name = self.repository(repository)
        shas = self.ledger.find(name, prefix)
        fields = {"repository": name, "value": prefix}
        if len(shas) > 1:
            choices = {sha: self.page_links.page(name, sha) for sha in shas}
            raise Refused(HTTPStatus.NOT_FOUND, "sha-ambiguous", fields, choices)
        day = self.ledger.almanac.day_of(name, shas[0]) if shas else None
        if day is None:
            key = "sha-dropped" if self.ledger.dropped(name, prefix) else "sha-unknown"
            raise Refused(HTTPStatus.NOT_FOUND, key, fields, self._elsewhere_than(name, prefix))
        return name, shas[0], day

    def commit(self, repository: str, prefix: str) -> Entry:
        """One recorded commit, by its sha or the beginning of it.

        Raises:
            Refused: 404 when none or several are meant.
        """
        name, sha, _ = self.find(repository, prefix)
        entry = self.ledger.entry(name, sha)
        if entry is None:
            raise Refused(HTTPStatus.NOT_FOUND, "sha-unknown", {"repository": name, "value": sha})
        return entry

    def _read(self, repository: str, day: date, selection: Selection) -> StoredDay:
        record = self.ledger.day_record(repository, day)
        entries = self.ledger.day(repository, day)
        chosen = entries if selection == EVERYTHING else selection.choose(entries)
        return self.stored(record, chosen, selection, len(entries))

    def stored(
        self, record: DayRecord, entries: Sequence[Entry], selection: Selection, landed: int | None = None
    ) -> StoredDay:
        """What is read of a day, and what of it is muted; what was asked for is not folded."""
        muted = muted_in(entries, self.mutes)
        return StoredDay(record, tuple(entries), landed, muted, folds=selection == EVERYTHING)

    def _no_such_day(
        self, day: date, days: Sequence[date], repositories: Sequence[str], watch: Watch | None
    ) -> Refused:
        """With the days closest to it, for one repository, for all or for a watch."""
        closest = sorted(sorted(days, key=lambda other: abs(other - day))[:MOST_CHOICES], reverse=True)
        name = repositories[0] if len(repositories) == 1 else None
        choices = {str(other): self.page_links.digest(other, name, watch) for other in closest}
        return Refused(HTTPStatus.NOT_FOUND, *self._why_missing(day), choices | self.home())

    def _why_missing(self, day: date) -> tuple[str, dict[str, object]]:
        if self.keep_days and day < self.today - timedelta(days=self.keep_days):
            return "day-dropped", {"date": day, "count": self.keep_days}
        return "day-future" if day > self.today else "day", {"date": day}

    def _elsewhere_than(self, repository: str, prefix: str) -> dict[str, str]:
        """Where a commit may be that no digest holds."""
        links = self.page_links
        forge = {} if repository in links.elsewhere else {prefix: links.commit(repository, prefix)}
        return {repository: links.repository(repository)} | forge | self.home()

    def home(self) -> dict[str, str]:
        """Where a reader finds everything, as a choice for one who is lost."""
        return {self.words("pages.index.heading"): self.page_links.index()}


def _closest(name: str, known: Sequence[str]) -> list[str]:
    """The names most like it; with few to choose from, all."""
    if len(known) <= MOST_CHOICES:
        return list(known)
    spelt = {each.lower(): each for each in known}
    return [spelt[each] for each in get_close_matches(name.lower(), spelt, MOST_CHOICES, 0.3)]
