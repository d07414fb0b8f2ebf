"""What is due when, beside the commits: walks, enquiries, closings, old days; and where cursors stand.

What is taken from the agenda comes up again by itself unless it is finished, so a job that dies is repeated.
Every method may raise `redis.exceptions.RedisError`.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from analysis.calendar import Calendar
from analysis.models import NO_SHA, Sha
from analysis.storage import keys
from analysis.storage.store import Store, from_ms, in_ms, to_ms

MOST_MISSED_DAYS = 31
"""Days without entries that are closed after an outage, at most."""
TAKER_KEPT = timedelta(minutes=5)
"""How long it is known who took something: longer than anyone whose answer was lost asks again."""


@dataclass(frozen=True)
class Branch:
    """How far one followed branch was walked."""

    cursor: Sha | None
    """The head that the last walk ended at."""
    start: Sha | None
    """Where to start while there is no cursor: the earliest push's `before`."""
    pushed: Sha | None
    """The newest push's `after`."""
    pushed_at: datetime | None
    before: Sha | None = None
    """The newest push's `before`; None when that push created the branch."""
    created: bool = False
    """Whether the earliest push created the branch."""
    floor: Sha | None = None
    """The first cursor: what it reaches had landed when the branch was first followed, or is recorded."""


class Standing(Protocol):
    """All that is kept of one branch; a sha may be `NO_SHA`."""

    @property
    def cursor(self) -> Sha | None:
        """The head that the last walk ended at."""

    @property
    def floor(self) -> Sha | None:
        """The first cursor."""

    @property
    def start(self) -> Sha | None:
        """The earliest push's `before`."""

    @property
    def start_at(self) -> datetime | None:
        """When that was pushed."""

    @property
    def before(self) -> Sha | None:
        """The newest push's `before`."""

    @property
    def pushed(self) -> Sha | None:
        """Its `after`."""

    @property
    def pushed_at(self) -> datetime | None:
        """When it was pushed."""


class Agenda:
    """The instants at which repositories are to be walked and days to be closed."""

    def __init__(self, store: Store, calendar: Calendar) -> None:
        self.store = store
        self.redis = store.redis
        self.calendar = calendar

    # Walks

    def plan_walk(self, repository: str, at: datetime) -> None:
        """Have a repository walked at an instant, or earlier if that was planned already."""
        self.redis.zadd(keys.WALKS, {repository: to_ms(at)}, lt=True)

    def follow(self, repositories: Iterable[str], now: datetime) -> None:
        """Have each of these walked from now on, if it is not on the agenda yet."""
        self._plan(keys.WALKS, repositories, now)

    def walks_due(self, now: datetime) -> tuple[str, ...]:
        """The repositories whose history is to be walked now."""
        return self.store.due(keys.WALKS, now)

    def take_walk(self, repository: str, now: datetime, until: datetime) -> bool:
        """Take a walk that is due; it comes up again at `until` unless it is finished."""
        return self._take(keys.WALKS, repository, now, until)

    def finish_walk(self, repository: str, until: datetime, following: datetime) -> None:
        """Plan the next walk, unless a push has asked for one meanwhile."""
        self.store.run("finish", [keys.WALKS], [repository, to_ms(until), to_ms(following)])

    def drop_walk(self, repository: str) -> None:
        """Take a repository off the agenda."""
        self.redis.zrem(keys.WALKS, repository)

    def branch(self, repository: str, name: str) -> Branch:
        """How far a branch was walked."""
        stored = self.store.fields(keys.branch(repository, name))
        shas = {field: sha for field, sha in stored.items() if sha != NO_SHA}
        pushed_at = stored.get("pushed_at")
        return Branch(
            cursor=shas.get("cursor"),
            start=shas.get("start"),
            pushed=shas.get("after"),
            pushed_at=from_ms(int(pushed_at)) if pushed_at else None,
            before=shas.get("before"),
            created=stored.get("start") == NO_SHA,
            floor=shas.get("floor"),
        )

    def advance(self, repository: str, name: str, *, cursor: Sha | None, head: Sha) -> bool:
        """Move a branch's cursor to the head that was walked; False when another moved it elsewhere."""
        return bool(self.store.run("cursor", [keys.branch(repository, name)], [cursor or "", head]))

    def resume(self, repository: str, name: str, stood: Standing) -> None:
        """Go on with a branch from where another ledger stood."""
        shas = {
            field: getattr(stood, field) or "" for field in ("cursor", "floor", "start", "before", "pushed")
        }
        start_at, pushed_at = (to_ms(at) if at else "" for at in (stood.start_at, stood.pushed_at))
        self.store.run(
            "resume",
            [keys.branch(repository, name)],
            [
                *(shas["cursor"], shas["floor"], shas["start"], start_at),
                *(shas["before"], shas["pushed"], pushed_at),
            ],
        )

    # Enquiries for deliveries that failed

    def plan_enquiries(self, repositories: Iterable[str], now: datetime) -> None:
        """Have GitHub asked for the failed deliveries of each of these from now on."""
        self._plan(keys.ENQUIRIES, repositories, now)

    def enquire_now(self, repository: str) -> None:
        """Have GitHub asked about a repository before its time."""
        self.redis.zadd(keys.ENQUIRIES, {repository: 0})

    def enquiries_due(self, now: datetime) -> tuple[str, ...]:
        """The repositories whose failed deliveries are to be asked for now."""
        return self.store.due(keys.ENQUIRIES, now)

    def take_enquiry(self, repository: str, now: datetime, until: datetime) -> bool:
        """Take an enquiry that is due; it comes up again at `until` unless it is finished."""
        return self._take(keys.ENQUIRIES, repository, now, until)

    def finish_enquiry(self, repository: str, until: datetime, following: datetime) -> None:
        """Plan the next enquiry."""
        self.store.run("finish", [keys.ENQUIRIES], [repository, to_ms(until), to_ms(following)])

    def drop_enquiry(self, repository: str) -> None:
        """Ask no more about a repository."""
        self.redis.zrem(keys.ENQUIRIES, repository)

    # Closings

    def plan_closings(self, repositories: Iterable[str], today: date) -> None:
        """Have every day up to today closed, those without a commit and those missed in an outage too."""
        for repository in repositories:
            planned = self.store.text(keys.planned(repository))
            if planned != str(today):
                self._plan_days(repository, date.fromisoformat(planned) if planned else today, today)

    def plan_closings_after(self, repository: str, day: date) -> None:
        """The closings up to that day were planned elsewhere."""
        planned = self.store.text(keys.planned(repository))
        if not planned or planned < str(day):
            self.redis.set(keys.planned(repository), str(day))

    def _plan_days(self, repository: str, first: date, today: date) -> None:
        first = max(first, today - timedelta(days=MOST_MISSED_DAYS))
        days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
        with self.redis.pipeline(transaction=True) as pipe:
            for day in days:
                closing = {keys.closing(repository, day): to_ms(self.calendar.closes_at(day))}
                if not self.redis.hexists(keys.digest(repository, day), "closed_at"):
                    pipe.zadd(keys.CLOSINGS, closing, nx=True)
            pipe.set(keys.planned(repository), str(today))
            pipe.execute()

    def closings_due(self, now: datetime) -> tuple[tuple[str, date], ...]:
        """The days to close now, as (repository, day)."""
        named = (closing.split(" ") for closing in self.store.due(keys.CLOSINGS, now))
        return tuple((repository, date.fromisoformat(day)) for repository, day in named)

    def take_closing(self, repository: str, day: date, now: datetime, until: datetime) -> bool:
        """Take a closing that is due; it comes up again at `until` unless the ledger closes the day."""
        return self._take(keys.CLOSINGS, keys.closing(repository, day), now, until)

    def _plan(self, agenda: str, members: Iterable[str], now: datetime) -> None:
        planned = {member: to_ms(now) for member in members}
        if planned:
            self.redis.zadd(agenda, planned, nx=True)

    def _take(self, agenda: str, member: str, now: datetime, until: datetime) -> bool:
        token = secrets.token_hex(16)
        return bool(
            self.store.run(
                "take",
                [agenda, keys.taken(agenda, member)],
                [member, token, to_ms(now), to_ms(until), in_ms(TAKER_KEPT)],
            )
        )

    # What is not kept any longer

    def plan_retention(self, repositories: Iterable[str], now: datetime) -> None:
        """Have the old days of each of these dropped from now on, if that is not on the agenda yet."""
        names = {repository: to_ms(now) for repository in repositories}
        if names:
            self.redis.zadd(keys.RETENTION, names, nx=True)

    def retention_due(self, now: datetime) -> tuple[str, ...]:
        """The repositories whose old days are to be dropped now."""
        return self.store.due(keys.RETENTION, now)

    def take_retention(self, repository: str, now: datetime, until: datetime) -> bool:
        """Take a dropping that is due; it comes up again at `until` unless it is finished."""
        return self._take(keys.RETENTION, repository, now, until)

    def finish_retention(self, repository: str, following: datetime) -> None:
        """Plan the next one."""
        self.redis.zadd(keys.RETENTION, {repository: to_ms(following)}, xx=True)

    def end_retention(self, repository: str) -> None:
        """Everything is kept."""
        self.redis.zrem(keys.RETENTION, repository)

    # One at a time

    def lock(self, name: str, seconds: float) -> bool:
        """Be the only one to do something for so many seconds; False when another is."""
        return bool(self.redis.set(keys.lock(name), 1, nx=True, px=int(seconds * 1000)))

    def unlock(self, name: str) -> None:
        """Let another do it after all."""
        self.redis.delete(keys.lock(name))

    def ticking(self) -> bool:
        """Whether a clock has ticked a moment ago."""
        return bool(self.redis.exists(keys.TICKED))

    def ticked(self, seconds: float) -> None:
        """A clock has ticked; counts for so many seconds."""
        self.redis.set(keys.TICKED, 1, px=int(seconds * 1000))
