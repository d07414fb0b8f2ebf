"""An entry as Redis keeps it: a hash whose values are texts, most of them JSON; pure."""

import json
from collections.abc import Mapping

from analysis.storage import keys
from analysis.storage.entry import Entry

JSON_FIELDS = ("landed", "obstacle", "facts", "rules", "model", "pull_request", "correction")
"""The fields that are stored as JSON."""


def parse_entry(repository: str, sha: str, stored: Mapping[str, str]) -> Entry:
    """The entry that a hash holds."""
    return Entry.model_validate_json(f"{{{entry_json(repository, sha, stored)}}}")


def entry_json(repository: str, sha: str, stored: Mapping[str, str]) -> str:
    """The members of an entry as a JSON object, without its braces.

    What is stored as JSON stands there as it is: to parse it would take twice the time. Beside each relation
    stand its `strength` and `landed_ms`, when the other commit landed.
    """
    plain = {name: stored[name] for name in ("day", "landed_at", "source", "branch", "state")}
    named = {"repository": repository, "sha": sha, "attempts": int(stored.get("attempts", 0)), **plain}
    values = [f'"{name}":{stored[name]}' for name in JSON_FIELDS if name in stored]
    values.append(f'"relations":[{",".join(_relations(stored))}]')
    return f"{json.dumps(named)[1:-1]},{','.join(values)}"


def _relations(stored: Mapping[str, str]) -> list[str]:
    """As JSON, in the order in which the other commits landed."""
    kept = [value.split(" ", 2) for name, value in stored.items() if name.startswith(keys.RELATION)]
    ordered = sorted(kept, key=lambda each: (int(each[1]), each[2]))
    return [f'{{"strength":{strength},"landed_ms":{ms},{relation[1:]}' for strength, ms, relation in ordered]
