"""What the ledger keeps of a commit and of a day: where it stands, why it waits, what was said of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime

from analysis.models import (
    Analysis,
    CommitFacts,
    Frozen,
    Importance,
    Landed,
    PullRequest,
    RepositoryName,
    Sha,
)
from analysis.storage.highlights import Highlights
from analysis.storage.link import RelationKind
from analysis.storage.spending import Spending
from analysis.storage.store import to_ms

BEHIND = 10**13
"""Added to the rank of a backfilled commit: larger than any instant in ms, so it comes after every other."""


class State(StrEnum):
    """Where an entry stands: every recorded commit is in exactly one of these."""

    PENDING = "pending"
    ANALYSED = "analysed"
    PARKED = "parked"


class Source(StrEnum):
    """What made us record a commit; it decides which instant is its landing."""

    PUSH = "push"
    POLL = "poll"
    BACKFILL = "backfill"


def rank_of(source: Source, landed_at: datetime) -> int:
    """Where commits wait, the lowest goes first: the newest, and those of a backfill after all others."""
    return (BEHIND if source is Source.BACKFILL else 0) - to_ms(landed_at)


class Obstacle(Frozen):
    """Why a commit waits or is parked."""

    code: Literal[
        "git-unavailable",
        "sha-unreachable",
        "model-unavailable",
        "model-reply",
        "model-refused",
        "budget",
        "queued",
    ]
    """A key under `obstacle.` in the words."""
    detail: str = ""
    """One line without secrets, e.g. `HTTP 403`."""
    since: AwareDatetime | None = None
    """When this obstacle was first met, if it has been the same ever since."""


class Correction(Frozen):
    """What a reader says of a commit's importance: it stands beside the analysis and outlives it."""

    importance: Importance
    note: str
    """One line of plain text."""
    corrected_at: AwareDatetime


class Relation(Frozen):
    """How another commit of the same repository belongs to this one; the ledger keeps it with both."""

    kind: RelationKind
    """What this commit does to the other, or the other to this one."""
    sha: Sha
    day: date
    """The day the other landed on: with its sha, where to read of it."""
    subject: str
    evidence: str = ""
    """What shows it: the sha or number in the message, `patch-id`, a file whose lines were removed."""


class Entry(Frozen):
    """One commit in one day's digest of its repository, as the ledger keeps it."""

    repository: RepositoryName
    sha: Sha
    day: date
    """The day of REPORT_TIMEZONE it landed on; stored once, never moved."""
    landed_at: AwareDatetime
    source: Source
    branch: str
    landed: Landed
    state: State
    obstacle: Obstacle | None = None
    attempts: int = 0
    facts: CommitFacts | None = None
    """None until the commit has been read from git."""
    rules: Analysis | None = None
    model: Analysis | None = None
    pull_request: PullRequest | None = None
    relations: tuple[Relation, ...] = ()
    """In the order in which the other commits landed."""
    correction: Correction | None = None

    @property
    def analysis(self) -> Analysis | None:
        """The best there is: the model's, else the rules', else none yet."""
        return self.model or self.rules

    @property
    def rank(self) -> int:
        """Its place among all that wait."""
        return rank_of(self.source, self.landed_at)

    @property
    def importance(self) -> Importance | None:
        """The one that counts: a reader's, else the analysis's, else none yet."""
        said = self.correction or self.analysis
        return said.importance if said else None

    @property
    def matters(self) -> bool:
        """Whether it is known not to be of low importance."""
        return self.importance not in {None, Importance.LOW}

    @property
    def provisional(self) -> bool:
        """The rules speak until the model has."""
        return self.state is not State.ANALYSED

    def read(self, facts: CommitFacts, rules: Analysis) -> Self:
        """The same entry once git has been read."""
        return self.model_copy(update={"facts": facts, "rules": rules, "landed": facts.landed()})


class DayRecord(Frozen):
    """What is known of one day of one repository beside its entries."""

    repository: RepositoryName
    day: date
    revision: int = 0
    """0 while the day has never been closed."""
    version: int = 0
    """Counts the changes to the day's entries: tells whether any came after it was read."""
    closed_at: datetime | None = None
    rebuilt: bool = False
    """The days were given again by a backfill after the store had been lost."""
    spending: Spending = Spending()
    """What all calls for its commits and its highlights took, whenever they were made."""
    highlights: Highlights | None = None
    """As a model told the day when it was closed last; they stand only as long as their basis does."""
