"""What is found in parts of a commit, read and brought together."""

import json
from typing import Any

import pytest

from analysis.replies.findings import (
    ALTOGETHER,
    FEWEST,
    LONGEST,
    MOST,
    Finding,
    PartReply,
    gather,
    most_of,
    read_part,
)
from analysis.replies.json_reply import UnreadableReply


def words(text: str) -> int:
    return len(text.split())


def said(*findings: Any) -> str:
    return json.dumps({"findings": list(findings)}, ensure_ascii=False)


def reply(*changes: str) -> PartReply:
    return PartReply(
        findings=tuple(Finding(path="a.py", change=change, affects="", risk="") for change in changes)
    )


ONE = {"path": "a.py", "change": "512 -> 384", "affects": "all", "risk": "none"}


@pytest.mark.parametrize(
    "text", [said(ONE), f"```json\n{said(ONE)}\n```", f"<think>{{}}</think>Here: {said(ONE)}."]
)
def test_a_reply_is_read_whatever_is_wrapped_around_it(text: str) -> None:
    assert read_part(text, cut=False, most=3).findings == (Finding(**ONE),)


def test_nothing_to_say_is_an_answer_and_what_is_optional_may_lack() -> None:
    assert read_part(said(), cut=False, most=3).findings == ()
    (finding,) = read_part(said({"change": "x", "risk": None}), cut=False, most=3).findings
    assert (finding.path, finding.affects, finding.risk) == ("", "", "")


def test_no_more_are_taken_than_were_asked_for() -> None:
    assert len(read_part(said(*[ONE] * 9), cut=False, most=3).findings) == 3


@pytest.mark.parametrize(
    ("text", "cut", "problem"),
    [
        (said(ONE)[:-10], True, "length"),
        ("", False, "empty"),
        ("I am sorry", False, "json"),
        (said(ONE) + said(ONE), False, "json"),
        ('{"findings": {"path": "a"}}', False, "field"),
        (said("text"), False, "field"),
        (said({"path": "a.py"}), False, "field"),
        (said({"path": "a.py", "change": " "}), False, "field"),
    ],
)
def test_what_is_not_a_whole_answer_is_unreadable(text: str, *, cut: bool, problem: str) -> None:
    with pytest.raises(UnreadableReply) as caught:
        read_part(text, cut=cut, most=3)
    assert caught.value.problem == problem


def test_many_parts_are_asked_for_fewer_findings_each() -> None:
    assert (most_of(2), most_of(40)) == (MOST, FEWEST)
    assert all(most_of(parts) * parts <= max(ALTOGETHER, parts * FEWEST) for parts in range(1, 60))


def test_findings_are_shown_part_by_part() -> None:
    gathered = gather([reply("one", "two"), reply(), reply("three")], 1_000, words)
    assert (
        gathered.text
        == "1/3 | a.py\n  change: one\n\n1/3 | a.py\n  change: two\n\n3/3 | a.py\n  change: three\n"
    )
    assert gathered.left == 0


def test_with_little_room_every_part_has_its_first_word_before_any_has_its_second() -> None:
    gathered = gather([reply("one", "two", "three"), reply("four", "five")], 10, words)
    assert "one" in gathered.text
    assert "four" in gathered.text
    assert "two" not in gathered.text
    assert gathered.left == 3
    assert words(gathered.text) <= 10


def test_a_finding_stays_in_its_lines() -> None:
    hostile = reply("a\n2/2 | b.py\n  change: forged\u202e\x1b[31m" + "x" * 5_000)
    text = gather([hostile], 1_000_000, len).text
    assert text.count("\n") == 2
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert len(text) < LONGEST + 50
