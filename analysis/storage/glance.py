"""A commit's entry at a glance: what it takes to count and to weigh it, without the words of its analysis."""

from collections.abc import Iterable

from pydantic import AwareDatetime, TypeAdapter

from analysis.models import Frozen, Importance, Sha
from analysis.storage.entry import Entry, Relation, State

Touched = tuple[str, int, str | None]
"""A file's path, its lines added and deleted, and what the repository's `.gitattributes` mark it as."""


class Glance(Frozen):
    """One commit of a day."""

    sha: Sha
    state: State
    landed_at: AwareDatetime
    importance: Importance | None = None
    """None while there is no analysis at all."""
    analysed_at: AwareDatetime | None = None
    rules: tuple[str, ...] = ()
    """What its importance rests on, by name."""
    asks: bool = False
    """Whether its analysis gives advice."""
    files: tuple[Touched, ...] = ()
    relations: tuple[Relation, ...] = ()

    @classmethod
    def of(cls, entry: Entry) -> "Glance":
        """At an entry that was read in full."""
        analysis, facts = entry.analysis, entry.facts
        return cls(
            sha=entry.sha,
            state=entry.state,
            landed_at=entry.landed_at,
            importance=analysis.importance if analysis else None,
            analysed_at=analysis.analysed_at if analysis else None,
            rules=tuple(reason.rule for reason in analysis.reasons) if analysis else (),
            asks=bool(analysis and analysis.advice),
            files=tuple(
                (file.path, (file.additions or 0) + (file.deletions or 0), file.marked)
                for file in (facts.files if facts else ())
            ),
            relations=entry.relations,
        )


GLANCES = TypeAdapter(tuple[Glance, ...])


def glances_in(rows: Iterable[str]) -> tuple[Glance, ...]:
    """The rows of `lua/glance.lua`, all parsed together: one after the other takes twice the time."""
    return GLANCES.validate_json(f"[{','.join(rows)}]")
