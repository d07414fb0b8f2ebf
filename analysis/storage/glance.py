"""A commit's entry at a glance: what it takes to count and to weigh it, without the words of its analysis."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import AwareDatetime, ConfigDict, TypeAdapter

from analysis.models import Frozen, Importance, Sha
from analysis.storage.entry import Entry, Relation, State


class Part(Frozen):
    """A part of a stored value: what is not named here is skipped."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Touched(Part):
    """A file that a commit changed."""

    path: str
    additions: int | None = None
    deletions: int | None = None
    marked: Literal["generated", "vendored", "neither"] | None = None

    @property
    def lines(self) -> int:
        """Added and deleted."""
        return (self.additions or 0) + (self.deletions or 0)


class Facts(Part):
    """Of what git says, where it was."""

    files: tuple[Touched, ...] = ()


class Rule(Part):
    """A reason, by its name."""

    rule: str


class Judged(Part):
    """Of the best analysis there is, what it came to."""

    importance: Importance
    analysed_at: AwareDatetime
    reasons: tuple[Rule, ...] = ()
    advice: tuple[str, ...] = ()


class Said(Part):
    """Of what a reader said of its importance."""

    importance: Importance
    corrected_at: AwareDatetime


class Glance(Part):
    """One commit of a day."""

    sha: Sha
    state: State
    landed_at: AwareDatetime
    facts: Facts | None = None
    analysis: Judged | None = None
    """None while there is no analysis at all."""
    relations: tuple[Relation, ...] = ()
    correction: Said | None = None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """At an entry that was read in full."""
        return cls.model_validate(entry)

    @property
    def importance(self) -> Importance | None:
        """The one that counts: a reader's, else the analysis's, else none yet."""
        said = self.correction or self.analysis
        return said.importance if said else None

    @property
    def files(self) -> tuple[Touched, ...]:
        """What it changed, as far as is known."""
        return self.facts.files if self.facts else ()


GLANCES = TypeAdapter(tuple[Glance, ...])


def glances_in(rows: Iterable[str]) -> tuple[Glance, ...]:
    """The rows of `lua/glance.lua`, all parsed together: one after the other takes twice the time."""
    return GLANCES.validate_json(f"[{','.join(rows)}]")
