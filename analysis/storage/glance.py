"""A commit's entry at a glance: what it takes to count and to weigh it; the whole is parsed when it is asked for.

Parsing every word of every analysis is most of what reading a long range would take.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pydantic import AwareDatetime

from analysis.models import FileChange, Frozen, Importance, Sha
from analysis.storage.entry import Entry, Relation, State
from analysis.storage.stored import Fields, entry_of, relations_of


class _Analysis(Frozen):
    importance: Importance
    analysed_at: AwareDatetime


class _Facts(Frozen):
    files: tuple[FileChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Glance:
    """One commit of a day."""

    sha: Sha
    state: State
    landed_at: datetime
    importance: Importance | None
    """None while there is no analysis at all."""
    analysed_at: datetime | None
    files: tuple[FileChange, ...]
    relations: tuple[Relation, ...]
    whole: Callable[[], Entry]

    @classmethod
    def of(cls, entry: Entry) -> "Glance":
        """At an entry that was read in full."""
        analysis = entry.analysis
        return cls(
            sha=entry.sha,
            state=entry.state,
            landed_at=entry.landed_at,
            importance=analysis.importance if analysis else None,
            analysed_at=analysis.analysed_at if analysis else None,
            files=entry.facts.files if entry.facts else (),
            relations=entry.relations,
            whole=lambda: entry,
        )

    @classmethod
    def at(cls, repository: str, sha: Sha, stored: Fields) -> "Glance":
        """At the fields of a commit's hash."""
        spoken = stored.get("model") or stored.get("rules")
        analysis = _Analysis.model_validate_json(spoken) if spoken else None
        facts = _Facts.model_validate_json(stored["facts"]) if "facts" in stored else _Facts()
        return cls(
            sha=sha,
            state=State(stored["state"]),
            landed_at=datetime.fromisoformat(stored["landed_at"]),
            importance=analysis.importance if analysis else None,
            analysed_at=analysis.analysed_at if analysis else None,
            files=facts.files,
            relations=relations_of(stored),
            whole=partial(entry_of, repository, sha, stored),
        )
