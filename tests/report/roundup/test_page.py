import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from builders import make_analysis, make_entry, make_sha
from hostile import ANYTHING
from hypothesis import given, settings
from reading import Page
from roundups import LATER, LONG, LOWS, WEEK, everything, hostile_range, make_roundup, on, related

from analysis.language import Language
from analysis.models import Importance
from analysis.storage.entry import DayRecord, Entry
from analysis.words import words_for
from report.links import Links
from report.roundup.page import Frame, render_page
from report.roundup.roundup import Roundup

LINKS = Links(base_url="/sub")
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


def page(roundup: Roundup, frame: Frame | None = None) -> str:
    return render_page(roundup, words_for(roundup.language), LINKS, frame)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("span", [WEEK, LONG])
@pytest.mark.parametrize("entries", [everything(), [*everything(), *LOWS], everything()[:1]])
def test_a_page_is_sound(language: Language, span: str, entries: list[Entry]) -> None:
    found = Page(text := page(make_roundup(entries, span=span, language=language)))
    assert {href[1:] for href in found.links if href.startswith("#")} <= {*found.ids, "main"}
    assert len(found.ids) == len(set(found.ids))
    levels = [level for level, _ in found.headings]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found.requests == ["data:,"]
    assert not {"style", "onclick", "onload"} & set(found.attributes)
    for drawing in SVG.findall(text):
        ET.fromstring(drawing)  # noqa: S314 - our own


def test_what_opens_it_leads_to_the_commits_on_the_page_and_of_a_long_one_to_their_pages() -> None:
    own = f"/sub/commits/octo/engine/{make_sha('feature')}"
    entries = [on(0, "feature"), on(1, 2)]
    assert f"#c-{make_sha('feature')[:7]}" in Page(page(make_roundup(entries))).links
    old = make_roundup([on(0, "r", relations=related("reverts", "feature", -9)), on(1, 2)])
    assert own in Page(page(old)).links


def test_commits_are_told_by_day_and_what_matters_less_is_folded() -> None:
    text = page(make_roundup([on(0, tier, importance=tier) for tier in Importance]))
    high, medium, low = (text.index(f'id="c-{make_sha(tier)[:7]}"') for tier in Importance)
    folds = [match.start() for match in re.finditer("<details", text)]
    assert high < medium < low
    assert sum(high < fold < medium for fold in folds) == 1
    assert sum(medium < fold < low for fold in folds) == 1
    assert text.count("<article") == 2


def test_with_many_commits_each_has_a_line_in_place_of_an_article() -> None:
    text = page(make_roundup([*LOWS, on(0, "high"), on(0, "medium", importance=Importance.MEDIUM)]))
    assert "<article" not in text
    assert all(f'<li id="c-{make_sha(seed)[:7]}"' in text for seed in ("high", "medium"))


def test_a_line_says_what_a_model_found_and_of_the_rules_the_subject_only() -> None:
    rules = make_analysis(source="rules", importance=Importance.LOW, summary="改动 1 个文件。")
    model = make_analysis(importance=Importance.LOW, summary="缓存失效更快。其余不变。")
    text = page(make_roundup([on(0, 1, analysis=rules), on(0, 2, analysis=model), on(0, 3)]))
    assert "— <span>缓存失效更快</span>" in text
    assert "改动 1 个文件" not in text


def test_a_long_range_lists_high_commits_by_month_and_leads_to_the_others() -> None:
    entries = [on(day, (day, n)) for day in (-9, 0) for n in range(200)]
    text = page(make_roundup(entries, span="2026-01-01..2026-02-28"))
    links = Page(text).links
    assert "/sub/reports/octo/engine/2026-01?importance=high" in links
    assert "/sub/reports/octo/engine/2026-01" in links
    assert {"/sub/reports/2026-01-03", "/sub/reports/2026-01-12"} <= set(links)


def test_links_to_days_keep_the_filter_of_the_reader() -> None:
    frame = Frame(query="?author=ada", repository="octo/engine")
    for span in (WEEK, LONG):
        roundup = make_roundup([on(0, 1, author="Ada")], span=span, query={"author": "ada"})
        days = [href for href in Page(page(roundup, frame)).links if href.startswith("/sub/reports/")]
        assert days
        assert all(href.endswith("?author=ada") for href in days)


def test_the_numbers_of_a_drawing_stand_in_its_text_and_in_a_table() -> None:
    entries = [on(0, n, importance=Importance.LOW) for n in range(4)] + [on(2, "h")]
    text = page(make_roundup(entries, language="en"))
    assert "<title id=" in text
    assert "Most: 4 (2026-01-12)" in text
    assert "<title>2026-01-14: 1 commit (high 1)</title>" in text
    assert "Highest: 100 % (2026-01-14); of the whole range: 20 %." in text
    rows = re.findall(
        r'<th scope="row"><span class="unbroken">(\S+)</span></th><td>(\d)</td><td>(\d)</td>', text
    )
    assert rows[:3] == [("2026-01-12", "4", "0"), ("2026-01-13", "0", "0"), ("2026-01-14", "1", "1")]


def test_what_was_taken_back_is_said() -> None:
    text = page(make_roundup(everything(), language="en"))
    plain = re.sub(r"<[^>]+>", "", text)
    revert, again = make_sha("revert")[:7], make_sha("again")[:7]
    assert (
        f"landed and was taken back on 2026-01-13 by {revert}; landed again on 2026-01-14 as {again}" in plain
    )
    assert f"(2026-01-03) was taken back on 2026-01-14 by {make_sha('old revert')[:7]}" in plain


def test_an_empty_range_says_so() -> None:
    closed = [DayRecord(repository="octo/engine", day=on(0, 0).day, revision=1, closed_at=LATER)]
    assert "这些天没有提交。" in page(make_roundup([], closed=closed))
    assert "这些天没有提交。" in page(make_roundup([], span="2026-02-23..2026-03-02"))
    assert "没有符合条件的提交。" in page(make_roundup([on(0, 1)], query={"q": "nothing"}))


def test_neighbours_are_linked() -> None:
    found = Page(page(make_roundup([on(0, 1)]), Frame(navigation={"← 2026-W02": "/sub/reports/2026-W02"})))
    assert "/sub/reports/2026-W02" in found.links


@settings(max_examples=60)
@given(text=ANYTHING)
def test_nobody_s_text_becomes_markup(text: str) -> None:
    for span in (WEEK, LONG):
        plain, found = (Page(page(make_roundup(hostile_range(each), span=span))) for each in ("plain", text))
        assert set(found.tags) <= set(plain.tags) | {"code", "em", "strong"}
        assert set(found.attributes) <= set(plain.attributes)
        assert found.requests == plain.requests
        assert found.forms == plain.forms
        assert sorted(set(found.links)) == sorted(set(plain.links))


def test_the_same_commit_in_two_repositories_keeps_two_places() -> None:
    entries = [on(0, 1), on(0, 1, repository="octo/fork"), make_entry(seed=9)]
    assert len(set(Page(page(make_roundup(entries))).ids)) > 4
