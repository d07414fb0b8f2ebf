import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise

import pytest
from builders import make_analysis, make_entry
from days import make_day
from hostile import ANYTHING
from hypothesis import given, settings
from reading import Page

from analysis.models import Importance
from analysis.storage.entry import State
from analysis.words import Language, words_for
from report.html import STYLE_HASH, prose_html, render_commit, render_html, render_index, render_message
from report.links import Links

LINKS = Links(base_url="/sub")
WORDS = words_for("zh-CN")


def test_every_link_inside_the_page_leads_somewhere() -> None:
    digest = make_day(
        [
            *(make_entry(seed=tier, importance=tier) for tier in Importance),
            make_entry(repository="octo/other"),
            make_entry(seed="unread", facts=None, analysis=None, state=State.PENDING),
        ]
    )
    page = Page(render_html(digest, WORDS, LINKS))
    assert {href[1:] for href in page.links if href.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_heading_levels_go_down_one_at_a_time() -> None:
    page = Page(render_html(make_day([make_entry()]), WORDS, LINKS))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@settings(max_examples=100, deadline=None)
@given(text=ANYTHING)
def test_nobody_s_text_becomes_markup(text: str) -> None:
    plain = Page(render_html(make_day([make_entry(subject="plain", author="plain")]), WORDS, LINKS))
    analysis = make_analysis(summary="一句。", type=f"x {text}")
    entry = make_entry(subject=text, author=text, body=text, analysis=analysis)
    page = Page(render_html(make_day([entry]), WORDS, LINKS))
    assert [tag for tag in page.tags if tag != "code"] == [tag for tag in plain.tags if tag != "code"]
    assert page.ids == plain.ids


@settings(max_examples=100, deadline=None)
@given(text=ANYTHING)
def test_a_model_s_text_brings_no_links_images_or_scripts(text: str) -> None:
    page = Page(str(prose_html(text)))
    assert set(page.tags) <= {"p", "ul", "ol", "li", "code", "pre", "em", "strong", "br"}
    assert page.attributes == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_stands_alone(language: Language) -> None:
    words = words_for(language)
    html = render_html(make_day([make_entry()], language=language), words, LINKS)
    page = Page(html)
    assert page.requests == ["data:,"]
    assert "script" not in page.tags
    assert f'<html lang="{language}">' in html
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "style" not in page.attributes


def test_the_style_is_the_one_that_the_policy_allows() -> None:
    html = render_html(make_day(), WORDS, LINKS)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}" == STYLE_HASH


def test_low_importance_is_folded() -> None:
    html = render_html(make_day([make_entry(importance=Importance.LOW)]), WORDS, LINKS)
    assert "<summary>展开 1 个低重要度提交</summary>" in html


def test_an_empty_day_says_so() -> None:
    assert WORDS("digest.empty") in render_html(make_day(), WORDS, LINKS)


def test_the_page_of_a_commit_has_its_facts_and_its_analysis() -> None:
    entry = make_entry(body="Why: <b>&</b> <ada@example.org>")
    html = render_commit(entry, WORDS, LINKS, make_day().zone)
    assert "engine/server.py" in html
    assert "Why: &lt;b&gt;&amp;&lt;/b&gt;" in html
    assert "ada@example.org" not in html
    assert "2026-01-09 12:00:00" in html
    assert Page(html).headings[0] == (1, entry.landed.subject)


def test_the_page_of_a_commit_that_was_not_read_exists() -> None:
    entry = make_entry(facts=None, analysis=None, state=State.PENDING)
    assert "尚未读取" in render_commit(entry, WORDS, LINKS, make_day().zone)


def test_index_and_messages_link_under_the_sub_path() -> None:
    index = Page(render_index([(make_day().date, ["octo/engine"])], WORDS, LINKS))
    assert "/sub/reports/octo/engine/2026-01-09" in index.links
    message = render_message("a<b", "c<d", WORDS, LINKS, {"e<f": "/sub/"})
    assert "a&lt;b" in message
    assert "c&lt;d" in message
    assert "/sub/" in Page(message).links
