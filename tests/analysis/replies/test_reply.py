"""Replies, good and bad."""

import json
from typing import Any

import pytest

from analysis.models import Importance
from analysis.replies.json_reply import UnreadableReply
from analysis.replies.reply import FIELDS, read_reply

GOOD: dict[str, Any] = {
    "type": "Fix",
    "importance": "high",
    "why": "codec.rs inserts headers",
    "summary": "Upgrade both sides together.",
    "scope": [{"path": "codec.rs", "why": "headers"}],
    "insights": [],
    "risks": [],
    "advice": [],
}


def problem(text: str, **options: bool) -> str:
    with pytest.raises(UnreadableReply) as caught:
        read_reply(text, **{"cut": False, "touches_files": True, **options})
    assert caught.value.__cause__ is None
    return f"{caught.value.problem} {caught.value.field}".strip()


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "```json\n{}\n```",
        "Here it is:\n{}\nThat is all.",
        "<think>A {{small}} thing.</think>{}",
        "<thinking>\n{{}}\n</thinking>\n{}",
        "\ufeff{}",
    ],
)
def test_one_object_is_found_whatever_is_around_it(wrapped: str) -> None:
    text = wrapped.replace("{{", "<<").replace("}}", ">>").format(json.dumps(GOOD))
    text = text.replace("<<", "{").replace(">>", "}")
    assert read_reply(text, cut=False, touches_files=True).importance is Importance.HIGH


@pytest.mark.parametrize("importance", ["HIGH", " high ", "高", "高重要度"])
def test_an_importance_is_read_in_either_language(importance: str) -> None:
    text = json.dumps(GOOD | {"importance": importance})
    assert read_reply(text, cut=False, touches_files=True).importance is Importance.HIGH


@pytest.mark.parametrize("importance", list(Importance))
def test_every_tier_asks_for_its_fields(importance: Importance) -> None:
    for name in FIELDS[importance] - {"importance"}:
        reply = {field: value for field, value in GOOD.items() if field != name} | {"importance": importance}
        assert problem(json.dumps(reply)) == f"field {name}"


@pytest.mark.parametrize("name", ["scope", "insights", "risks", "advice", "why"])
def test_a_low_one_may_leave_the_rest_out(name: str) -> None:
    reply = {field: value for field, value in GOOD.items() if field != name} | {"importance": "low"}
    assert read_reply(json.dumps(reply), cut=False, touches_files=True).importance is Importance.LOW


def test_a_scope_may_be_empty_only_without_files() -> None:
    text = json.dumps(GOOD | {"scope": []})
    assert problem(text) == "field scope"
    assert read_reply(text, cut=False, touches_files=False).scope == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("I cannot do that.", "json"),
        ("[1, 2]", "json"),
        ("null", "json"),
        (json.dumps(GOOD) + json.dumps(GOOD | {"importance": "low"}), "json"),
        (json.dumps(GOOD)[:-20], "json"),
        (json.dumps(GOOD | {"summary": "  "}), "field summary"),
        (json.dumps(GOOD | {"summary": None}), "field summary"),
        (json.dumps(GOOD | {"importance": "critical"}), "field importance"),
        (json.dumps(GOOD | {"importance": 3}), "field importance"),
        (json.dumps(GOOD | {"scope": "src"}), "field scope"),
        (json.dumps(GOOD | {"insights": [{"aspect": "style", "text": "x"}]}), "field insights.0.aspect"),
        ('{"summary": ' * 5_000, "json"),
        ("{" * 20_000, "json"),
    ],
)
def test_what_is_wrong_is_named(text: str, expected: str) -> None:
    assert problem(text) == expected


def test_a_reply_that_was_cut_off_says_so() -> None:
    assert problem(json.dumps(GOOD)[:-20], cut=True) == "length"


def test_the_message_does_not_repeat_the_reply() -> None:
    with pytest.raises(UnreadableReply) as caught:
        read_reply(json.dumps(GOOD | {"importance": "hunter22"}), cut=False, touches_files=True)
    assert "hunter22" not in str(caught.value)
