import time
from typing import Any

import pytest
from builders import make_entry, make_sha
from hostile import ANYTHING
from hypothesis import given, settings

from analysis.claims.day_grounding import LONGEST, Shown, doubts, groups_of, items_of
from analysis.models import Importance
from analysis.replies.day_reply import DayReply
from analysis.storage.highlights import Group, Told

TEXT = "把 `chunk` 从 512 改为 384（16×H200），`--max-batch` 与 KV_LIMIT 不变，见 `engine/a.py`，v1.2.3"


def shown(*seeds: object, text: str = TEXT) -> Shown:
    return Shown(tuple(make_entry(seed=seed) for seed in seeds), text)


def short(seed: object) -> str:
    return make_sha(seed)[:7]


def reply(*items: dict[str, Any], groups: Any = ()) -> DayReply:
    empty = {"headline": "h", "who": "", "action": "", "risk": "", "shas": ()}
    return DayReply.model_validate({"highlights": [empty | item for item in items], "groups": groups})


def cluster(title: str, *commits: tuple[str, str]) -> dict[str, Any]:
    return {"title": title, "commits": [{"sha": sha, "text": text} for sha, text in commits]}


def test_short_shas_become_the_day_s_and_others_are_left_out() -> None:
    (item,) = items_of(
        reply({"shas": [f"`{short(1).upper()}`", "abcdef0", short(1), make_sha(2)]}), shown(1, 2)
    )
    assert item.shas == (make_sha(1), make_sha(2))


@pytest.mark.parametrize("sha", ["abcdef0", "", "0d3ff4", "0d3ff44", "HEAD", "0d3ff44\n", "*", "0" * 41])
def test_a_sha_that_is_none_or_several_of_the_day_is_unknown(sha: str) -> None:
    entries = tuple(make_entry(sha="0d3ff44" + end * 33) for end in "ab")
    assert Shown(entries, "").find(sha) is None


def test_an_item_that_rests_on_no_commit_is_dropped() -> None:
    assert items_of(reply({"shas": ["abcdef0"]}, {"shas": []}), shown(1)) == ()


def test_at_most_seven_are_kept_and_what_matters_most_goes_first() -> None:
    entries = [
        make_entry(seed=n, importance=Importance.MEDIUM if n < 7 else Importance.HIGH) for n in range(10)
    ]
    items = items_of(reply(*({"shas": [short(n)]} for n in range(10))), Shown(tuple(entries), ""))
    assert [item.shas[0] for item in items] == [make_sha(n) for n in (7, 8, 9, 0, 1, 2, 3)]


def test_a_text_that_names_what_was_not_shown_is_left_out() -> None:
    said = {
        "headline": "`chunk` 改为 385",
        "who": "16×H200 上的部署",
        "action": "加上 --no-such-flag",
        "risk": "KV_LIMIT 不变，`--max-batch` 也是",
        "shas": [short(1)],
    }
    (item,) = items_of(reply(said), shown(1))
    assert (item.headline, item.who, item.action) == ("", "16×H200 上的部署", "")
    assert item.risk == "KV_LIMIT 不变，`--max-batch` 也是"


def test_the_model_is_told_of_what_does_not_hold() -> None:
    said = {"headline": "`chunk` 512 改为 385", "risk": "NO_SUCH 与 v9.9", "shas": [short(1), "abcdef0"]}
    groups = [cluster("见 `other.py`", ("1234567", ""))]
    found = doubts(reply(said, groups=groups), shown(1))
    assert found == ("abcdef0", "1234567", "385", "NO_SUCH", "v9.9", "other.py")
    assert doubts(reply({"shas": [short(1)], "headline": "把 `chunk` 从 512 改为 384，两处"}), shown(1)) == ()


def test_a_text_is_one_line_and_of_a_longer_one_its_first_sentence_is_kept() -> None:
    said = {"headline": "一\n句", "who": "甲。" + "乙" * LONGEST, "risk": "丙" * 999, "shas": [short(1)]}
    (item,) = items_of(reply(said), shown(1))
    assert (item.headline, item.who) == ("一 句", "甲")
    assert len(item.risk) == LONGEST


def test_a_group_has_two_commits_of_the_day_and_each_commit_one_group() -> None:
    groups = [
        cluster("一", (short(1), "a"), (short(2), "`made_up`"), (short(1), "again"), ("abcdef0", "x")),
        cluster("二", (short(2), "c"), (short(3), "d")),
        cluster("三", (short(3), "e"), (short(4), "f")),
        cluster("`made_up`", (short(5), "e"), (short(6), "f")),
    ]
    found = groups_of(reply({"shas": []}, groups=groups), shown(*range(1, 7)))
    assert [(group.title, [part.text for part in group.parts]) for group in found] == [
        ("一", ["a", ""]),
        ("三", ["e", "f"]),
    ]


@settings(max_examples=300, deadline=None)
@given(text=ANYTHING)
def test_whatever_is_said_makes_a_value_of_one_line(text: str) -> None:
    said = dict.fromkeys(("headline", "who", "action", "risk"), text) | {"shas": [short(1), text]}
    answer = reply(
        said | {"headline": text.strip() or "h"}, groups=[cluster("t", (text, text), (short(1), text))]
    )
    day = shown(1, text=TEXT + text)
    for told in items_of(answer, day):
        assert Told.model_validate_json(told.model_dump_json()) == told
        assert len((told.headline + told.who + told.action + told.risk).splitlines()) <= 1
        assert max(map(len, (told.headline, told.who, told.action, told.risk))) <= LONGEST
    for group in groups_of(answer, day):
        assert Group.model_validate(group.model_dump()) == group
    assert all(len(doubt) <= LONGEST for doubt in doubts(answer, day))


@pytest.mark.parametrize(
    "text", ["`" * 200_000, "9" * 200_000, "--a-" * 50_000, "A_" * 100_000, "v1." * 70_000]
)
def test_a_giant_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    answer = reply({"headline": text, "shas": [short(1)]})
    doubts(answer, shown(1))
    items_of(answer, shown(1))
    assert time.process_time() - start < 1
