"""Lines of JSON -> ledger: into an empty one, or into one that has commits already.

Each line is taken over in a step that can be repeated: an import that was cut off is simply run again. May
raise `redis.exceptions.RedisError`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from analysis.archive.adoption import Adoption
from analysis.archive.lines import (
    AgendaLine,
    BranchLine,
    CallLine,
    DayLine,
    End,
    EntryLine,
    FootprintLine,
    GoneLine,
    IdentityLine,
    LookLine,
    UrlLine,
)
from analysis.archive.reading import DamagedLine, read_lines
from analysis.storage import keys
from analysis.storage.agenda import Agenda
from analysis.storage.ledger import BETWEEN_REVISIONS, USUAL, Ledger
from analysis.storage.looks import Look, Looks
from analysis.storage.store import batches, in_ms, to_ms
from analysis.story.footprints import Footprints

if TYPE_CHECKING:
    from redis import Redis

AT_ONCE = 200
"""Lines of a kind that are taken over together."""


@dataclass(frozen=True)
class Restore:
    """One import."""

    ledger: Ledger
    agenda: Agenda
    adoption: Adoption
    now: datetime

    @classmethod
    def into(cls, ledger: Ledger, now: datetime) -> "Restore":
        """Into a ledger that may have commits already."""
        return cls(ledger, Agenda(ledger.store, ledger.calendar), Adoption(ledger, now), now)

    def run(self, stream: BinaryIO) -> Adoption:
        """Take over what a stream holds; returns what became of its commits.

        Raises:
            NewerExport: before anything has been taken over.
            DamagedLine: once all lines before that one have been.
        """
        for kind, lines in groupby(read_lines(stream), key=type):
            for batch in batches(lines, AT_ONCE):
                self._steps[kind](batch)
        return self.adoption

    @property
    def _steps(self) -> dict[type, Callable[[list[Any]], None]]:
        return {
            UrlLine: self._urls,
            IdentityLine: self._identities,
            EntryLine: self.adoption.adopt,
            DayLine: self._days,
            CallLine: self._calls,
            FootprintLine: self._footprints,
            GoneLine: self._gone,
            BranchLine: self._branches,
            LookLine: self._looks,
            AgendaLine: self._plans,
            End: lambda _: None,
            DamagedLine: _raise,
        }

    def _urls(self, lines: list[UrlLine]) -> None:
        for line in lines:
            self.ledger.redis.hsetnx(keys.URLS, line.repository, line.url or USUAL)

    def _identities(self, lines: list[IdentityLine]) -> None:
        """What is known here stands: it was told to this ledger itself."""
        for line in lines:
            told = {keys.IDS: line.id, keys.RENAMED: line.renamed, keys.MOVED: line.moved}
            for key, value in {**told, keys.VISIBILITY: line.visibility}.items():
                if value is not None:
                    self.ledger.redis.hsetnx(key, line.repository, str(value))

    def _days(self, lines: list[DayLine]) -> None:
        with self.ledger.redis.pipeline(transaction=True) as pipe:
            for line in lines:
                self._day(line, client=pipe)
            pipe.execute()

    def _day(self, line: DayLine, *, client: "Redis") -> None:
        name, day = line.repository, line.day
        self.ledger.store.run(
            "restore",
            [
                *(keys.digest(name, day), keys.CLOSINGS, keys.days(name), keys.REPOSITORIES),
                *(keys.day(name, day), keys.unfinished(name, day)),
            ],
            [
                *(name, str(day), keys.closing(name, day), line.entries),
                int((name, day) in self.adoption.mixed),
                to_ms(self.now),
                in_ms(BETWEEN_REVISIONS),
                to_ms(self.ledger.calendar.closes_at(day)),
                to_ms(line.closes_at) if line.closes_at else "",
                line.revision,
                *(text for pair in _fields(line).items() for text in pair),
            ],
            client=client,
        )
        if line.rebuilt:
            client.hset(keys.digest(name, day), "rebuilt", 1)
            client.sadd(keys.REBUILT, name)

    def _calls(self, lines: list[CallLine]) -> None:
        self.ledger.accounts.restore(((line.digest, line.call) for line in lines), self.now)

    def _footprints(self, lines: list[FootprintLine]) -> None:
        footprints = Footprints(self.ledger.store)
        for line in lines:
            key = keys.footprint(line.repository, line.file, line.month)
            footprints.restore(key, line.traces, until=line.expires_at, now=self.now)

    def _gone(self, lines: list[GoneLine]) -> None:
        for line in lines:
            self.ledger.redis.sadd(keys.gone(line.repository), *line.shas)

    def _branches(self, lines: list[BranchLine]) -> None:
        for line in lines:
            self.agenda.resume(line.repository, line.name, line)

    def _looks(self, lines: list[LookLine]) -> None:
        looks = Looks(self.ledger.store)
        for line in lines:
            if looks.last(line.repository) is None:
                looks.keep(line.repository, Look(line.at, frozenset(line.branches)))

    def _plans(self, lines: list[AgendaLine]) -> None:
        for line in lines:
            if line.walk_at:
                self.agenda.plan_walk(line.repository, line.walk_at)
            if line.planned:
                self.agenda.plan_closings_after(line.repository, line.planned)


def _fields(line: DayLine) -> dict[str, str]:
    """The fields of a closed day's hash beside its revision; none of a day that is open."""
    if line.closed_at is None:
        return {}
    told = {"highlights": line.highlights.model_dump_json()} if line.highlights else {}
    return {"content": line.content, "closed_at": str(to_ms(line.closed_at)), **told}


def _raise(damaged: list[DamagedLine]) -> None:
    message = f"{damaged[0]} (the lines before it are imported)"
    raise DamagedLine(message)
