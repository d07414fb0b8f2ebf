"""Ledger -> lines of JSON, one at a time: no more of it is in memory than a few hundred commits.

Whatever is read later may be newer. So cursors are read first and stand last: a commit that lands meanwhile
comes after the cursor, and is found again from there. May raise `redis.exceptions.RedisError`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from analysis.archive.lines import (
    AgendaLine,
    BranchLine,
    CallLine,
    Counts,
    DayLine,
    End,
    FootprintLine,
    GoneLine,
    Header,
    IdentityLine,
    LookLine,
    UrlLine,
)
from analysis.models import Call, Frozen, Sha
from analysis.storage import keys
from analysis.storage.highlights import Highlights
from analysis.storage.ledger import Ledger
from analysis.storage.looks import Looks
from analysis.storage.removal import NothingKept
from analysis.storage.schema import SCHEMA
from analysis.storage.store import batches, from_ms, to_ms
from analysis.storage.stored import entry_json

AT_ONCE = 200
"""Commits that are read together."""
KEYS_AT_ONCE = 1000


@dataclass(frozen=True)
class Export:
    """The repositories of one export, and where their cursors stood when it began."""

    ledger: Ledger
    repositories: tuple[str, ...]
    branches: tuple[BranchLine, ...]
    now: datetime
    whole: bool = True
    """No repository was named."""

    @classmethod
    def of(cls, ledger: Ledger, names: Sequence[str], now: datetime) -> "Export":
        """An export of these repositories, or of all there are if none is named.

        Raises:
            NothingKept: of one that is named.
        """
        branches = tuple(_branches(ledger))
        known = {*ledger.repositories(), *ledger.urls(), *ledger.store.ranked(keys.WALKS)}
        known |= {branch.repository for branch in branches}
        for name in names:
            if name not in known:
                message = f"nothing is kept of {name}"
                raise NothingKept(message)
        return cls(ledger, tuple(sorted(set(names) or known)), branches, now, whole=not names)

    def lines(self) -> Iterator[str]:
        """All of it; each line without its end."""
        count = 0
        for text in self._lines():
            count += 1
            yield text
        yield End(lines=count).model_dump_json()

    def _lines(self) -> Iterator[str]:
        yield self._header()
        for name in self.repositories:
            yield from self._repository(name)
        yield from map(_text, self._footprints())
        yield from map(_text, self._daily_calls())

    def _header(self) -> str:
        with self.ledger.redis.pipeline(transaction=False) as pipe:
            for name in self.repositories:
                pipe.zcard(keys.commits(name))
                pipe.zcard(keys.days(name))
            found = pipe.execute()
        counts = Counts(repositories=len(self.repositories), entries=sum(found[::2]), days=sum(found[1::2]))
        header = Header(form=SCHEMA, version=version("pushdigest"), exported_at=self.now, counts=counts)
        return header.model_dump_json()

    def _repository(self, name: str) -> Iterator[str]:
        agenda = self._agenda(name)
        if (url := self.ledger.urls().get(name)) is not None:
            yield _text(UrlLine(repository=name, url=url or None))
        if (identity := self._identity(name)) != IdentityLine(repository=name):
            yield _text(identity)
        for day in sorted({*self.ledger.days(name), *self._planned(name)}):
            yield from self._day(name, day)
        for shas in batches(self.ledger.store.members(keys.gone(name)), KEYS_AT_ONCE):
            yield _text(GoneLine(repository=name, shas=tuple(shas)))
        yield from (_text(branch) for branch in self.branches if branch.repository == name)
        if look := Looks(self.ledger.store).last(name):
            yield _text(LookLine(repository=name, at=look.at, branches=tuple(sorted(look.branches))))
        yield _text(agenda)

    def _identity(self, name: str) -> IdentityLine:
        kept = {"id": keys.IDS, "renamed": keys.RENAMED, "moved": keys.MOVED, "visibility": keys.VISIBILITY}
        found = {field: self.ledger.redis.hget(key, name) for field, key in kept.items()}
        return IdentityLine.model_validate({"repository": name, **found})

    def _planned(self, name: str) -> Iterator[date]:
        """The days that are to be closed, also those on which nothing landed."""
        for closing in self.ledger.store.ranked(keys.CLOSINGS):
            repository, day = closing.split(" ")
            if repository == name:
                yield date.fromisoformat(day)

    def _day(self, name: str, day: date) -> Iterator[str]:
        stored = self.ledger.store.fields(keys.digest(name, day))
        closes = self.ledger.redis.zscore(keys.CLOSINGS, keys.closing(name, day))
        count = 0
        for text in self._entries(name, self.ledger.store.members(keys.day(name, day))):
            count += 1
            yield text
        told = stored.get("highlights")
        line = DayLine(
            repository=name,
            day=day,
            entries=count,
            revision=int(stored.get("revision", 0)),
            content=stored.get("content", ""),
            closed_at=_instant(stored.get("closed_at")),
            closes_at=_instant(closes),
            highlights=Highlights.model_validate_json(told) if told else None,
            rebuilt="rebuilt" in stored,
        )
        yield _text(line)
        for call in self.ledger.accounts.calls_for(name, day):
            yield _text(CallLine(digest=day, call=call))

    def _entries(self, name: str, shas: Sequence[Sha]) -> Iterator[str]:
        for batch in batches(shas, AT_ONCE):
            with self.ledger.redis.pipeline(transaction=False) as pipe:
                pipe.zmscore(keys.PARKED, [keys.member(name, sha) for sha in batch])
                for sha in batch:
                    pipe.hgetall(keys.commit(name, sha))
                parked, *stored = pipe.execute()
            for sha, fields, parked_ms in zip(batch, stored, parked, strict=True):
                if fields:
                    yield _entry(name, sha, fields, _instant(parked_ms))

    def _footprints(self) -> Iterator[FootprintLine]:
        for key in self._keys(keys.LINES):
            name, file, month = keys.footprint_named(key)
            left = self.ledger.redis.pttl(key)
            if name in self.repositories and left > 0:
                until = from_ms(to_ms(self.now) + left)
                traces = self.ledger.store.fields(key)
                yield FootprintLine(repository=name, file=file, month=month, expires_at=until, traces=traces)

    def _agenda(self, name: str) -> AgendaLine:
        walk = self.ledger.redis.zscore(keys.WALKS, name)
        planned = self.ledger.store.text(keys.planned(name))
        return AgendaLine(
            repository=name,
            walk_at=_instant(walk),
            planned=date.fromisoformat(planned) if planned else None,
        )

    def _daily_calls(self) -> Iterator[CallLine]:
        """The books of days; a call that stands in a digest's book too has a line for each."""
        for key in sorted(key for key in self._keys(keys.CALLS) if "/" not in key):
            for stored in self.ledger.store.fields(key).values():
                call = Call.model_validate_json(stored)
                if self.whole or call.repository in self.repositories:
                    yield CallLine(call=call)

    def _keys(self, prefix: str) -> Iterator[str]:
        for batch in self.ledger.store.matching(f"{prefix}*", KEYS_AT_ONCE):
            yield from batch


def _branches(ledger: Ledger) -> Iterator[BranchLine]:
    found = {key for batch in ledger.store.matching(f"{keys.BRANCHES}*", KEYS_AT_ONCE) for key in batch}
    for key in sorted(found):
        repository, name = keys.branch_named(key)
        stored = ledger.store.fields(key)
        yield BranchLine(
            repository=repository,
            name=name,
            cursor=stored.get("cursor"),
            floor=stored.get("floor"),
            start=stored.get("start"),
            start_at=_instant(stored.get("start_at")),
            before=stored.get("before"),
            pushed=stored.get("after"),
            pushed_at=_instant(stored.get("pushed_at")),
        )


def _entry(name: str, sha: Sha, stored: dict[str, str], parked_at: datetime | None) -> str:
    parked = f',"parked_at":"{parked_at.isoformat()}"' if parked_at else ""
    return f'{{"kind":"entry",{entry_json(name, sha, stored)}{parked}}}'


def _text(line: Frozen) -> str:
    return line.model_dump_json(exclude_none=True)


def _instant(ms: str | float | None) -> datetime | None:
    return None if ms is None else from_ms(int(ms))
