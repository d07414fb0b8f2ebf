"""What a model says of a day against what it was shown: shas, names and numbers that it made up; pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis.models import Importance, Sha
from analysis.replies.day_reply import DayReply
from analysis.storage.entry import Entry
from analysis.storage.highlights import Group, Part, Told
from analysis.text.sentences import cut, first_sentence, without_stop

MOST = 7
"""Highlights that are kept."""
LONGEST = 200
"""Characters of a text; of a longer one its first sentence is kept."""
MOST_DOUBTS = 12

_PREFIX = re.compile(r"[0-9a-f]{7,40}")
_CLAIM = re.compile(
    r"`([^`]+)`"  # whatever is set as code
    r"|(?<![\w.-])(--[a-z][\w-]+)"  # a flag
    r"|(?<![A-Za-z0-9])(v?\d+(?:[.,]\d+)+|\d{2,}|[A-Z][A-Z0-9]*_[A-Z0-9_]+)(?![A-Za-z0-9])",
)
"""A number of one digit counts something, or is a step of a list."""


@dataclass(frozen=True)
class Shown:
    """What a model was shown of a day."""

    entries: tuple[Entry, ...]
    text: str

    def find(self, prefix: str) -> Sha | None:
        """The commit that a short sha means, if it is one of the day and only one."""
        wanted = prefix.strip("` ").lower()
        if not _PREFIX.fullmatch(wanted):
            return None
        found = [entry.sha for entry in self.entries if entry.sha.startswith(wanted)]
        return found[0] if len(found) == 1 else None

    def lacks(self, text: str) -> Iterator[str]:
        """The names and numbers of a text that were not shown."""
        for match in _CLAIM.finditer(text):
            claim = next(filter(None, match.groups()))
            if claim.lower() not in self.folded:
                yield claim

    @cached_property
    def folded(self) -> str:
        """Case is a matter of spelling."""
        return self.text.lower()


def doubts(reply: DayReply, shown: Shown) -> tuple[str, ...]:
    """Shas that the day does not have, and names and numbers that no analysis has."""
    unknown = [sha for sha in _shas(reply) if shown.find(sha) is None]
    lacking = [claim for text in _texts(reply) for claim in shown.lacks(text)]
    return tuple(dict.fromkeys(cut(" ".join(each.split()), LONGEST) for each in [*unknown, *lacking]))[
        :MOST_DOUBTS
    ]


def items_of(reply: DayReply, shown: Shown) -> tuple[Told, ...]:
    """The highlights that rest on commits of the day, what matters first, without what does not hold."""
    known = {entry.sha: entry for entry in shown.entries}
    kept: list[tuple[int, Told]] = []
    for item in reply.highlights:
        shas = _known(item.shas, shown)
        if shas:
            texts = {
                name: _held(getattr(item, name), shown) for name in ("headline", "who", "action", "risk")
            }
            kept.append((min(_rank(known[sha]) for sha in shas), Told(shas=shas, **texts)))
    return tuple(told for _, told in sorted(kept, key=lambda each: each[0]))[:MOST]


def groups_of(reply: DayReply, shown: Shown) -> tuple[Group, ...]:
    """The groups of two and more commits of the day; each commit stands in the first that names it."""
    placed: set[Sha] = set()
    groups: list[Group] = []
    for cluster in reply.groups:
        texts = {sha: each.text for each in reversed(cluster.commits) if (sha := shown.find(each.sha))}
        parts = tuple(
            Part(sha=sha, text=_held(texts[sha], shown))
            for sha in _known((each.sha for each in cluster.commits), shown)
            if sha not in placed
        )
        if len(parts) > 1 and (title := _held(cluster.title, shown)):
            groups.append(Group(title=title, parts=parts))
            placed |= {part.sha for part in parts}
    return tuple(groups)


def _known(shas: Iterable[str], shown: Shown) -> tuple[Sha, ...]:
    return tuple(dict.fromkeys(sha for each in shas if (sha := shown.find(each))))


def _held(text: str, shown: Shown) -> str:
    """The text in one line; empty when it names what was not shown."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST else first_sentence(line, LONGEST)
    return "" if any(shown.lacks(line)) else without_stop(line)


def _rank(entry: Entry) -> int:
    return entry.importance.rank if entry.importance else len(Importance)


def _shas(reply: DayReply) -> Iterator[str]:
    for item in reply.highlights:
        yield from item.shas
    for group in reply.groups:
        yield from (each.sha for each in group.commits)


def _texts(reply: DayReply) -> Iterator[str]:
    for item in reply.highlights:
        yield from (item.headline, item.who, item.action, item.risk)
    for group in reply.groups:
        yield from (group.title, *(each.text for each in group.commits))
