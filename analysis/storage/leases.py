"""The journey of one pending commit: due, leased, and settled as analysed, deferred or parked.

A lease is no more than the instant at which the commit becomes due again, so nobody has to notice that its
holder died. Every method may raise `redis.exceptions.RedisError`.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from analysis.backoff import Backoff
from analysis.models import Analysis, CommitFacts, PullRequest, Sha
from analysis.storage import keys
from analysis.storage.entry import Entry, Obstacle, State
from analysis.storage.ledger import BETWEEN_REVISIONS, Ledger
from analysis.storage.store import in_ms, to_ms

AFTER_DEATH = Backoff(first=timedelta(seconds=30), longest=timedelta(hours=6))
"""Added to a lease once holders have died in a row."""


@dataclass(frozen=True)
class Lease:
    """The right to analyse one commit until an instant."""

    entry: Entry
    token: str


class Leases:
    """Hands out pending commits and takes back what came of them."""

    def __init__(self, ledger: Ledger, after_death: Backoff = AFTER_DEATH) -> None:
        self.ledger = ledger
        self.store = ledger.store
        self.after_death = after_death

    def due(self, now: datetime, limit: int) -> tuple[tuple[str, Sha], ...]:
        """The first pending commits that may be analysed now, most urgent first, as (repository, sha)."""
        members = self.store.run("due", [keys.WAITING, keys.READY], [to_ms(now), limit, keys.COMMIT])
        return tuple(_named(member) for member in members)

    def claim(self, repository: str, sha: Sha, *, now: datetime, until: datetime) -> Lease | None:
        """Lease a commit; None when it is settled, leased by another, or not due."""
        token = secrets.token_hex(16)
        claimed = self.store.run(
            "claim",
            [keys.commit(repository, sha), keys.READY, keys.WAITING],
            [
                keys.member(repository, sha),
                token,
                to_ms(now),
                to_ms(until),
                in_ms(self.after_death.first),
                in_ms(self.after_death.longest),
            ],
        )
        entry = self.ledger.entry(repository, sha) if claimed else None
        return Lease(entry, token) if entry else None

    def extend(self, lease: Lease, until: datetime) -> bool:
        """Move the end of a lease; False when it has passed to another."""
        commit, member = self._names(lease.entry)
        return bool(
            self.store.run("extend", [commit, keys.READY, keys.WAITING], [member, lease.token, to_ms(until)])
        )

    def record_read(
        self, lease: Lease, facts: CommitFacts, rules: Analysis, pull_request: PullRequest | None = None
    ) -> None:
        """Keep what git, the rules and the author said, so that readers see it while the model still works.

        It counts from whoever read the commit, even when the lease has passed to another meanwhile.
        """
        entry = lease.entry
        fields = {"landed": facts.landed(), "facts": facts, "rules": rules, "pull_request": pull_request}
        stored = [text for name, value in fields.items() if value for text in (name, value.model_dump_json())]
        digest = keys.digest(entry.repository, entry.day)
        self.store.run("read", [self._names(entry)[0], digest], stored)

    def record_analysis(self, lease: Lease, model: Analysis | None, now: datetime) -> bool:
        """The commit is analysed: by the model, or by the rules alone when none is configured.

        Returns:
            Whether it counted: False when another final result came first.
        """
        fields = ["model", model.model_dump_json()] if model else []
        return self._settle(lease, State.ANALYSED, now, until=now, fields=fields)

    def defer(self, lease: Lease, obstacle: Obstacle, now: datetime, *, until: datetime) -> bool:
        """The commit stays pending, because of an obstacle, until an instant."""
        fields = ["obstacle", obstacle.model_dump_json()]
        return self._settle(lease, State.PENDING, now, until=until, fields=fields)

    def postpone(self, lease: Lease, obstacle: Obstacle, *, until: datetime) -> bool:
        """The commit was not attempted, because of an obstacle not its own; it is due at an instant."""
        commit, member = self._names(lease.entry)
        digest = keys.digest(lease.entry.repository, lease.entry.day)
        return bool(
            self.store.run(
                "postpone",
                [commit, keys.READY, keys.WAITING, digest],
                [member, lease.token, to_ms(until), obstacle.model_dump_json()],
            )
        )

    def park(self, lease: Lease, obstacle: Obstacle, now: datetime) -> bool:
        """The commit cannot be analysed; `reopen` puts it back."""
        fields = ["obstacle", obstacle.model_dump_json()]
        return self._settle(lease, State.PARKED, now, until=now, fields=fields)

    def _settle(
        self, lease: Lease, state: State, now: datetime, *, until: datetime, fields: list[str]
    ) -> bool:
        entry = lease.entry
        commit, member = self._names(entry)
        unfinished = keys.unfinished(entry.repository, entry.day)
        digest = keys.digest(entry.repository, entry.day)
        closing = keys.closing(entry.repository, entry.day)
        return bool(
            self.store.run(
                "settle",
                [
                    commit,
                    keys.READY,
                    keys.WAITING,
                    keys.PARKED,
                    unfinished,
                    digest,
                    keys.CLOSINGS,
                    keys.PENDING,
                ],
                [
                    member,
                    entry.sha,
                    lease.token,
                    state,
                    to_ms(until),
                    closing,
                    to_ms(now),
                    in_ms(BETWEEN_REVISIONS),
                    to_ms(self.ledger.calendar.closes_at(entry.day)),
                    *fields,
                ],
            )
        )

    def parked(self, repository: str | None = None) -> tuple[tuple[str, Sha], ...]:
        """The parked commits of one repository or of all, as (repository, sha)."""
        named = (_named(member) for member in self.store.ranked(keys.PARKED))
        return tuple((name, sha) for name, sha in named if repository in (None, name))

    def reopen(self, repository: str, sha: Sha, state: Literal[State.PARKED, State.ANALYSED]) -> bool:
        """Put a commit back to pending that is parked, or analysed by the rules alone.

        Returns:
            False when it is not in that state or has been analysed by a model.
        """
        entry = self.ledger.entry(repository, sha)
        if entry is None:
            return False
        commit, member = self._names(entry)
        unfinished, digest = keys.unfinished(repository, entry.day), keys.digest(repository, entry.day)
        return bool(
            self.store.run(
                "reopen",
                [commit, keys.READY, keys.PARKED, unfinished, digest, keys.PENDING],
                [member, sha, state, to_ms(entry.landed_at)],
            )
        )

    def _names(self, entry: Entry) -> tuple[str, str]:
        return keys.commit(entry.repository, entry.sha), keys.member(entry.repository, entry.sha)


def _named(member: str) -> tuple[str, Sha]:
    repository, sha = member.split(" ")
    return repository, sha
