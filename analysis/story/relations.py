"""How commits belong together across days: found when one is read, kept in the entries of both.

None waits for another to be read: each keeps what it is called, what it names and which lines it changed, so
the one that is read second finds the first. Whatever is repeated changes nothing. A day that is closed when
one of its entries gets a relation is closed once more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from analysis.models import Commit, Landed, Sha
from analysis.redact import redact
from analysis.storage import keys
from analysis.storage.entry import Entry, Relation
from analysis.storage.ledger import BETWEEN_REVISIONS, Ledger
from analysis.storage.link import Link, RelationKind, strongest
from analysis.storage.store import in_ms, to_ms
from analysis.story.directory import Directory
from analysis.story.footprints import Footprints

ROOM = 30
"""Commits in an entry, about 300 bytes each, after which it takes none that is only mentioned or near."""
NEAR = frozenset({"names", "series", "undoes"})


@dataclass(frozen=True)
class Place:
    """A commit, and where to read of it."""

    sha: Sha
    day: date
    landed_at: datetime
    subject: str

    def relation(self, kind: RelationKind, evidence: str) -> str:
        """How the other's entry keeps it: when it landed (ms), and the relation as JSON."""
        shown = {"subject": redact(self.subject), "evidence": redact(evidence)}
        relation = Relation(kind=kind, sha=self.sha, day=self.day, **shown)
        return f"{to_ms(self.landed_at)} {relation.model_dump_json()}"


class Relations:
    """Finds and keeps them, in Redis."""

    def __init__(self, ledger: Ledger) -> None:
        self.store = ledger.store
        self.directory = Directory(ledger.store)
        self.footprints = Footprints(ledger.store)

    def record(self, commit: Commit, entry: Entry) -> None:
        """Keep how a commit belongs to those that were read before, in its entry and in theirs.

        Args:
            commit: as git gave it.
            entry: the same commit's, which says where it stands.

        Raises:
            redis.exceptions.RedisError: the server is away or refuses to write.
        """
        own = Place(commit.sha, entry.day, entry.landed_at, commit.subject)
        found = [*self.directory.enter(commit), *self.footprints.enter(commit)]
        links = strongest(found, commit.sha)
        if not links:
            return
        places = list(self._places(commit.repository, links))
        with self.store.redis.pipeline(transaction=False) as pipe:
            for other in places:
                step, args = _relate(commit.repository, links[other.sha], own, other)
                self.store.run("relate", step, args, client=pipe)
            pipe.execute()

    def _places(self, repository: str, shas: Iterable[Sha]) -> Iterator[Place]:
        """Where commits stand; one that the ledger has lost is left out."""
        wanted = list(shas)
        with self.store.redis.pipeline(transaction=False) as pipe:
            for sha in wanted:
                pipe.hmget(keys.commit(repository, sha), "day", "landed_at", "landed")
            stored = pipe.execute()
        for sha, (day, landed_at, landed) in zip(wanted, stored, strict=True):
            if day is not None:
                subject = Landed.model_validate_json(landed).subject
                yield Place(sha, date.fromisoformat(day), datetime.fromisoformat(landed_at), subject)


def _relate(repository: str, link: Link, own: Place, other: Place) -> tuple[list[str], list[str | float]]:
    """The keys and arguments of `lua/relate.lua`."""
    later, earlier = (own, other) if link.later == own.sha else (other, own)
    step: list[str] = []
    args: list[str | float] = [
        link.strength,
        ROOM if link.kind in NEAR else 0,
        keys.RELATION,
        in_ms(BETWEEN_REVISIONS),
    ]
    for place, about, kind in ((later, earlier, link.kind), (earlier, later, link.back)):
        step += [keys.commit(repository, place.sha), keys.digest(repository, place.day)]
        value = f"{link.strength} {about.relation(kind, link.evidence)}"
        args += [keys.relation(about.sha), value, keys.closing(repository, place.day)]
    return [*step, keys.CLOSINGS], args
