"""Many days of a repository at once, for who reads ranges of them: a few requests, and no analysis's words.

Every method may raise `redis.exceptions.RedisError`.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from analysis.storage import keys
from analysis.storage.accounts import calls_in
from analysis.storage.entry import DayRecord
from analysis.storage.glance import Glance, glances_in
from analysis.storage.highlights import Highlights
from analysis.storage.skim import Skim, skims_in
from analysis.storage.spending import Spending
from analysis.storage.store import Store, batches, from_ms

AT_ONCE = 100
"""Commits per step: a few milliseconds of the server, which nobody else is served in."""


class Annals:
    """The days of repositories, in Redis."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def glances(self, repository: str, days: Sequence[date]) -> dict[date, tuple[Glance, ...]]:
        """The entries of these days at a glance, in no order that means anything."""
        rows = self._rows("glance", [keys.RELATION], repository, days)
        return {day: glances_in(found) for day, found in rows.items()}

    def skims(
        self, repository: str, days: Sequence[date], needles: Sequence[Sequence[str]] = ()
    ) -> dict[date, tuple[Skim, ...]]:
        """The entries of these days as they are skimmed for words, in no order that means anything.

        Args:
            repository: whose days they are.
            days: to look at.
            needles: groups as `needles_of` gives one for a word; what lacks all of one group is left out.
        """
        groups = ["\n".join(group) for group in needles]
        rows = self._rows("seek", [keys.RELATION, len(groups), *groups], repository, days)
        return {day: skims_in(found) for day, found in rows.items()}

    def _rows(
        self, step: str, args: Sequence[str | float], repository: str, days: Sequence[date]
    ) -> dict[date, list[str]]:
        """What a step gives for the commits of each day, `AT_ONCE` of them at a time."""
        with self.store.redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.smembers(keys.day(repository, day))
            members = [sorted(found) for found in pipe.execute()]
        with self.store.redis.pipeline(transaction=False) as pipe:
            parts = [
                (day, part)
                for day, shas in zip(days, members, strict=True)
                for part in batches(shas, AT_ONCE)
            ]
            for _, shas in parts:
                commits = [keys.commit(repository, sha) for sha in shas]
                self.store.run(step, commits, [*args, *shas], client=pipe)
            rows: dict[date, list[str]] = {day: [] for day in days}
            for (day, _), found in zip(parts, pipe.execute(), strict=True):
                rows[day] += found
        return rows

    def records(self, repository: str, days: Sequence[date]) -> tuple[DayRecord, ...]:
        """What is known of each of these days beside its entries; to be read before them."""
        with self.store.redis.pipeline(transaction=False) as pipe:
            for day in days:
                pipe.hgetall(keys.digest(repository, day))
                pipe.hgetall(keys.digest_calls(repository, day))
            found = pipe.execute()
        return tuple(
            _record(repository, day, stored, calls)
            for day, stored, calls in zip(days, found[::2], found[1::2], strict=True)
        )


def _record(repository: str, day: date, stored: Mapping[str, str], calls: Mapping[str, str]) -> DayRecord:
    return DayRecord(
        repository=repository,
        day=day,
        revision=int(stored.get("revision", 0)),
        version=int(stored.get("version", 0)),
        closed_at=from_ms(int(stored["closed_at"])) if "closed_at" in stored else None,
        rebuilt="rebuilt" in stored,
        spending=Spending.of(calls_in(calls)),
        highlights=Highlights.model_validate_json(told) if (told := stored.get("highlights")) else None,
    )
