"""Whether this ledger has taken the place of one that was lost: a server that came back empty.

A ledger has an id of its own. Whoever remembers another, last seen before this one began, tells what was in
that; the days of it that a backfill gives again are marked as rebuilt.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from pydantic import AwareDatetime

from analysis.models import Frozen, RepositoryName
from analysis.storage import keys
from analysis.storage.ledger import Ledger
from analysis.storage.remark import Remark
from analysis.storage.store import from_ms, to_ms

EMPTY = Remark(
    "nothing has landed yet", "`pushdigest backfill OWNER/NAME --since DATE` gives the days that are past"
)


class Known(Frozen):
    """A ledger as it was last seen."""

    id: str
    seen: AwareDatetime
    first_days: dict[RepositoryName, date]
    """The oldest day of each repository."""


@dataclass(frozen=True)
class Loss:
    """What was lost of one repository."""

    repository: str
    first: date
    """The oldest day that was lost."""
    at: datetime
    """When the ledger that stands began."""

    @property
    def note(self) -> Remark:
        """For whoever runs it."""
        return Remark(
            f"the days of {self.repository} before {self.at:%Y-%m-%d %H:%M} UTC were lost",
            f"`pushdigest backfill {self.repository} --since {self.first}` rebuilds them",
        )

    @classmethod
    def stored(cls, repository: str, value: str) -> Self:
        """As `begin.lua` keeps it."""
        first, at = value.split(" ")
        return cls(repository, date.fromisoformat(first), from_ms(int(at)))


class Losses:
    """What was lost with earlier ledgers; every method may raise `redis.exceptions.RedisError`."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.store = ledger.store

    def look(self, known: Known | None, now: datetime) -> Known:
        """Look which ledger stands, begun now if there was none; `known` may turn out to be lost."""
        earlier = known.first_days if known else {}
        identifier = self.store.run(
            "begin",
            [keys.LEDGER, keys.LOST],
            [
                secrets.token_hex(8),
                to_ms(now),
                known.id if known else "",
                to_ms(known.seen) if known else 0,
                *(text for name, first in earlier.items() for text in (name, str(first))),
            ],
        )
        return Known(id=identifier, seen=now, first_days=self._first_days())

    def open(self) -> tuple[Loss, ...]:
        """The losses of which nothing has been given again yet."""
        lost = self.store.fields(keys.LOST)
        if not lost:
            return ()
        rebuilt, first_days = self.store.members(keys.REBUILT), self._first_days()
        losses = (Loss.stored(name, value) for name, value in sorted(lost.items()) if name not in rebuilt)
        today = self.ledger.calendar.day_of
        return tuple(loss for loss in losses if first_days.get(loss.repository, date.max) >= today(loss.at))

    def notes(self) -> tuple[Remark, ...]:
        """What is to be known of this ledger: that it was lost, or is empty."""
        if losses := self.open():
            return tuple(loss.note for loss in losses)
        return () if self.ledger.repositories() else (EMPTY,)

    def _first_days(self) -> dict[str, date]:
        names = self.ledger.repositories()
        with self.store.redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.zrange(keys.days(name), 0, 0)
            found = pipe.execute()
        return {name: date.fromisoformat(days[0]) for name, days in zip(names, found, strict=True) if days}
