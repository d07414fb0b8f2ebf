from datetime import date, timedelta
from typing import Any

import pytest
from builders import make_sha

from analysis.models import Importance
from analysis.storage.entry import Relation
from report.roundup.reversals import Reversal, Reversals, Turn, reversals_of
from report.roundup.span import Span

MONDAY = date(2026, 1, 12)
WEEK = Span(MONDAY, MONDAY + timedelta(days=6))
BEFORE = MONDAY - timedelta(days=3)


def turn(who: str, kind: Any, whom: str, *, on: int = 0, of: date = MONDAY) -> Turn:
    """A commit of the nth day of the week that takes back or brings back one of another day."""
    relation = Relation(kind=kind, sha=make_sha(whom), day=of, subject=f"feat: {whom}")
    return Turn(make_sha(who), MONDAY + timedelta(days=on), Importance.LOW, relation)


def of(*turns: Turn) -> Reversals:
    return reversals_of(WEEK, turns)


def shas(*seeds: str) -> frozenset[str]:
    return frozenset(map(make_sha, seeds))


def told(found: Reversals) -> list[tuple[str, str]]:
    return [(item.sha, item.undone.sha) for item in found.items]


def test_what_came_and_went_within_the_range_leaves_nothing() -> None:
    found = of(turn("revert", "reverts", "feature", on=2))
    (item,) = found.items
    assert item == Reversal.model_validate(
        {
            "sha": make_sha("revert"),
            "day": MONDAY + timedelta(days=2),
            "undone": {"sha": make_sha("feature"), "day": MONDAY, "subject": "feat: feature"},
            "inside": True,
            "importance": "low",
        }
    )
    assert found.cancelled == shas("feature", "revert")


def test_the_revert_of_something_older_is_news() -> None:
    found = of(turn("revert", "reverts", "old", of=BEFORE))
    assert [item.inside for item in found.items] == [False]
    assert found.cancelled == frozenset()


def test_one_that_takes_back_old_and_new_is_news_and_the_new_is_not() -> None:
    found = of(turn("revert", "reverts", "old", of=BEFORE), turn("revert", "reverts", "new"))
    assert len(found.items) == 2
    assert found.cancelled == shas("new")


def test_what_a_reverted_revert_took_back_stands() -> None:
    turns = [
        turn("revert", "reverts", "feature", on=1),
        turn("again", "reverts", "revert", on=2, of=MONDAY + timedelta(days=1)),
    ]
    for found in (of(*turns), of(*reversed(turns))):
        (item,) = found.items
        assert (item.restored, item.undone.subject) == (True, "feat: feature")
        assert found.cancelled == shas("revert", "again")


def test_a_third_revert_takes_it_back_for_good() -> None:
    chain = [turn(str(number), "reverts", str(number - 1)) for number in range(1, 4)]
    assert of(*chain).cancelled == shas("0", "1", "2", "3")


def test_a_chain_of_ten_thousand_reverts_is_decided() -> None:
    chain = [turn(str(number), "reverts", str(number - 1)) for number in range(1, 10_001)]
    found = of(*chain)
    assert len(found.items) == 5_000
    assert make_sha("0") not in found.cancelled


def test_reverts_that_undo_each_other_end_nowhere() -> None:
    assert of(turn("a", "reverts", "b"), turn("b", "reverts", "a")) == Reversals()


def test_where_it_landed_again_is_said() -> None:
    found = of(
        turn("revert", "reverts", "feature", on=1),
        turn("again", "relands", "feature", on=3),
        turn("x", "relands", "y"),
    )
    (item,) = found.items
    assert item.again is not None
    assert (item.again.sha, item.again.day) == (make_sha("again"), MONDAY + timedelta(days=3))
    assert found.cancelled == shas("feature", "revert")


def test_a_revert_that_restores_is_not_where_it_landed_again() -> None:
    found = of(turn("r", "reverts", "f"), turn("rr", "reverts", "r"), turn("rr", "relands", "f"))
    assert [item.again for item in found.items] == [None]


def test_what_mattered_most_is_told_first_then_the_newest() -> None:
    found = of(
        turn("1", "reverts", "a", on=1),
        turn("2", "reverts", "b", on=3),
        turn("3", "reverts", "c", on=2)._replace(importance=Importance.HIGH),
    )
    assert [item.sha for item in found.items] == [make_sha(seed) for seed in ("3", "2", "1")]


@pytest.mark.parametrize("count", [0, 1])
def test_relands_alone_take_nothing_back(count: int) -> None:
    assert of(*[turn("again", "relands", "feature")] * count) == Reversals()
    assert told(of()) == []
