from datetime import timedelta
from typing import Any

from builders import make_analysis, make_sha
from roundups import MONDAY, make_roundup, on, related

from analysis.models import FileChange, Importance, Reason
from analysis.storage.entry import DayRecord
from analysis.storage.highlights import Highlights, Told
from report.highlights import LIMIT, basis_of
from report.roundup.chosen import Noted
from report.roundup.roundup import Roundup

HIGH, MEDIUM, LOW = Importance


def heads(roundup: Roundup) -> list[tuple[str, int]]:
    return [(item.sha, (item.day - MONDAY).days) for item in roundup.highlights]


def told(number: int, entries: Any, *items: Told, **fields: Any) -> DayRecord:
    """A day that a model told of."""
    defaults = {
        "basis": basis_of(entries),
        "language": "zh-CN",
        "items": items,
        "made_at": entries[0].landed_at,
    } | fields
    day = MONDAY + timedelta(days=number)
    highlights = Highlights.model_validate(defaults)
    return DayRecord(repository="octo/engine", day=day, revision=1, highlights=highlights)


def test_each_day_opens_the_range_with_what_it_opened_with_itself() -> None:
    entries = [on(day, day, importance=HIGH) for day in range(3)]
    assert heads(make_roundup(entries)) == [(make_sha(day), day) for day in (2, 1, 0)]


def test_there_are_at_most_seven_and_high_goes_before_medium() -> None:
    entries = [on(day, (day, tier), importance=tier) for day in range(7) for tier in (HIGH, MEDIUM)]
    found = make_roundup(entries).highlights
    assert len(found) == LIMIT
    assert {item.importance for item in found} == {HIGH}


def test_medium_fills_a_quiet_range_up_to_five() -> None:
    entries = [on(day, day, importance=MEDIUM if day else HIGH) for day in range(7)]
    found = make_roundup(entries).highlights
    assert [item.importance for item in found] == [HIGH, MEDIUM, MEDIUM, MEDIUM, MEDIUM]


def test_what_may_never_be_low_leads() -> None:
    security = make_analysis(reasons=(Reason(rule="security-word", evidence="CVE-2026-1"),))
    entries = [on(0, "security", analysis=security), on(1, "one"), on(2, "two")]
    assert heads(make_roundup(entries))[0] == (make_sha("security"), 0)


def test_among_equals_what_led_its_day_then_what_asks_then_the_largest() -> None:
    calm = make_analysis(advice=())
    large = (FileChange(path="a.py", status="M", additions=900, deletions=0),)
    entries = [
        on(0, "led", files=large),
        on(0, "second"),
        on(1, "large", files=(large[0].model_copy(update={"additions": 950}),)),
        on(2, "calm", analysis=calm, files=large),
        on(3, "small"),
    ]
    expected = ["large", "led", "small", "calm", "second"]
    assert [sha for sha, _ in heads(make_roundup(entries))] == [make_sha(seed) for seed in expected]


def test_a_model_s_words_are_those_of_its_day() -> None:
    entries = [on(0, 1), on(0, 2), on(1, 3), on(1, 4)]
    closed = [
        told(0, entries[:2], Told(shas=(make_sha(2),), headline="模型说", who="所有人")),
        told(1, entries[2:], Told(shas=(make_sha(4),), headline="过时"), basis="of other analyses"),
    ]
    roundup = make_roundup(entries, closed=closed)
    found = {item.sha: item for item in roundup.highlights}
    assert (found[make_sha(2)].headline, found[make_sha(2)].who) == ("模型说", "所有人")
    assert "过时" not in {item.headline for item in found.values()}
    assert roundup.repositories[0].told
    assert not make_roundup(entries).repositories[0].told


def test_what_was_taken_back_within_the_range_is_no_highlight() -> None:
    feature = on(0, "feature", relations=related("reverted-by", "revert", 1))
    revert = on(1, "revert", relations=related("reverts", "feature"))
    entries = [feature, revert, on(2, "other")]
    assert heads(make_roundup(entries)) == [(make_sha("other"), 2)]
    assert heads(make_roundup(entries, span="2026-01-12..2026-01-12")) == [(make_sha("feature"), 0)]
    (item,) = make_roundup(entries, span="2026-01-12..2026-01-12").highlights
    assert [later.kind for later in item.corrections] == ["reverted-by"]


def test_a_model_s_highlight_of_it_is_left_out_too() -> None:
    feature = on(0, "feature", relations=related("reverted-by", "revert", 1))
    entries = [feature, on(0, "other"), on(1, "revert", relations=related("reverts", "feature"))]
    closed = [told(0, entries[:2], Told(shas=(make_sha("feature"),), headline="模型说"))]
    assert heads(make_roundup(entries, closed=closed)) == [(make_sha("other"), 0)]


def test_what_was_brought_back_stands_and_says_no_more_that_it_was_reverted() -> None:
    entries = [
        on(0, "feature", relations=related("reverted-by", "revert", 1)),
        on(1, "revert", relations=(*related("reverts", "feature"), *related("reverted-by", "again", 2))),
        on(2, "again", relations=related("reverts", "revert", 1)),
    ]
    (item,) = make_roundup(entries).highlights
    assert (item.sha, item.corrections) == (make_sha("feature"), ())


def test_one_story_takes_one_place_and_keeps_its_correction() -> None:
    entries = [
        on(0, "feature", relations=related("fixed-by", "fix", 2)),
        on(2, "fix", importance=MEDIUM, relations=related("fixes", "feature")),
    ]
    (item,) = make_roundup(entries).highlights
    assert item.shas == (make_sha("feature"), make_sha("fix"))
    assert [(later.kind, later.sha) for later in item.corrections] == [("fixed-by", make_sha("fix"))]


def test_several_repositories_share_the_places() -> None:
    entries = [on(day, (name, day), repository=f"octo/{name}") for name in "ab" for day in range(5)]
    found = make_roundup(entries).highlights
    assert len(found) == LIMIT
    assert {item.repository for item in found} == {"octo/a", "octo/b"}


def test_addresses_are_hidden() -> None:
    entries = [on(0, 1), on(0, 2)]
    closed = [told(0, entries, Told(shas=(make_sha(1),), headline="ask ada@example.org"))]
    assert "example.org" not in make_roundup(entries, closed=closed).model_dump_json()


def test_of_a_long_range_the_same_is_chosen_from_what_is_read() -> None:
    entries = [on(day, (day, tier), importance=tier) for day in range(3) for tier in Importance]
    closed = [told(0, entries[:3], Told(shas=(make_sha((0, MEDIUM)),), headline="模型说"))]
    short = make_roundup(entries, closed=closed).highlights
    long = make_roundup(entries, closed=closed, span="2026-01-01..2026-02-28")
    assert long.listing == "high"
    assert [item for item in long.highlights if item.importance is HIGH] == [
        item for item in short if item.importance is HIGH
    ]
    assert "模型说" in {item.headline for item in long.highlights}
    assert all(isinstance(item, Noted) for item in short)
