import time
from datetime import timedelta

import pytest
from builders import NOON, make_analysis, make_entry
from days import make_day
from hostile import ANYTHING
from hypothesis import given, settings
from reading import Reading, read_markdown

from analysis.language import Language
from analysis.models import Coverage, FileCoverage, Importance, Insight, Reason, Risk, ScopeItem, Tokens
from analysis.storage.entry import Entry, Obstacle, State
from analysis.text.addresses import hide_addresses
from analysis.text.unseen import one_line
from analysis.words import words_for
from report.anchors import like_a_commit
from report.digest import Digest
from report.links import Links
from report.markdown import contents_text, render_markdown

LINKS = Links()


def render(*entries: Entry, language: Language = "zh-CN") -> str:
    return render_markdown(make_day(entries, language=language), words_for(language), LINKS)


def one_of_each_tier(**fields: object) -> list[Entry]:
    """A commit of each tier, newest first, the texts alike."""
    return [
        make_entry(seed=tier, importance=tier, authored_at=NOON - timedelta(hours=tier.rank), **fields)
        for tier in Importance
    ]


def outline(reading: Reading, *, without: str) -> list[tuple[int, str]]:
    """The headings, without those of commits."""
    return [heading for heading in reading.headings if heading[1] != without]


PLAIN = read_markdown(render(*one_of_each_tier(subject="plain")))


@settings(max_examples=400)
@given(subject=ANYTHING, author=ANYTHING)
def test_no_subject_or_author_breaks_the_form(subject: str, author: str) -> None:
    reading = read_markdown(render(*one_of_each_tier(subject=subject, author=author)))
    shown = one_line(hide_addresses(subject))
    texts = [text for level, text in reading.headings if level == 4]
    shas = [f" · {entry.sha[:7]}" if like_a_commit(shown) else "" for entry in one_of_each_tier()]
    assert texts == [(shown or "（无标题）") + sha for sha in shas]
    assert [heading for heading in reading.headings if heading[0] < 4] == [
        heading for heading in PLAIN.headings if heading[0] < 4
    ]
    rows = [row[1:] for row in reading.rows[1:]]
    assert rows == [(one_line(hide_addresses(author)), shown or "（无标题）")] * 3
    inner = [text for text, href in reading.links if href.startswith("#c-")]
    assert inner[3:] == [contents_text(shown) or "（无标题）"] * 3  # three stand in the first screen
    assert [href for _, href in reading.links] == [href for _, href in PLAIN.links]
    assert_tame(reading)


@settings(max_examples=400)
@given(text=ANYTHING, path=ANYTHING)
def test_no_words_of_a_model_break_the_form(text: str, path: str) -> None:
    analyses = [
        make_analysis(
            importance=tier,
            type=text,
            summary=text,
            reasons=(Reason(rule="model", evidence=text), Reason(rule=text, evidence=text)),
            scope=(ScopeItem(path=path, why=text),),
            insights=(Insight(aspect="security", text=text), Insight(aspect="security", text=text)),
            risks=(Risk(text=text, path=path), Risk(text=text)),
            advice=(text, text),
            coverage=Coverage(files=(FileCoverage(path=path, seen="part", why=text),)),
            model=text,
            prompt_version=text,
        )
        for tier in Importance
    ]
    entries = [
        make_entry(seed=analysis.importance, analysis=analysis, subject="plain") for analysis in analyses
    ]
    detail = Obstacle(code="model-reply", detail=text)
    waiting = [entry.model_copy(update={"state": State.PENDING, "obstacle": detail}) for entry in entries]
    for reading in (read_markdown(render(*entries)), read_markdown(render(*waiting))):
        assert reading.headings == PLAIN.headings
        assert sorted(reading.links) == sorted(PLAIN.links)
        assert len(reading.rows) == len(PLAIN.rows)
        assert_tame(reading)


def assert_tame(reading: Reading) -> None:
    assert reading.anchors == PLAIN.anchors
    assert reading.dead_links() == []
    assert (reading.html, reading.images, reading.active) == ([], 0, [])
    assert reading.rules == 3


def test_a_day_has_the_form_of_the_design() -> None:
    text = render(*one_of_each_tier())
    assert text.splitlines()[:2] == ["# 每日更新报告（2026-01-09）", "> 修订 1 · 3/3 已分析 · 0 等待"]
    assert [heading for heading in read_markdown(text).headings if heading[0] < 4] == [
        (1, "每日更新报告（2026-01-09）"),
        (2, "今日要点 · octo/engine"),
        (2, "可跳过（1）"),
        (2, "octo/engine"),
        (3, "📊 统计摘要"),
        (3, "📋 目录"),
        (3, "🔴 高重要度变更 (1)"),
        (3, "🟡 中重要度变更 (1)"),
        (3, "🟢 低重要度变更 (1)"),
    ]


def test_the_english_day_has_the_same_form() -> None:
    chinese, english = (
        read_markdown(render(*one_of_each_tier(), language=language)) for language in ("zh-CN", "en")
    )
    assert [level for level, _ in chinese.headings] == [level for level, _ in english.headings]
    assert [href for _, href in chinese.links] == [href for _, href in english.links]
    assert english.headings[0] == (1, "Daily digest (2026-01-09)")
    assert len(chinese.paragraphs) == len(english.paragraphs)


def test_every_tier_has_the_fields_it_should() -> None:
    high, medium, low = (render(make_entry(importance=tier)) for tier in Importance)
    always = ["**🎯 变更类型**：", "**⚡ 重要程度**："]
    scope, advice = "**🎯 影响范围**：", "**💡 关注建议**："
    only_high = ["**🔍 技术洞察**：", "**⚠️ 潜在风险**："]
    assert all(label in high for label in [*always, "**📋 变更摘要**：", scope, *only_high, advice])
    assert all(label in medium for label in [*always, "**📋 变更摘要**：", scope, advice])
    assert not any(label in medium for label in only_high)
    assert all(label in low for label in [*always, "**📋 摘要**："])
    assert not any(label in low for label in [scope, advice, *only_high])


def test_a_title_of_sixty_characters_stays_and_a_longer_one_is_cut_to_57_and_dots() -> None:
    assert contents_text("x" * 60) == "x" * 60
    assert contents_text("x" * 61) == "x" * 57 + "..."


def test_several_repositories_share_one_document() -> None:
    text = render(make_entry(), make_entry(repository="octo/other"))
    reading = read_markdown(text)
    assert (2, "今日要点") in reading.headings
    assert [text for level, text in reading.headings if level == 2][1:] == ["octo/engine", "octo/other"]
    assert text.splitlines()[1] == "> 2/2 已分析 · 0 等待"
    assert text.splitlines().count("> 修订 1 · 1/1 已分析 · 0 等待") == 2
    assert reading.dead_links() == []
    assert len(set(reading.anchors)) == len(reading.anchors)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_empty_day_says_that_nothing_landed(language: Language) -> None:
    text = render(language=language)
    assert words_for(language)("digest.empty") in text.splitlines()
    assert "|---" not in text


def test_a_commit_that_has_not_been_read_is_listed_in_a_place_of_its_own() -> None:
    waiting = make_entry(
        subject="feat: new", analysis=None, facts=None, state=State.PENDING, obstacle=Obstacle(code="queued")
    )
    text = render(waiting, make_entry(seed=2))
    assert "### ⏳ 尚未读取的提交 (1)" in text
    assert "> 本日共 2 个提交 | 🔴高 1 | 🟡中 0 | 🟢低 0 | ⏳未读 1" in text
    assert "> ⏳ 等待分析：排队中 · 尚未读取，目前只知道标题与时间" in text
    assert "| Author One | feat: new |" in text


def test_a_provisional_commit_says_so_under_its_heading() -> None:
    entry = make_entry(
        analysis=make_analysis(source="rules"),
        state=State.PENDING,
        obstacle=Obstacle(code="model-unavailable", detail="HTTP 403"),
    )
    text = render(entry)
    assert "\n> ⏳ 等待分析：模型暂不可用（HTTP 403） · 以下由规则暂定\n" in text
    assert "> 修订 1 · 0/1 已分析 · 1 等待：模型暂不可用（HTTP 403）" in text


def test_the_foot_adds_up_models_tokens_and_cost() -> None:
    costs = (0.001, 0.002, None)
    entries = [
        make_entry(
            seed=cost,
            analysis=make_analysis(tokens=Tokens(prompt=1000, cached=10, completion=100), cost_usd=cost),
        )
        for cost in costs
    ]
    rules = make_entry(seed="rules", analysis=make_analysis(source="rules"))
    foot = render(*entries, rules).splitlines()[-1]
    assert foot == (
        "> 本报告如何得出 · 已分析 4/4 个提交 · example-model（提示词 p1）分析 3 个 · 规则得出 1 个 · "
        "token 用量：输入 3,000（其中命中缓存 30），输出 300 · 费用至少 0.0030 美元（部分模型价格未知）"
        " · 时间为 UTC+08:00（Asia/Shanghai）"
    )


def test_ten_times_as_many_commits_take_about_ten_times_as_long() -> None:
    def seconds(digest: Digest) -> float:
        start = time.process_time()
        render_markdown(digest, words_for("zh-CN"), LINKS)
        return time.process_time() - start

    small, large = (make_day(make_entry(seed=number) for number in range(size)) for size in (100, 1000))
    assert min(seconds(large) for _ in range(3)) < 30 * min(seconds(small) for _ in range(3))
