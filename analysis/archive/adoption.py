"""Commits of an export -> entries of the ledger: new ones as they were, known ones completed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from analysis.archive.lines import EntryLine, KeptRelation
from analysis.models import Sha
from analysis.storage import keys
from analysis.storage.entry import Relation, rank_of
from analysis.storage.ledger import BETWEEN_REVISIONS, Ledger
from analysis.storage.store import in_ms, to_ms
from analysis.storage.stored import JSON_FIELDS
from analysis.story.directory import Directory

if TYPE_CHECKING:
    from redis import Redis

ELSEWHERE, UNCHANGED, COMPLETED, NEW = -1, 0, 1, 2
"""What `lua/adopt.lua` says: the first of a commit that stands on another day than was thought."""

RELATION = set(Relation.model_fields)
Places = dict[tuple[str, Sha], tuple[date, int]]
"""Repository and sha -> the day of a commit, and when it landed (ms)."""


@dataclass
class Adoption:
    """The commits of one import, and what became of them."""

    ledger: Ledger
    now: datetime
    new: int = 0
    completed: int = 0
    unchanged: int = 0
    """Known already, with all that the export says of them or more."""
    mixed: set[tuple[str, date]] = field(default_factory=set)
    """Days of the export of which something else is said here."""

    def adopt(self, lines: Sequence[EntryLine]) -> None:
        """Take commits over, each in one step, and have later ones find them by what they are called.

        One that is recorded meanwhile, and so stands on a day of its own, is looked at once more.
        """
        waiting = list(lines)
        while waiting:
            places = self._places(waiting)
            with self.ledger.redis.pipeline(transaction=True) as pipe:  # written to disk once for all
                for line in waiting:
                    self._step(line, places, client=pipe)
                outcomes = pipe.execute()
            found = list(zip(waiting, outcomes, strict=True))
            for line, (outcome, differs) in found:
                self._count(line, outcome, differs=bool(differs))
            waiting = [line for line, (outcome, _) in found if outcome == ELSEWHERE]
        Directory(self.ledger.store).keep([line.facts for line in lines if line.facts])

    def _places(self, lines: Sequence[EntryLine]) -> Places:
        """Where these commits stand here, and those that they belong to; without those that do not."""
        wanted = {(line.repository, line.sha) for line in lines}
        wanted |= {(line.repository, other.sha) for line in lines for other in line.relations}
        ordered = sorted(wanted)
        with self.ledger.redis.pipeline(transaction=False) as pipe:
            for repository, sha in ordered:
                pipe.hmget(keys.commit(repository, sha), "day", "landed_at")
            stored = pipe.execute()
        return {
            place: (date.fromisoformat(day), to_ms(datetime.fromisoformat(landed_at)))
            for place, (day, landed_at) in zip(ordered, stored, strict=True)
            if day
        }

    def _step(self, line: EntryLine, places: Places, *, client: "Redis") -> None:
        name, sha = line.repository, line.sha
        day = places.get((name, sha), (line.day, 0))[0]
        lists = (keys.READY, keys.WAITING, keys.PARKED, keys.PENDING, keys.CLOSINGS)
        own = (keys.day(name, day), keys.unfinished(name, day), keys.digest(name, day), keys.gone(name))
        given: list[str | float] = [keys.member(name, sha), sha, str(day), name, to_ms(line.landed_at)]
        given += [to_ms(line.parked_at or self.now), keys.closing(name, day), to_ms(self.now)]
        given += [in_ms(BETWEEN_REVISIONS), keys.RELATION, to_ms(self.ledger.calendar.closes_at(day))]
        self.ledger.store.run(
            "adopt",
            [keys.commit(name, sha), keys.commits(name), keys.days(name), keys.REPOSITORIES, *lists, *own],
            [*given, *(text for pair in _fields(line, places).items() for text in pair)],
            client=client,
        )

    def _count(self, line: EntryLine, outcome: int, *, differs: bool) -> None:
        self.new += outcome == NEW
        self.completed += outcome == COMPLETED
        self.unchanged += outcome == UNCHANGED
        if differs:
            self.mixed.add((line.repository, line.day))


def _fields(line: EntryLine, places: Places) -> dict[str, str]:
    """The fields of a commit's hash."""
    fields = {
        "day": str(line.day),
        "state": line.state.value,
        "source": line.source.value,
        "branch": line.branch,
        "rank": str(rank_of(line.source, line.landed_at)),
        "landed_at": line.landed_at.isoformat(),
    }
    if line.attempts:
        fields["attempts"] = str(line.attempts)
    values = {name: getattr(line, name) for name in JSON_FIELDS}
    fields |= {name: value.model_dump_json() for name, value in values.items() if value is not None}
    for other in line.relations:
        here = places.get((line.repository, other.sha), (other.day, other.landed_ms))
        fields[keys.relation(other.sha)] = _relation(other, *here)
    return fields


def _relation(other: KeptRelation, day: date, landed_ms: int) -> str:
    """As `lua/relate.lua` keeps it: with the day on which the other commit stands here."""
    here = other.model_copy(update={"day": day})
    return f"{other.strength} {landed_ms} {here.model_dump_json(include=RELATION)}"
