"""The accounts: every request to a model, whatever came of it, kept one by one and added up when read.

There are no counters, so a call that is recorded twice counts once. A call stands in two books: that of the
day on which it was made, for budgets, and that of the digest which it was made for, so that a day which is
analysed later still shows what it cost. Every method may raise `redis.exceptions.RedisError`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from analysis.calendar import Calendar, InvalidDate, parse_date
from analysis.models import Call
from analysis.storage import keys
from analysis.storage.spending import LOST, Spending
from analysis.storage.store import Store

KEPT = timedelta(days=400)
"""How long the calls of a day are kept; those of a digest stay with it."""
KEYS_AT_ONCE = 1000
FORGOTTEN = "(forgotten)"
"""Stands for a repository whose name is not to be kept."""
CALLS = TypeAdapter(tuple[Call, ...])


class Accounts:
    """What was asked of models, and what that took."""

    def __init__(self, store: Store, calendar: Calendar) -> None:
        self.store = store
        self.redis = store.redis
        self.calendar = calendar

    def record(self, call: Call) -> None:
        """Keep what one request took: under way, then again with what came of it.

        Its `sha` is a commit's, or the ISO date of the day whose highlights it is about.
        """
        daily, digests = self._daily(call), self._digests(call)
        with self.redis.pipeline(transaction=True) as pipe:
            for book in (daily, *digests):
                pipe.hset(book, call.id, call.model_dump_json())
            pipe.expire(daily, KEPT)
            pipe.execute()

    def restore(self, lines: Iterable[tuple[date | None, Call]], now: datetime) -> None:
        """Take calls over from an export, each with the day of the digest in whose book it stands.

        None stands for the book of the day on which it was made. What came of a call goes before that it was
        under way.
        """
        with self.redis.pipeline(transaction=True) as pipe:
            for digest, call in lines:
                book = keys.digest_calls(call.repository, digest) if digest else self._daily(call)
                if not digest and call.at + KEPT <= now:
                    continue
                store = pipe.hsetnx if call.outcome == LOST else pipe.hset
                store(book, call.id, call.model_dump_json())
                if not digest:
                    pipe.expireat(book, call.at + KEPT)
            pipe.execute()

    def forget(self, call: Call) -> None:
        """Drop a request that was announced and then not made."""
        books = [self._daily(call), *self._digests(call)]
        with self.redis.pipeline(transaction=True) as pipe:
            for book in books:
                pipe.hdel(book, call.id)
            pipe.execute()

    def disown(self, repository: str) -> None:
        """Keep what the calls for a repository took, for the budgets of their days, without saying whose."""
        for batch in self.store.matching(f"{keys.CALLS}*", KEYS_AT_ONCE):
            for book in (key for key in batch if "/" not in key):
                for call in calls_in(self.store.fields(book)):
                    if call.repository == repository:
                        nameless = call.model_copy(update={"repository": FORGOTTEN, "sha": ""})
                        self.redis.hset(book, call.id, nameless.model_dump_json())

    def calls(self, day: date) -> tuple[Call, ...]:
        """Every request that was made on a day."""
        return calls_in(self.store.fields(keys.calls(day)))

    def calls_for(self, repository: str, day: date) -> tuple[Call, ...]:
        """Every request, whenever made, for the commits of one digest and for its highlights."""
        return calls_in(self.store.fields(keys.digest_calls(repository, day)))

    def spending(self, day: date) -> Spending:
        """What the requests that were made on a day took."""
        return Spending.of(self.calls(day))

    def today(self, now: datetime) -> Spending:
        """What the requests of the day on which an instant falls took so far."""
        return self.spending(self.calendar.day_of(now))

    def _daily(self, call: Call) -> str:
        return keys.calls(self.calendar.day_of(call.at))

    def _digests(self, call: Call) -> tuple[str, ...]:
        """The book of the digest that a call was made for; none for a commit that was never recorded."""
        landed = self.redis.hget(keys.commit(call.repository, call.sha), "day")
        try:
            return (keys.digest_calls(call.repository, parse_date(str(landed or call.sha))),)
        except InvalidDate:
            return ()


def calls_in(stored: Mapping[str, str]) -> tuple[Call, ...]:
    """The calls in a book, all parsed together: one after the other takes twice the time."""
    return CALLS.validate_json(f"[{','.join(stored.values())}]")
