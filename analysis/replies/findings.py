"""What a model is asked to note of one part of a commit, and many such notes in one text; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from analysis.diff.clip import Count
from analysis.replies.json_reply import UnreadableReply, find_object, validated
from analysis.text.sentences import cut as cut_line
from analysis.text.visible import visible

MOST, FEWEST, ALTOGETHER = 8, 3, 120
"""Findings that are asked for: of one part when there are few parts, when there are many, and of all."""
LONGEST = 400
"""Characters of a field that are passed on."""

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Finding(_Strict):
    """One thing that changed, and what follows from it."""

    path: Text
    change: Said
    affects: Text
    risk: Text


class PartReply(_Strict):
    """The schema that a model is asked for; every field is required, as strict schemas want it."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Gathered:
    """The findings of all parts that there is room for."""

    text: str
    left: int
    """Findings that were left out."""


def most_of(parts: int) -> int:
    """How many findings each of so many parts is asked for."""
    return max(FEWEST, min(MOST, ALTOGETHER // parts))


def read_part(text: str, *, cut: bool, most: int) -> PartReply:
    """The first findings of a reply, whatever was wrapped around it.

    Raises:
        UnreadableReply: when it was cut off, holds no single JSON object, or a finding lacks its text.
    """
    found = find_object(text, cut=cut, marks=frozenset({"findings"}))
    empty = {"path": "", "affects": "", "risk": ""}
    findings = [empty | _given(each) for each in _objects(found["findings"])]
    reply = validated({"findings": findings}, PartReply)
    return PartReply(findings=reply.findings[:most])


def gather(replies: Sequence[PartReply], tokens: int, count: Count) -> Gathered:
    """As many findings as fit: the first of every part before the second of any; shown part by part."""
    numbered = [
        [(number, _form(number, len(replies), finding)) for finding in reply.findings]
        for number, reply in enumerate(replies, 1)
    ]
    ranked = [each for rank in zip_longest(*numbered) for each in rank if each is not None]
    kept: list[tuple[int, str]] = []
    for number, text in ranked:
        tokens -= count(text)
        if tokens < 0:
            break
        kept.append((number, text))
    shown = sorted(kept, key=lambda each: each[0])
    return Gathered("\n".join(text for _, text in shown), len(ranked) - len(kept))


def _form(number: int, total: int, finding: Finding) -> str:
    details = {"change": finding.change, "affects": finding.affects, "risk": finding.risk}
    lines = (f"  {name}: {_line(text)}" for name, text in details.items() if text)
    return "\n".join([f"{number}/{total} | {_line(finding.path)}", *lines, ""])


def _line(text: str) -> str:
    return cut_line(visible(" ".join(text.split())), LONGEST)


def _objects(value: object) -> Sequence[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableReply("field", field="findings", reason="not a list of objects")
    return value


def _given(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not None}
