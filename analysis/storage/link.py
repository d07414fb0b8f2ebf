"""How two commits of a repository belong together, and which of several such ways says most; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from analysis.models import CommitFacts, Sha

Kind = Literal["reverts", "relands", "fixes", "same-change", "series", "names", "undoes"]
"""What a later commit does to an earlier one.

`undoes`: it removed most of the lines that the other had added shortly before, and does not call that a fix.
"""
RelationKind = Literal[Kind, "reverted-by", "relanded-by", "fixed-by", "named-by", "undone-by"]
"""The same, and what the later commit is to the earlier: a key under `relation.` in the words."""
_BACK: dict[Kind, RelationKind] = {
    "reverts": "reverted-by",
    "relands": "relanded-by",
    "fixes": "fixed-by",
    "same-change": "same-change",
    "series": "series",
    "names": "named-by",
    "undoes": "undone-by",
}
_ORDER = (
    ("reverts", True),
    ("relands", True),
    ("fixes", True),
    ("same-change", True),
    ("series", True),
    ("fixes", False),
    ("names", True),
    ("undoes", False),
)
"""What is said goes before what the lines show, but for a mention in passing."""


@dataclass(frozen=True)
class Link:
    """One way in which two commits belong together."""

    kind: Kind
    earlier: Sha
    later: Sha
    evidence: str = ""
    said: bool = True
    """False: nobody says so, but the lines show it."""

    @property
    def strength(self) -> int:
        """1 for what says most."""
        return 1 + _ORDER.index((self.kind, self.said))

    @property
    def back(self) -> RelationKind:
        """What the earlier commit is to the later."""
        return _BACK[self.kind]

    def other(self, sha: Sha) -> Sha:
        """The one that it is not."""
        return self.earlier if sha == self.later else self.later


def strongest(links: Iterable[Link], sha: Sha) -> dict[Sha, Link]:
    """The link of a commit with each other that says most."""
    best: dict[Sha, Link] = {}
    for link in sorted(links, key=lambda link: (link.strength, not link.evidence, link.evidence)):
        best.setdefault(link.other(sha), link)
    best.pop(sha, None)
    return best


def instant_of(commit: CommitFacts) -> int:
    """When it was committed, in seconds of the Unix epoch: the order in which commits build on another."""
    return max(0, int(commit.committed_at.timestamp()))
