"""The one JSON object in what a model said, whatever was wrapped around it; pure."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, TypeVar, cast

from pydantic import BaseModel, ValidationError

Problem = Literal["length", "empty", "json", "field"]
Schema = TypeVar("Schema", bound=BaseModel)

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


class UnreadableReply(Exception):
    """What is wrong with a reply, to be told to the model; the message does not repeat the reply."""

    def __init__(self, problem: Problem, *, field: str = "", reason: str = "") -> None:
        super().__init__(" ".join(filter(None, ["unusable reply:", problem, field, reason])))
        self.problem: Problem = problem
        self.field = field
        self.reason = reason


def find_object(text: str, *, cut: bool, marks: frozenset[str]) -> dict[str, Any]:
    """The single object in the text that has one of the marks as a key.

    Args:
        text: the reply; thoughts in `<think>`, fences and prose around the object are left out.
        cut: whether the reply stopped at the limit of tokens.
        marks: keys that tell the object from a part of one that was cut off.

    Raises:
        UnreadableReply: when it was cut off, is empty, or holds no such object or several.
    """
    found = [each for each in _objects(_THOUGHT.sub("", text)) if marks & each.keys()]
    if len(found) != 1:
        raise UnreadableReply("length" if cut else "json" if text.strip() else "empty")
    return found[0]


def validated(found: dict[str, Any], schema: type[Schema]) -> Schema:
    """The object as a value of the schema.

    Raises:
        UnreadableReply: it names the first field that is wrong, not what the field holds.
    """
    try:
        return schema.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnreadableReply("field", field=where, reason=first["msg"]) from None


def _whole(found: dict[str, Any]) -> dict[str, Any]:
    """The object without lone halves of surrogate pairs, which JSON can escape and UTF-8 cannot hold."""
    written = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
    return cast("dict[str, Any]", json.loads(written))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
            value = _whole(value)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield value
        at = text.find("{", end)
