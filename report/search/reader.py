"""Looks for what is searched, the newest day first, until enough is found or it has taken long enough."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.storage.skim import Skim
from analysis.storage.store import batches
from report.addresses import without_addresses
from report.choice import chosen_on
from report.digest import moment_of
from report.issue import Issue, days_by_name
from report.library import Library
from report.search.findings import End, Findings, FoundDay
from report.search.query import Query

PATIENCE = timedelta(seconds=0.8)
"""How long it looks; what was begun then is ended."""
MOST = 50
"""Commits that are shown at once."""
AT_ONCE = 1_000
"""Commits that are looked at together, at least; all of a day, however many."""
DAYS = 100
"""Days whose sizes are asked for together."""

Chosen = tuple[str, Skim]
"""A commit that was chosen, and its repository."""


@dataclass(frozen=True)
class Searcher:
    """Searches a library."""

    library: Library
    tick: Callable[[], float]
    """Seconds of a clock that never goes back."""
    patience: timedelta = PATIENCE
    most: int = MOST

    def search(self, query: Query) -> Findings:
        """What is found of a query, and how far back.

        Raises:
            Refused: 404 for a repository that does not exist.
            RedisError: when the server is away.
        """
        ends = self.tick() + self.patience.total_seconds()
        issues = self._issues(query)
        found = Findings()
        for portion in self._portions(issues):
            hits = self._hits(query, [issue for issue, _ in portion])
            for issue, size in portion:
                found = found.and_of(issue.day, size, self._shown(issue.day, hits, self.most - found.shown))
                if found.shown >= self.most:
                    return found.ended(End.MOST, last=issues[-1].day)
            if self.tick() >= ends:
                return found.ended(End.TIME, last=issues[-1].day)
        return found

    def _issues(self, query: Query) -> tuple[Issue, ...]:
        names = [query.repository] if query.repository else []
        issues = self.library.issues(names)
        return tuple(issue for issue in issues if not query.before or issue.day < query.before)

    def _portions(self, issues: Sequence[Issue]) -> Iterator[list[tuple[Issue, int]]]:
        """The days in portions of so many commits."""
        portion: list[tuple[Issue, int]] = []
        for some in batches(issues, DAYS):
            sizes = self.library.sizes(some)
            for issue in some:
                portion.append((issue, sizes[issue.day]))
                if sum(size for _, size in portion) >= AT_ONCE:
                    yield portion
                    portion = []
        if portion:
            yield portion

    def _hits(self, query: Query, issues: Sequence[Issue]) -> dict[date, list[Chosen]]:
        found: dict[date, list[Chosen]] = {}
        for name, days in days_by_name(issues).items():
            for day, commits in chosen_on(self.library.ledger, name, days, query.selection).items():
                found.setdefault(day, []).extend((name, commit) for commit in commits)
        return found

    def _shown(self, day: date, hits: Mapping[date, Sequence[Chosen]], room: int) -> FoundDay | None:
        """As many as there is room for, read in full; e-mail addresses are hidden."""
        newest_first = sorted(hits.get(day, ()), key=lambda hit: moment_of(hit[1]), reverse=True)
        shown = ((name, commit.sha) for name, commit in newest_first[:room])
        entries = [entry for name, sha in shown for entry in self.library.ledger.entries(name, [sha])]
        more = max(0, len(newest_first) - room)
        return FoundDay(day, tuple(map(without_addresses, entries)), more) if newest_first else None
