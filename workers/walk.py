"""What landed in a repository since it was last looked at, by the history itself.

Webhook, poll and the closing of a day all end here; the payload of a push is only a first hint.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from analysis.repository import Repository
from analysis.storage.entry import Source
from workers.history import Heads, Mirror
from workers.workshop import Workshop

log = structlog.get_logger(__name__)


def walk(workshop: Workshop, repository: Repository, now: datetime) -> int:
    """Record what landed on every followed branch; returns how many commits were new.

    Raises:
        RemoteUnavailable: when the history cannot be fetched now.
    """
    mirror = Mirror(workshop.mirror_folder(repository), workshop.remote(repository))
    heads = mirror.fetch()
    steps = Walk(workshop, repository.name, mirror, heads, now)
    followed = [name for name in heads.branches if repository.follows(name, heads.default_branch or "")]
    if not followed:
        log.warning("no branch to follow", repository=repository.name, branches=repository.branches)
    return sum(steps.record(branch) for branch in followed)


@dataclass(frozen=True)
class Walk:
    """One look at a repository: its history as just fetched, and the instant of looking."""

    workshop: Workshop
    repository: str
    mirror: Mirror
    heads: Heads
    now: datetime

    def record(self, branch: str) -> int:
        """Record what landed on one branch since its cursor, then move the cursor; returns how many were new.

        Commits that came with the newest push landed when it was pushed, all others now.
        """
        agenda, ledger = self.workshop.agenda, self.workshop.ledger
        known, head = agenda.branch(self.repository, branch), self.heads.branches[branch]
        if known.cursor == head:
            return 0
        pushed_at = known.pushed_at if known.pushed == head else None
        cursor = known.cursor or known.start
        found = self.mirror.walk(head, cursor=cursor, known=self.heads.known)
        landed = ((commit, pushed_at or self.now) for commit in found)
        source = Source.PUSH if pushed_at else Source.POLL
        new = ledger.record_landed(self.repository, branch, landed, source=source)
        if cursor is not None and not self.mirror.has(cursor):
            log.warning("the old head is gone", repository=self.repository, branch=branch, head=cursor)
        agenda.advance(self.repository, branch, cursor=known.cursor, head=head)
        return len(new)
