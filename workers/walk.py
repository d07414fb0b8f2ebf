"""What landed in a repository since it was last looked at, by the history itself.

Webhook, poll and the closing of a day all end here; the payload of a push is only a first hint.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from analysis.models import Sha
from analysis.repository import Repository
from analysis.storage.agenda import Branch
from analysis.storage.entry import Source
from analysis.storage.looks import Look
from workers.history import Heads, Mirror
from workers.workshop import Workshop

MOMENT = timedelta(milliseconds=1)

log = structlog.get_logger(__name__)


def walk(workshop: Workshop, repository: Repository, now: datetime) -> int:
    """Record what landed on every followed branch; returns how many commits were new.

    Raises:
        RemoteUnavailable: when the history cannot be fetched now.
    """
    mirror = Mirror(workshop.mirror_folder(repository), workshop.remote(repository))
    last = workshop.looks.last(repository.name) or _last_under_old_name(workshop, repository.name)
    heads = mirror.fetch()
    steps = Walk(workshop, repository.name, mirror, heads, now, last)
    followed = [name for name in heads.branches if repository.follows(name, heads.default_branch or "")]
    if not followed:
        log.warning("no branch to follow", repository=repository.name, branches=repository.branches)
    new = sum(steps.record(branch) for branch in sorted(followed, key=steps.is_new))
    workshop.looks.keep(repository.name, Look(now, frozenset(heads.branches)))
    return new


def _last_under_old_name(workshop: Workshop, repository: str) -> Look | None:
    old = workshop.names.formerly(repository)
    return workshop.looks.hand_over(old, repository) if old else None


@dataclass(frozen=True)
class Walk:
    """One look at a repository: its history as just fetched, the instant of looking, and the look before."""

    workshop: Workshop
    repository: str
    mirror: Mirror
    heads: Heads
    now: datetime
    last: Look | None

    def record(self, branch: str) -> int:
        """Record what landed on one branch, then move its cursor; returns how many were new."""
        agenda, ledger = self.workshop.agenda, self.workshop.ledger
        known, head = agenda.branch(self.repository, branch), self.heads.branches[branch]
        if known.cursor == head:
            return 0
        boundary, new = self._boundary(branch, known, head), 0
        for end, landed_at, source in self._stretches(known, head, boundary):
            landed = ((commit, landed_at) for commit in self.mirror.walk(end, boundary))
            new += len(ledger.record_landed(self.repository, branch, landed, source=source))
        if known.cursor is not None and not self.mirror.has(known.cursor):
            log.warning("the old head is gone", repository=self.repository, branch=branch, head=known.cursor)
        agenda.advance(self.repository, branch, cursor=known.cursor, head=head)
        return new

    def is_new(self, branch: str) -> bool:
        """Whether a branch was created since the last look; before the first one only its pushes can tell."""
        if self.last is None:
            known = self.workshop.agenda.branch(self.repository, branch)
            return known.cursor is None and known.created
        return branch not in self.last.branches

    def _boundary(self, branch: str, known: Branch, head: Sha) -> frozenset[Sha] | None:
        """What had landed before.

        On a branch that is new, or was forced elsewhere, nothing lands that another followed branch had.
        """
        if self.is_new(branch):
            return self._boundary_of_new(branch)
        start = known.cursor or known.start
        found = self.mirror.boundary(start, known=self.heads.known, floor=known.floor)
        if found and known.cursor and not self.mirror.descends(head, known.cursor):
            found |= self._cursors(self._names())
        return found

    def _boundary_of_new(self, branch: str) -> frozenset[Sha] | None:
        """Where no branch was followed, whatever another one has; where there was none, nothing."""
        others = self._names() - {branch}
        heads = frozenset(sha for name, sha in self.heads.branches.items() if name in others)
        return self._cursors({branch, *others}) or heads or (None if others else frozenset())

    def _names(self) -> frozenset[str]:
        """The branches that there were before."""
        return self.last.branches if self.last else frozenset(self.heads.branches)

    def _cursors(self, branches: Collection[str]) -> frozenset[Sha]:
        """How far those of the branches were walked that are or were followed."""
        cursors = self.workshop.looks.cursors(self.repository, branches)
        return frozenset(sha for sha in cursors if self.mirror.obtain(sha))

    def _stretches(
        self, known: Branch, head: Sha, boundary: frozenset[Sha] | None
    ) -> Iterator[tuple[Sha, datetime, Source]]:
        """What landed when, oldest first: the end of each stretch, its instant, and how we know.

        What came with the newest push landed when it was pushed. All else landed between the last look and
        now: now, we say, but if midnight lay between, the dates of the commits decide on which side of it.
        """
        pushed_at = known.pushed_at if known.pushed == head else None
        calendar = self.workshop.settings.calendar
        midnight, _ = calendar.bounds(calendar.day_of(self.now))
        guessed = known.before if pushed_at else head
        if boundary is not None and guessed and self.last and self.last.at < midnight:
            end = self.mirror.last_before(guessed, midnight, boundary)
            if end:
                yield end, midnight - MOMENT, Source.POLL
        yield head, pushed_at or self.now, Source.PUSH if pushed_at else Source.POLL
