"""What a model is asked to say of a commit, and whether that is all its importance asks for; pure."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from analysis.models import Importance
from analysis.replies.json_reply import UnreadableReply, find_object, validated

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

FIELDS = {
    Importance.LOW: frozenset({"type", "importance", "summary"}),
    Importance.MEDIUM: frozenset({"type", "importance", "summary", "scope", "advice"}),
    Importance.HIGH: frozenset({"type", "importance", "summary", "scope", "insights", "risks", "advice"}),
}
"""What a reply must hold, by the importance that it gives; lists may be empty, but not the scope."""

_MARKS = frozenset({"summary", "importance"})
_LEVELS = {"高": "high", "中": "medium", "低": "low"}


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
    reply = _checked(find_object(text, cut=cut, marks=_MARKS))
    if touches_files and "scope" in FIELDS[reply.importance] and not reply.scope:
        raise UnreadableReply("field", field="scope", reason="[]")
    return reply


def _checked(found: dict[str, Any]) -> Reply:
    given = {name: value for name, value in found.items() if value is not None}
    empty = {"why": "", "scope": (), "insights": (), "risks": (), "advice": ()}
    reply = validated(empty | given, Reply)
    missing = FIELDS[reply.importance] - given.keys()
    if missing:
        raise UnreadableReply("field", field=min(missing), reason="missing")
    return reply
