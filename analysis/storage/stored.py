"""The fields of a commit's hash in Redis, read back as an entry: the whole of it, or its relations alone; pure."""

import json
from collections.abc import Mapping

from pydantic import TypeAdapter

from analysis.models import Sha
from analysis.storage import keys
from analysis.storage.entry import Entry, Relation

Fields = Mapping[str, str]
JSON_FIELDS = ("landed", "obstacle", "facts", "rules", "model", "pull_request")
"""The fields of an entry that are stored as JSON."""
RELATIONS = TypeAdapter(tuple[Relation, ...])


def entry_of(repository: str, sha: Sha, stored: Fields) -> Entry:
    """The stored JSON goes to the parser as it is: a dictionary in between would take twice the time."""
    plain = {name: stored[name] for name in ("day", "landed_at", "source", "branch", "state")}
    named = {"repository": repository, "sha": sha, "attempts": int(stored.get("attempts", 0)), **plain}
    values = [f'"{name}":{stored[name]}' for name in JSON_FIELDS if name in stored]
    values.append(f'"relations":{_relations(stored)}')
    return Entry.model_validate_json(f"{json.dumps(named)[:-1]},{','.join(values)}}}")


def relations_of(stored: Fields) -> tuple[Relation, ...]:
    """In the order in which the other commits landed."""
    found = _relations(stored)
    return RELATIONS.validate_json(found) if found != "[]" else ()


def _relations(stored: Fields) -> str:
    """As JSON."""
    kept = [value.split(" ", 2) for name, value in stored.items() if name.startswith(keys.RELATION)]
    sorted_by_landing = sorted(kept, key=lambda each: (int(each[1]), each[2]))
    return f"[{','.join(relation for _, _, relation in sorted_by_landing)}]"
