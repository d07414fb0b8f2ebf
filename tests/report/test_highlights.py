from datetime import timedelta

import pytest
from builders import NOON, make_analysis, make_entry, make_sha

from analysis.models import Importance, Reason
from analysis.storage.entry import Entry, Relation
from analysis.storage.highlights import Highlights, Told
from analysis.words import words_for
from report.highlight import Highlight
from report.highlights import basis_of, choose_highlights, join_highlights, standing, told_highlights

HIGH, MEDIUM, LOW = Importance


def entry(seed: object, importance: Importance = HIGH, **fields: object) -> Entry:
    """One whose analysis asks for nothing, unless it says so."""
    analysis = make_analysis(importance=importance, **{"advice": (), "risks": ()} | fields)
    return make_entry(seed=seed, analysis=analysis)


def later(other: object, kind: str) -> Relation:
    return Relation.model_validate(
        {"kind": kind, "sha": make_sha(other), "day": NOON.date(), "subject": "later"}
    )


def told(entries: list[Entry], *items: Told, **fields: object) -> Highlights:
    defaults = {"basis": basis_of(entries), "language": "zh-CN", "items": items, "made_at": NOON}
    return Highlights.model_validate(defaults | fields)


def leads(highlights: tuple[Highlight, ...]) -> list[str]:
    return [highlight.sha for highlight in highlights]


def shas(*seeds: object) -> list[str]:
    return [make_sha(seed) for seed in seeds]


# By rule


def test_high_comes_first_then_medium_that_asks_for_something_and_low_never() -> None:
    entries = [
        entry("low", LOW),
        entry("rests", MEDIUM),
        entry("asks", MEDIUM, advice=("改配置。",)),
        entry("high"),
        make_entry(seed="unread", analysis=None),
    ]
    assert leads(choose_highlights(entries)) == shas("high", "asks", "rests")


def test_medium_that_asks_for_nothing_fills_three_places_at_most() -> None:
    assert len(choose_highlights([entry(n, MEDIUM) for n in range(9)])) == 3
    assert len(choose_highlights([entry(n) for n in range(3)] + [entry("m", MEDIUM)])) == 3


def test_medium_that_asks_for_something_fills_five_places_and_high_seven() -> None:
    asking = [entry(("m", n), MEDIUM, advice=("改配置。",)) for n in range(9)]
    assert len(choose_highlights(asking)) == 5
    assert len(choose_highlights([*asking, *(entry(n) for n in range(6))])) == 6
    assert len(choose_highlights([entry(n) for n in range(9)])) == 7


def test_what_may_never_be_low_comes_before_what_asks_and_that_before_what_is_large() -> None:
    security = (Reason(rule="security-word", evidence="RCE"),)
    entries = [
        make_entry(seed="large", analysis=make_analysis(advice=()), files=()),
        entry("plain"),
        entry("asks", advice=("升级。",)),
        entry("secure", reasons=security),
    ]
    assert leads(choose_highlights(entries))[:3] == shas("secure", "asks", "plain")


def test_among_equals_the_order_stays() -> None:
    assert leads(choose_highlights([entry(n) for n in (3, 1, 2)])) == shas(3, 1, 2)


def test_a_story_takes_one_place_and_rests_on_all_its_commits() -> None:
    one, two, other = entry("one", MEDIUM), entry("two"), entry("other")
    found = choose_highlights([one, two, other], [(one, two)])
    assert [highlight.shas for highlight in found] == [tuple(shas("two", "one")), tuple(shas("other"))]
    assert found[0].importance is HIGH


def test_what_was_reverted_on_the_same_day_does_not_speak_for_its_story() -> None:
    feature = entry("feature", advice=("试用。",)).model_copy(
        update={"relations": (later("revert", "reverted-by"),)}
    )
    revert = entry("revert")
    (found,) = choose_highlights([revert, feature], [(revert, feature)])
    assert found.sha == revert.sha
    assert found.corrections == ()


def test_a_commit_that_was_reverted_or_fixed_later_says_so() -> None:
    relations = (later("fix", "fixed-by"), later("other", "series"))
    (found,) = choose_highlights([entry(1).model_copy(update={"relations": relations})])
    assert [(each.kind, each.sha) for each in found.corrections] == [("fixed-by", make_sha("fix"))]


def test_the_words_are_those_of_the_analysis() -> None:
    (found,) = choose_highlights([make_entry()])
    assert found.headline == "超时的请求现在会得到 504，而不是一直挂起"
    assert found.action == "需要 60 秒的部署请显式设置 `timeout`。"
    assert found.risk == "慢请求会被提前切断"


@pytest.mark.parametrize(
    ("reasons", "basis"),
    [
        ((Reason(rule="fix"), Reason(rule="model", evidence="超时改为 30。其余不变。")), "超时改为 30。"),
        ((Reason(rule="fix"), Reason(rule="removed-flag", evidence="--old")), "移除或改名命令行参数：--old"),
        (
            (Reason(rule="update-word", evidence="Improve"), Reason(rule="crash-word", evidence="panic")),
            "涉及崩溃：“panic”",
        ),
        ((Reason(rule="hint-word", evidence="warn"), Reason(rule="case-word", evidence="when")), ""),
        ((Reason(rule="fix"),), ""),
        ((Reason(rule="no such rule", evidence="x"),), ""),
    ],
)
def test_the_basis_is_the_model_s_argument_or_what_the_rules_found(
    reasons: tuple[Reason, ...], basis: str
) -> None:
    (found,) = choose_highlights([entry(1, reasons=reasons)])
    assert found.basis == basis


def test_the_basis_does_not_repeat_what_the_advice_says_and_cuts_lists_between_items() -> None:
    paths = ", ".join(f"store/migrations/{number:04}_change.sql" for number in range(9))
    reasons = (
        Reason(rule="size-huge", evidence="1800"),
        Reason(rule="migration", evidence=paths),
        Reason(rule="crash-word", evidence="panic"),
    )
    (advised,) = choose_highlights([entry(1, reasons=reasons, advice=("读迁移。",))])
    assert advised.basis == "涉及崩溃：“panic”；核心代码改动 1800 行"
    (silent,) = choose_highlights([entry(1, reasons=reasons)])
    assert "0001\\_change.sql…；涉及崩溃：“panic”" in silent.basis


@pytest.mark.parametrize(
    ("summary", "headline"),
    [
        ("新增 **restart** 字段。", "新增 restart 字段"),
        ("Adds `**/x` and **more**.", "Adds `**/x` and more"),
        ("Wait for it...", "Wait for it..."),
        ("", "fix: answer before the client gives up"),
        ("\n \n", "fix: answer before the client gives up"),
    ],
)
def test_a_headline_has_no_stop_and_no_bold_of_its_own_and_is_never_empty(
    summary: str, headline: str
) -> None:
    (found,) = choose_highlights([entry(1, summary=summary)])
    assert found.headline == headline


# As a model told them


def test_the_model_s_words_stand_and_importance_comes_from_the_entries() -> None:
    entries = [entry("medium", MEDIUM), entry("high"), entry("step", LOW)]
    items = [
        Told(shas=tuple(shas("medium")), headline="中", who="谁"),
        Told(shas=tuple(shas("step", "high")), headline="高", action="做"),
    ]
    found = told_highlights(told(entries, *items), entries)
    assert [(each.headline, each.importance) for each in found] == [("高", HIGH), ("中", MEDIUM)]
    assert found[0].shas == tuple(shas("step", "high"))
    assert (found[0].action, found[1].who, found[1].action) == ("做", "谁", "")


def test_an_item_without_a_commit_of_the_day_or_with_low_ones_only_is_dropped() -> None:
    entries = [entry("high"), entry("low", LOW), make_entry(seed="unread", analysis=None)]
    items = [Told(shas=tuple(shas(seed)), headline=seed) for seed in ("gone", "low", "unread", "high")]
    assert [each.headline for each in told_highlights(told(entries, *items), entries)] == ["high"]


def test_a_high_commit_that_the_model_forgot_is_added_while_there_is_room() -> None:
    entries = [entry(n) for n in range(9)] + [entry("medium", MEDIUM)]
    item = Told(shas=tuple(shas("medium")), headline="中")
    found = told_highlights(told(entries, item), entries)
    assert len(found) == 7
    assert leads(found)[-1] == make_sha("medium")
    seven = [Told(shas=tuple(shas(n)), headline=str(n)) for n in range(2, 9)]
    assert leads(told_highlights(told(entries, *seven), entries)) == shas(*range(2, 9))


def test_an_item_without_a_headline_has_the_analysis_s() -> None:
    entries = [entry(1)]
    (found,) = told_highlights(told(entries, Told(shas=tuple(shas(1)), headline="")), entries)
    assert found.headline == "超时的请求现在会得到 504，而不是一直挂起"


def test_what_was_told_stands_until_a_commit_comes_or_is_analysed_again() -> None:
    entries, words = [entry(1), entry(2)], words_for("zh-CN")
    found = told(entries, Told(shas=tuple(shas(1)), headline="一"))
    assert standing(found, entries[::-1], words) == found
    assert standing(found, [*entries, entry(3)], words) is None
    assert standing(found, [entries[0], entry(2, analysed_at=NOON + timedelta(hours=1))], words) is None
    assert standing(found, entries, words_for("en")) is None
    assert standing(told(entries), entries, words) is None
    assert standing(None, entries, words) is None


# Of several repositories


def test_several_repositories_share_one_list_by_importance_each_in_its_turn() -> None:
    parts = [
        choose_highlights(
            [make_entry(repository=f"octo/{name}", seed=n, importance=importance) for n in range(count)]
        )
        for name, count, importance in (("a", 3, MEDIUM), ("b", 6, HIGH), ("c", 2, HIGH))
    ]
    names = [highlight.repository[-1] for highlight in join_highlights(parts)]
    assert names == ["b", "c", "b", "c", "b", "b", "b"]


def test_of_several_repositories_medium_fills_five_places_at_most() -> None:
    parts = [
        choose_highlights(
            [make_entry(repository=f"octo/{name}", seed=n, importance=MEDIUM) for n in range(9)]
        )
        for name in "ab"
    ]
    assert len(join_highlights(parts)) == 5
    assert len(join_highlights([*parts, choose_highlights([make_entry(seed=n) for n in range(6)])])) == 6
