"""Taking out of the ledger for good: days with their commits, or all there is of a repository.

In small steps, each of which may be repeated. Every method may raise `redis.exceptions.RedisError`.
"""

from dataclasses import dataclass
from datetime import date
from typing import cast

from analysis.models import Push
from analysis.storage import keys
from analysis.storage.ledger import Ledger

AT_ONCE = 100
"""Commits that are dropped together."""
KEYS_AT_ONCE = 1000


class NothingKept(Exception):
    """Nothing is kept of a repository; the message is one line."""


@dataclass(frozen=True)
class Removed:
    """What was taken out."""

    commits: int = 0
    days: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(self.commits + other.commits, self.days + other.days)


class Removal:
    """Takes commits, days and repositories out."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.store = ledger.store
        self.redis = ledger.redis

    def drop_day(self, repository: str, day: date, *, remember: bool) -> Removed:
        """Take out a day with its commits.

        Args:
            repository: whose.
            day: which.
            remember: keep their shas, so that no walk of the history brings them in again.
        """
        count = 0
        while shas := cast("list[str]", self.redis.srandmember(keys.day(repository, day), AT_ONCE)):
            self._drop(repository, day, shas, remember=remember)
            count += len(shas)
        self.store.run(
            "vacate",
            [
                *(keys.day(repository, day), keys.unfinished(repository, day), keys.digest(repository, day)),
                *(keys.digest_calls(repository, day), keys.days(repository), keys.CLOSINGS),
            ],
            [str(day), keys.closing(repository, day)],
        )
        return Removed(count, 1)

    def _drop(self, repository: str, day: date, shas: list[str], *, remember: bool) -> None:
        self.store.run(
            "drop",
            [
                *(keys.commits(repository), keys.READY, keys.WAITING, keys.PARKED, keys.PENDING),
                *(keys.day(repository, day), keys.unfinished(repository, day), keys.gone(repository)),
            ],
            [repository, int(remember), keys.COMMIT, keys.PULLS, *shas],
        )

    def forget(self, repository: str) -> Removed:
        """Take out all there is of a repository, and its name out of what is kept of several."""
        days = self.ledger.days(repository)
        removed = sum((self.drop_day(repository, day, remember=False) for day in days), Removed())
        self._unlist(repository)
        self.ledger.accounts.disown(repository)
        for batch in self.store.matching(f"{keys.PREFIX}*", KEYS_AT_ONCE):
            own = [key for key in batch if keys.is_of(key, repository)]
            own += self._deliveries(repository, [key for key in batch if key.startswith(keys.DELIVERIES)])
            if own:
                self.redis.unlink(*own)
            for key in batch:
                if key.startswith(keys.AWAITED):
                    self._leave(repository, key)
        return removed

    def _unlist(self, repository: str) -> None:
        planned = [each for each in self.store.ranked(keys.CLOSINGS) if each.startswith(f"{repository} ")]
        with self.redis.pipeline(transaction=True) as pipe:
            for names in (keys.REPOSITORIES, keys.REBUILT):
                pipe.srem(names, repository)
            for told in keys.BY_NAME:
                pipe.hdel(told, repository)
            for planned_for in (keys.WALKS, keys.ENQUIRIES, keys.RETENTION):
                pipe.zrem(planned_for, repository)
            if planned:
                pipe.zrem(keys.CLOSINGS, *planned)
            pipe.execute()

    def _deliveries(self, repository: str, among: list[str]) -> list[str]:
        kept = cast("list[str | None]", self.redis.mget(among)) if among else []
        return [
            key
            for key, push in zip(among, kept, strict=True)
            if push and Push.model_validate_json(push).repository == repository
        ]

    def _leave(self, repository: str, waitlist: str) -> None:
        mine = [each for each in self.store.ranked(waitlist) if each.startswith(f"{repository} ")]
        if mine:
            self.redis.zrem(waitlist, *mine)
