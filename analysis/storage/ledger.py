"""The ledger: which commits landed on which day of their repository, and what came of each.

It is the truth; the queue is only a hint. Every method may raise `redis.exceptions.RedisError` when the
server is away or refuses to write.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from analysis.calendar import Calendar
from analysis.models import Landed, Push, Sha
from analysis.redact import without_values
from analysis.storage import keys
from analysis.storage.accounts import Accounts
from analysis.storage.almanac import Almanac
from analysis.storage.annals import Annals
from analysis.storage.census import Census
from analysis.storage.entry import DayRecord, Entry, Source, rank_of
from analysis.storage.names import Names
from analysis.storage.store import Store, batches, in_ms, to_ms
from analysis.storage.stored import parse_entry

if TYPE_CHECKING:
    from redis import Redis

DELIVERY_KEPT = timedelta(days=30)
BETWEEN_REVISIONS = timedelta(hours=24)
"""The least time between revisions of a closed day while something in it is pending."""
AT_ONCE = 500
"""Commits per step and per read: long enough to be fast, short enough not to hold up the server."""
PRIVATE, PUBLIC = "private", "public"
USUAL = ""
"""Instead of a URL: a repository is fetched from GITHUB_URL, whatever that is by then."""


class Ledger:
    """Commits and their days, in Redis."""

    def __init__(self, store: Store, calendar: Calendar, secrets: Sequence[str] = ()) -> None:
        """Take our own secrets too: whatever a payload or a walk says is kept without them."""
        self.store = store
        self.secrets = secrets
        self.redis = store.redis
        self.calendar = calendar
        self.accounts = Accounts(store, calendar)
        self.names = Names(store)
        self.almanac = Almanac(store)
        self.census = Census(store)
        self.annals = Annals(store)

    @classmethod
    def open(cls, url: str, calendar: Calendar) -> Self:
        """The ledger at a Redis URL; connects when first used."""
        return cls(Store.open(url), calendar)

    # What landed

    def record_push(self, push: Push) -> tuple[Sha, ...]:
        """Keep a delivery, its commits as pending and their day, and plan a walk: one atomic step.

        Returns:
            The shas that were not known before.
        """
        commits = [(commit, push.pushed_at) for commit in push.commits]
        with self.redis.pipeline(transaction=True) as pipe:
            self.store.run(
                "push",
                [
                    keys.delivery(push.delivery),
                    keys.branch(push.repository, push.branch),
                    keys.WALKS,
                    keys.VISIBILITY,
                ],
                [
                    push.model_dump_json(exclude={"commits"}),
                    int(DELIVERY_KEPT.total_seconds()),
                    push.repository,
                    push.before,
                    push.after,
                    to_ms(push.pushed_at),
                    PRIVATE if push.private else PUBLIC,
                ],
                client=pipe,
            )
            for batch in batches(commits, AT_ONCE):
                self._record(push.repository, push.branch, Source.PUSH, batch, client=pipe)
            _, *new = pipe.execute()
        return tuple(sha for shas in new for sha in shas)

    def record_landed(
        self, repository: str, branch: str, commits: Iterable[tuple[Landed, datetime]], *, source: Source
    ) -> tuple[Sha, ...]:
        """Record commits that a walk found, each with the instant it landed.

        Returns:
            The shas that were not known before.
        """
        new: list[Sha] = []
        for batch in batches(commits, AT_ONCE):
            new += self._record(repository, branch, source, batch, client=self.redis)
        return tuple(new)

    def _record(
        self,
        repository: str,
        branch: str,
        source: Source,
        commits: Sequence[tuple[Landed, datetime]],
        *,
        client: "Redis",
    ) -> list[Sha]:
        rows = [self._row(repository, commit, landed_at, source) for commit, landed_at in commits]
        if former := self.names.formerly(repository):
            rows = [row | {"former": keys.commit(former, str(row["sha"]))} for row in rows]
        recorded: list[Sha] = self.store.run(
            "record",
            [
                keys.commits(repository),
                keys.days(repository),
                keys.REPOSITORIES,
                keys.READY,
                keys.PENDING,
                keys.CLOSINGS,
                keys.LOST,
                keys.REBUILT,
                keys.gone(repository),
            ],
            [repository, source, branch, json.dumps(rows), in_ms(BETWEEN_REVISIONS)],
            client=client,
        )
        return recorded

    def _row(self, repository: str, commit: Landed, landed_at: datetime, source: Source) -> dict[str, object]:
        day = self.calendar.day_of(landed_at)
        return {
            "sha": commit.sha,
            "key": keys.commit(repository, commit.sha),
            "member": keys.member(repository, commit.sha),
            "day": str(day),
            "day_key": keys.day(repository, day),
            "unfinished_key": keys.unfinished(repository, day),
            "digest_key": keys.digest(repository, day),
            "closing": keys.closing(repository, day),
            "closes_at": to_ms(self.calendar.closes_at(day)),
            "landed_at": landed_at.isoformat(),
            "landed_ms": to_ms(landed_at),
            "rank": rank_of(source, landed_at),
            "landed": without_values(commit, self.secrets).model_dump_json(),
            "refines": bool(commit.parents),
        }

    def follow(self, repository: str, url: str) -> None:
        """Remember that an operator named a repository on the command line, with its URL or USUAL."""
        self.redis.hset(keys.URLS, repository, url)

    def urls(self) -> dict[str, str]:
        """The URLs, or USUAL, that `follow` kept, by repository."""
        return self.store.fields(keys.URLS)

    def private(self) -> frozenset[str]:
        """The repositories that were private when they were last pushed to, as GitHub said."""
        told = self.store.fields(keys.VISIBILITY)
        return frozenset(name for name, said in told.items() if said.endswith(f" {PRIVATE}"))

    # What there is to read

    def repositories(self) -> tuple[str, ...]:
        """The repositories that have days, in the order of their names."""
        return self.store.members(keys.REPOSITORIES)

    def days(self, repository: str) -> tuple[date, ...]:
        """The days that have entries or were closed, newest first."""
        return tuple(date.fromisoformat(day) for day in self.store.ranked(keys.days(repository), desc=True))

    def day(self, repository: str, day: date) -> tuple[Entry, ...]:
        """The entries of a day, in no order that means anything."""
        return self.entries(repository, self.store.members(keys.day(repository, day)))

    def entries(self, repository: str, shas: Iterable[Sha]) -> tuple[Entry, ...]:
        """The entries of these commits, without those that were never recorded."""
        return tuple(entry for batch in batches(shas, AT_ONCE) for entry in self._entries(repository, batch))

    def entry(self, repository: str, sha: Sha) -> Entry | None:
        """One entry, or None when that commit was never recorded."""
        return next(self._entries(repository, [sha]), None)

    def find(self, repository: str, prefix: str) -> tuple[Sha, ...]:
        """The recorded shas that start with a prefix of hex digits, at most ten."""
        return self.store.starting(keys.commits(repository), prefix, most=10)

    def dropped(self, repository: str, sha: Sha) -> bool:
        """Whether a commit was recorded once, and its day is not kept any more."""
        return bool(self.redis.sismember(keys.gone(repository), sha))

    def _entries(self, repository: str, shas: Sequence[Sha]) -> Iterator[Entry]:
        with self.redis.pipeline(transaction=False) as pipe:
            for sha in shas:
                pipe.hgetall(keys.commit(repository, sha))
            stored = pipe.execute()
        return (
            parse_entry(repository, sha, fields) for sha, fields in zip(shas, stored, strict=True) if fields
        )

    # Days

    def day_record(self, repository: str, day: date) -> DayRecord:
        """The revision of a day and when it was closed; to be read before the entries it is closed with."""
        (record,) = self.annals.records(repository, [day])
        return record

    def close(self, record: DayRecord, content: str, now: datetime, *, again: datetime | None = None) -> int:
        """Close a day.

        Args:
            record: as `day_record` gave it before the entries were read, with the highlights to be kept.
            content: a hash of what the reader sees; a new one makes a new revision.
            now: the instant of closing.
            again: when the day is to be closed once more although nothing in it changes.

        Returns:
            The revision that stands; -1 when another has closed the day in between.
        """
        revision: int = self.store.run(
            "close",
            [
                keys.digest(record.repository, record.day),
                keys.CLOSINGS,
                keys.days(record.repository),
                keys.REPOSITORIES,
                keys.unfinished(record.repository, record.day),
            ],
            [
                record.revision,
                record.version,
                content,
                to_ms(now),
                keys.closing(record.repository, record.day),
                str(record.day),
                in_ms(BETWEEN_REVISIONS),
                record.repository,
                record.highlights.model_dump_json() if record.highlights else "",
                to_ms(again) if again else "",
            ],
        )
        return revision
