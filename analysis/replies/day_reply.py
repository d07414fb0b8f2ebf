"""What a model is asked to say of a whole day; pure."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from analysis.replies.json_reply import UnreadableReply, find_object, validated

Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Item(_Strict):
    """One highlight."""

    headline: Said
    who: Text
    action: Text
    risk: Text
    shas: tuple[Text, ...]


class Share(_Strict):
    """One commit of a group."""

    sha: Text
    text: Text


class Cluster(_Strict):
    """Commits that are one thing."""

    title: Said
    commits: tuple[Share, ...]


class DayReply(_Strict):
    """The schema that a model is asked for; every field is required, as strict schemas want it."""

    highlights: tuple[Item, ...]
    groups: tuple[Cluster, ...]


def read_day(text: str, *, cut: bool) -> DayReply:
    """The reply as an object, whatever was wrapped around it.

    Raises:
        UnreadableReply: when it was cut off, holds no single JSON object, or has no highlight.
    """
    found = find_object(text, cut=cut, marks=frozenset({"highlights"}))
    empty = {"who": "", "action": "", "risk": "", "shas": ()}
    items = [empty | _given(item) for item in _objects(found["highlights"])]
    reply = validated({"highlights": items, "groups": found.get("groups") or ()}, DayReply)
    if not reply.highlights:
        raise UnreadableReply("field", field="highlights", reason="[]")
    return reply


def _objects(value: object) -> Sequence[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise UnreadableReply("field", field="highlights", reason="not a list of objects")
    return value


def _given(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value is not None}
