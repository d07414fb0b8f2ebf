import json
from typing import Any

import pytest

from analysis.replies.day_reply import DayReply, read_day
from analysis.replies.json_reply import UnreadableReply

ITEM: dict[str, Any] = {"headline": "h", "who": "w", "action": "a", "risk": "r", "shas": ["0d3ff44"]}


def read(cut: bool = False, **fields: Any) -> DayReply:  # noqa: FBT001, FBT002 - as the reader takes it
    return read_day(json.dumps({"highlights": [ITEM], "groups": []} | fields), cut=cut)


def test_the_object_is_read_whatever_is_around_it() -> None:
    text = json.dumps({"highlights": [ITEM], "groups": []})
    for said in (text, f"```json\n{text}\n```", f"<think>{{}}</think>Here:\n{text}\nDone."):
        assert read_day(said, cut=False).highlights[0].headline == "h"


def test_what_may_be_empty_may_be_missing_or_null() -> None:
    reply = read(highlights=[{"headline": " h ", "who": None, "shas": None}], groups=None)
    assert reply.highlights[0].model_dump() == {
        "headline": "h",
        "who": "",
        "action": "",
        "risk": "",
        "shas": (),
    }
    assert reply.groups == ()


@pytest.mark.parametrize(
    "highlights",
    [[], {}, "none", ["x"], [{}], [ITEM | {"headline": " "}], [ITEM | {"shas": "0d3ff44"}], None],
)
def test_an_answer_without_a_proper_highlight_is_unreadable(highlights: Any) -> None:
    with pytest.raises(UnreadableReply) as caught:
        read(highlights=highlights)
    assert (caught.value.problem, caught.value.field[:10]) == ("field", "highlights")


@pytest.mark.parametrize(
    ("text", "cut", "problem"),
    [
        ("", False, "empty"),
        ("no JSON", False, "json"),
        ('{"highlights": [{"headline": "h", "sh', True, "length"),
        ('{"headline": "h", "shas": []}', False, "json"),
        ('{"highlights": []}{"highlights": []}', False, "json"),
    ],
)
def test_an_answer_without_the_object_is_unreadable(text: str, *, cut: bool, problem: str) -> None:
    with pytest.raises(UnreadableReply) as caught:
        read_day(text, cut=cut)
    assert caught.value.problem == problem


def test_every_field_of_the_schema_is_required_as_strict_schemas_want_it() -> None:
    schema = DayReply.model_json_schema()
    for shape in (schema, *schema["$defs"].values()):
        assert set(shape["required"]) == set(shape["properties"])
