import re
from base64 import b64encode
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest
from builders import make_analysis, make_entry, make_sha
from days import DAY, make_day
from hostile import ANYTHING
from hypothesis import given, settings
from reading import Page, words_of

from analysis.language import Language
from analysis.models import Coverage, FileChange, FileCoverage, Grounding, Importance, Reason
from analysis.storage.entry import Relation, State
from analysis.words import words_for
from report.digest import Digest
from report.frame import Frame
from report.front import Front
from report.html import ARTICLES, render_commit, render_front, render_html, render_message, render_month
from report.issue import Issue
from report.links import Links
from report.months import MonthPage, month_of
from report.selection import Selection
from report.templating import SCRIPT, SCRIPT_HASH, STYLE_HASH, prose_html

LINKS = Links(base_url="/sub")
WORDS = words_for("zh-CN")
EVERYTHING = Selection()


def on_site(
    digest: Digest, *, today: date = DAY + timedelta(days=1), selection: Selection = EVERYTHING
) -> str:
    """The page of a day as we serve it."""
    names = tuple(repository.name for repository in digest.repositories)
    frame = Frame(Issue(digest.date, (), names, names), selection, today)
    return render_html(digest, words_for(digest.language), LINKS, frame)


def test_every_link_inside_the_page_leads_somewhere() -> None:
    digest = make_day(
        [
            *(make_entry(seed=tier, importance=tier) for tier in Importance),
            make_entry(repository="octo/other"),
            make_entry(seed="unread", facts=None, analysis=None, state=State.PENDING),
        ]
    )
    page = Page(on_site(digest))
    assert {href[1:] for href in page.links if href.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_heading_levels_go_down_one_at_a_time() -> None:
    page = Page(on_site(make_day([make_entry(seed=tier, importance=tier) for tier in Importance])))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@cache
def plain_page() -> Page:
    """A day of one commit whose texts hold nothing."""
    brief = make_analysis(summary="一句。", type="plain")
    return Page(on_site(make_day([make_entry(subject="plain", author="plain", analysis=brief)])))


@settings(max_examples=100)
@given(text=ANYTHING)
def test_nobody_s_text_becomes_markup(text: str) -> None:
    plain = plain_page()
    analysis = make_analysis(summary="一句。", type=f"x {text}")
    entry = make_entry(subject=text, author=text, body=text, analysis=analysis)
    page = Page(on_site(make_day([entry])))
    assert [tag for tag in page.tags if tag != "code"] == [tag for tag in plain.tags if tag != "code"]
    assert page.ids == plain.ids


@settings(max_examples=100)
@given(text=ANYTHING)
def test_a_model_s_text_brings_no_links_images_or_scripts(text: str) -> None:
    page = Page(str(prose_html(text)))
    assert set(page.tags) <= {"p", "ul", "ol", "li", "code", "pre", "em", "strong", "br"}
    assert page.attributes == []


def test_code_in_a_subject_is_code_and_markup_in_it_stays_text() -> None:
    subjects = ("Add `a-b` to `[[c]]`", "an `<b>` & a `lone", "``` fence `x` ```")
    page = render_html(
        make_day([make_entry(seed=n, subject=each) for n, each in enumerate(subjects)]), WORDS, LINKS
    )
    assert "Add <code>a-b</code> to <code>[[c]]</code></span>" in page
    assert "an <code>&lt;b&gt;</code> &amp; a `lone</span>" in page
    assert "``` fence <code>x</code> ```</span>" in page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_file_stands_alone(language: Language) -> None:
    words = words_for(language)
    html = render_html(
        make_day([make_entry()], language=language), words, Links(base_url="https://a.example")
    )
    page = Page(html)
    assert page.requests == ["data:,"]
    assert set(page.tags).isdisjoint({"script", "form", "button", "dialog"})
    assert f'<html lang="{language}">' in html
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "style" not in page.attributes
    assert all(href.startswith(("#", "https://")) for href in page.links)


def test_the_style_and_the_script_are_those_that_the_policy_allows() -> None:
    html = on_site(make_day([make_entry()]))
    for tag, expected in (("style", STYLE_HASH), ("script", SCRIPT_HASH)):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}" == expected
    assert len(SCRIPT.encode()) < 6000


def test_what_matters_is_read_at_once_and_the_rest_opens() -> None:
    advice = ("一。", "二。", "三。", "四。")
    html = on_site(make_day([make_entry(analysis=make_analysis(advice=advice))]))
    article = html[html.index("<article") : html.index("</article>")]
    shown, _, folded = article.partition('<details class="rest">')
    assert "超时的请求现在会得到 504，而不是一直挂起。" in shown
    assert all(text in shown for text in advice[:3])
    assert "的默认值由 60 改为 30" not in shown
    assert all(text in folded for text in ("的默认值由 60 改为 30", "请求循环", "更早收到错误", *advice))


def test_low_importance_is_a_list_of_lines_that_open() -> None:
    html = on_site(make_day([make_entry(importance=Importance.LOW)]))
    article = html[html.index("<article") : html.index("</article>")]
    shown, _, folded = article.partition("</summary>")
    assert "fix: answer before the client gives up" in shown
    assert "超时的请求现在会得到 504" not in shown
    assert "超时的请求现在会得到 504" in folded


def test_table_and_contents_are_folded() -> None:
    html = on_site(make_day([make_entry(), make_entry(seed=2)]))
    for element in ("<table>", '<li><a href="#high-octo.engine">'):
        before = html[: html.index(element)]
        assert before.count("<details") == before.count("</details>") + 1


def test_a_long_day_has_every_commit_and_an_end() -> None:
    tiers = [*Importance, Importance.LOW]
    entries = [make_entry(seed=n, importance=tiers[n % 4]) for n in range(500)]
    html = on_site(make_day(entries))
    page = Page(html)
    assert page.tags.count("article") == 500
    assert html.count('<p class="meta">') == ARTICLES
    articles = re.findall(r"<article.*?</article>", html, re.DOTALL)
    assert all('<p class="meta">' in each for each in articles if 'class="commit high"' in each)
    assert len(html) < 1_000_000


def test_an_analysis_without_end_is_cut_on_its_day_and_whole_on_its_own_page() -> None:
    text = "后果在此。\n\n" + "机制。 " * 20_000
    entry = make_entry(analysis=make_analysis(summary=text, advice=("做。" * 30_000,) * 40))
    day, own = on_site(make_day([entry])), render_commit(entry, WORDS, LINKS, make_day().zone)
    assert len(day) < 200_000
    assert WORDS("pages.shortened") in day
    assert own.count("机制。") == 20_000


def test_a_day_in_progress_says_how_far_it_is_and_asks_again() -> None:
    entries = [make_entry(seed=n) for n in range(12)]
    entries += [make_entry(seed=f"w{n}", analysis=None, facts=None, state=State.PENDING) for n in range(3)]
    english = words_for("en")
    html = on_site(make_day(entries, language="en"))
    assert english("pages.progress", analysed=12, total=15) == "12 of 15 analysed"
    assert '<progress max="15" value="12"' in html
    assert "12 of 15 analysed</p>" in html
    assert '<main id="main" data-poll="10"' in html
    assert '<main id="main" data-read=' in on_site(make_day(entries[:12]))
    assert '<main id="main" data-poll="60"' in on_site(make_day(entries[:12]), today=DAY)


def test_texts_in_another_language_say_so() -> None:
    html = on_site(
        make_day(
            [
                make_entry(),
                make_entry(seed=2, subject="修复超时"),
                make_entry(seed=3, subject="時間切れを修正"),
            ]
        )
    )
    assert '<span lang="en">fix: answer before the client gives up</span>' in html
    assert "<span>修复超时</span>" in html
    assert '<span lang="ja">時間切れを修正</span>' in html
    english = on_site(make_day([make_entry(subject="修复超时")], language="en"))
    assert '<span lang="zh">修复超时</span>' in english
    assert '<div class="lead" lang="zh-CN">' in english


def test_importance_is_never_told_by_colour_alone() -> None:
    html = on_site(make_day([make_entry(seed=tier, importance=tier) for tier in Importance]))
    for tier in Importance:
        name = WORDS(f"pages.tier.{tier}")
        assert f'<span class="chip {tier}">{name}</span>' in html


def test_an_empty_day_says_so() -> None:
    assert WORDS("digest.empty") in render_html(make_day(), WORDS, LINKS)


def test_the_page_of_a_commit_has_its_facts_and_its_analysis() -> None:
    entry = make_entry(body="Why: <b>&</b> <ada@example.org>")
    html = render_commit(entry, WORDS, LINKS, make_day().zone)
    assert "engine/server.py" in html
    assert "Why: &lt;b&gt;&amp;&lt;/b&gt;" in html
    assert "ada@example.org" not in html
    assert '<time datetime="2026-01-09T04:00:00+00:00">2026-01-09 12:00:00 +08:00</time>' in html
    assert Page(html).headings[0] == (1, entry.landed.subject)


def test_the_page_of_a_commit_that_was_not_read_exists() -> None:
    entry = make_entry(facts=None, analysis=None, state=State.PENDING)
    assert "尚未读取" in render_commit(entry, WORDS, LINKS, make_day().zone)


def test_the_page_of_a_commit_tells_what_was_seen_and_what_holds() -> None:
    files = (
        FileChange(path="a.py", status="M", additions=30, deletions=10),
        FileChange(path="b.lock", status="A", additions=20, deletions=0),
        FileChange(path="c.png", status="D"),
    )
    coverage = Coverage(
        files=(
            FileCoverage(path="a.py", seen="whole"),
            FileCoverage(path="b.lock", seen="none", why="lock"),
        )
    )
    grounding = Grounding(claims=12, grounded=11, unsupported=("`--gone`",))
    analysis = make_analysis(
        coverage=coverage,
        grounding=grounding,
        reasons=[Reason(rule=f"r{n}", evidence=f"because {n}") for n in range(5)],
    )
    html = render_commit(make_entry(files=files, analysis=analysis), WORDS, LINKS, make_day().zone)
    said = " ".join(words_of(html))
    assert "a.py +30 −10 全部" in said
    assert "b.lock 新增 +20 −0 未看（锁文件）" in said
    assert "c.png 删除 二进制" in said
    assert "分析中的 12 处说法，11 处在提交里有据。" in said
    assert "<code>--gone</code>" in html
    assert all(f"because {n}" in said for n in range(5))
    assert '<rect class="plus" x="0" y="0" width="75" height="4"/>' in html


def test_the_page_of_a_commit_leads_to_the_story_around_it() -> None:
    relations = [
        Relation(kind="fixes", sha=make_sha("cause"), day=DAY - timedelta(days=3), subject="feat: cause"),
        Relation(kind="reverted-by", sha=make_sha("undo"), day=DAY + timedelta(days=2), subject="Revert it"),
        Relation(kind="series", sha=make_sha("same"), day=DAY, subject="part 2"),
    ]
    html = render_commit(make_entry(relations=relations), WORDS, LINKS, make_day().zone)
    story = html[html.index('<section class="story">') :]
    places = [story.index(text) for text in ("之前", "feat: cause", "同一天", "part 2", "之后", "Revert it")]
    assert places == sorted(places)
    assert {f"/sub/commits/octo/engine/{make_sha(name)}" for name in ("cause", "undo", "same")} <= set(
        Page(story).links
    )


def test_the_front_page_opens_with_a_day_and_has_a_calendar_of_the_month() -> None:
    digest = make_day([make_entry()])
    month = month_of(DAY.replace(day=1), {DAY: 15, DAY - timedelta(days=1): 0})
    html = render_front(
        Front(today=DAY, names=("octo/engine",), digests=(digest,), months=(month,)), WORDS, LINKS
    )
    page = Page(html)
    assert page.headings[:2] == [(1, "每日更新报告"), (2, "2026年1月9日 星期五")]
    assert "超时的请求现在会得到 504" in html[: html.index("<table")]
    assert {"/sub/reports/2026-01-09", "/sub/reports/2026-01-08", "/sub/months/2026-01"} <= set(page.links)
    assert '<td class="busy4"><a href="/sub/reports/2026-01-09" aria-current="date">' in html
    assert "9 15 个提交" in " ".join(words_of(html))


def test_a_month_leads_to_its_neighbours() -> None:
    month = month_of(DAY.replace(day=1), {DAY: 3})
    around = {"before": date(2025, 11, 1), "after": date(2026, 2, 1)}
    page = Page(render_month(MonthPage(month, DAY, "octo/engine", ("octo/engine",), **around), WORDS, LINKS))
    assert {
        "/sub/months/octo/engine/2025-11",
        "/sub/months/octo/engine/2026-02",
        "/sub/months/2026-01",
        "/sub/reports/octo/engine/2026-01-09",
    } <= set(page.links)


def test_messages_link_under_the_sub_path() -> None:
    message = render_message("a<b", "c<d", WORDS, LINKS, {"e<f": "/sub/"})
    assert "a&lt;b" in message
    assert "c&lt;d" in message
    assert "/sub/" in Page(message).links
