"""A model's reply, read: the JSON object in it, with every field that its importance asks for; pure."""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from analysis.models import Importance

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Problem = Literal["length", "empty", "json", "field"]

FIELDS = {
    Importance.LOW: frozenset({"type", "importance", "summary"}),
    Importance.MEDIUM: frozenset({"type", "importance", "summary", "scope", "advice"}),
    Importance.HIGH: frozenset({"type", "importance", "summary", "scope", "insights", "risks", "advice"}),
}
"""What a reply must hold, by the importance that it gives; lists may be empty, but not the scope."""

_MARKS = frozenset({"summary", "importance"})
_LEVELS = {"高": "high", "中": "medium", "低": "low"}
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


class UnreadableReply(Exception):
    """What is wrong with a reply, to be told to the model; the message does not repeat the reply."""

    def __init__(self, problem: Problem, *, field: str = "", reason: str = "") -> None:
        super().__init__(" ".join(filter(None, ["unusable reply:", problem, field, reason])))
        self.problem: Problem = problem
        self.field = field
        self.reason = reason


def _level(value: object) -> object:
    text = value.strip().lower() if isinstance(value, str) else value
    return _LEVELS.get(text[:1], text) if isinstance(text, str) else text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Place(_Strict):
    """One item of the scope."""

    path: Text
    why: Text


class Aspect(_Strict):
    """One insight."""

    aspect: Literal["architecture", "performance", "security", "maintainability", "compatibility"]
    text: Said


class Danger(_Strict):
    """One risk."""

    path: Text
    text: Said


class Reply(_Strict):
    """The schema that a model is asked for; every field is required, as strict schemas want it."""

    type: Said
    importance: Annotated[Importance, BeforeValidator(_level)]
    why: Text
    summary: Said
    scope: tuple[Place, ...]
    insights: tuple[Aspect, ...]
    risks: tuple[Danger, ...]
    advice: tuple[Said, ...]


def read_reply(text: str, *, cut: bool, touches_files: bool) -> Reply:
    """The reply as an object, whatever was wrapped around it.

    Raises:
        UnreadableReply: when it was cut off, holds no single JSON object, or lacks a field of its tier.
    """
    found = list(_objects(_THOUGHT.sub("", text)))
    if len(found) != 1:
        raise UnreadableReply("length" if cut else "json" if text.strip() else "empty")
    reply = _validated(found[0])
    if touches_files and "scope" in FIELDS[reply.importance] and not reply.scope:
        raise UnreadableReply("field", field="scope", reason="[]")
    return reply


def _validated(found: dict[str, Any]) -> Reply:
    given = {name: value for name, value in found.items() if value is not None}
    empty = {"why": "", "scope": (), "insights": (), "risks": (), "advice": ()}
    try:
        reply = Reply.model_validate(empty | given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnreadableReply("field", field=where, reason=first["msg"]) from None
    missing = FIELDS[reply.importance] - given.keys()
    if missing:
        raise UnreadableReply("field", field=min(missing), reason="missing")
    return reply


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object in a text that looks like a reply, not like a part of one that was cut off."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if _MARKS & value.keys():
                yield value
        at = text.find("{", end)
