from itertools import pairwise

import pytest
from builders import make_analysis, make_sha
from hostile import ANYTHING
from hypothesis import given, settings
from reading import read_markdown
from roundups import LONG, LOWS, WEEK, everything, hostile_range, make_roundup, on, related

from analysis.language import Language
from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.words import words_for
from report.links import Links
from report.roundup.page import render_page
from report.roundup.roundup import Roundup
from report.roundup.text import render_text

LINKS = Links(base_url="https://digest.example.org/sub")


def markdown(roundup: Roundup) -> str:
    return render_text(roundup, words_for(roundup.language), LINKS)


def lines(roundup: Roundup) -> list[str]:
    return markdown(roundup).splitlines()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("span", [WEEK, LONG])
@pytest.mark.parametrize("entries", [everything(), [*everything(), *LOWS], everything()[:1]])
def test_a_text_is_sound(language: Language, span: str, entries: list[Entry]) -> None:
    reading = read_markdown(markdown(make_roundup(entries, span=span, language=language)))
    assert reading.dead_links() == []
    assert len(reading.anchors) == len(set(reading.anchors))
    levels = [level for level, _ in reading.headings]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert (reading.html, reading.active, reading.images) == ([], [], 0)


def test_it_begins_with_title_and_status_then_the_highlights() -> None:
    found = lines(make_roundup([on(0, 1), on(0, 2)], language="en"))
    assert found[0] == "# Weekly digest (2026-W03)"
    assert found[1].startswith("> 2026-01-12 to 2026-01-18 · 7 days · 1 not closed yet · 2/2 analysed")
    assert found[3] == "## Highlights · octo/engine"
    assert found[5].endswith(f"(#c-{make_sha(1)[:7]}) · 2026-01-12") or make_sha(2)[:7] in found[5]


def test_a_calm_range_says_so_and_that_what_it_lists_is_worth_knowing() -> None:
    calm = make_roundup([on(0, n, importance=Importance.MEDIUM) for n in range(2)], language="en")
    found = lines(calm)
    said = found.index("Nothing you must know landed. Worth knowing:")
    assert found[said + 2].startswith("1. 🟡 ")
    assert f"<p>{found[said]}</p>\n<ol>" in render_page(calm, words_for("en"), LINKS)


def test_the_numbers_of_the_trend_are_a_table_and_the_areas_a_list() -> None:
    found = lines(make_roundup([on(0, 1), on(2, 2, importance=Importance.LOW)], language="en"))
    assert "| Day | Commits | High | Medium | Low |" in found
    assert "| 2026-01-12 | 1 | 1 | 0 | 0 |" in found
    assert "| 2026-01-14 | 1 | 0 | 0 | 1 |" in found
    assert "- `engine/`: 2 commits, 30 lines changed" in found


def test_a_series_is_a_list_of_its_steps() -> None:
    text = "超时的请求现在会得到 504，而不是一直挂起"
    steps = [
        on(day, day, subject="[KV] step", importance=tier, relations=related("series", day - 1))
        for day, tier in enumerate([Importance.HIGH, Importance.LOW, Importance.LOW])
    ]
    found = lines(make_roundup(steps))
    at = found.index("- **KV**")
    shas = [make_sha(day)[:7] for day in range(3)]
    assert found[at + 1 : at + 4] == [
        f"  - 2026-01-12 [`{shas[0]}`](#c-{shas[0]})",
        f"  - 2026-01-13 [`{shas[1]}`](#c-{shas[1]}) {text}",
        f"  - 2026-01-14 [`{shas[2]}`](#c-{shas[2]}) {text}",
    ]


def test_what_was_taken_back_is_said() -> None:
    found = lines(make_roundup(everything(), language="en"))
    feature, revert, again = (make_sha(seed)[:7] for seed in ("feature", "revert", "again"))
    expected = (
        f"- octo/engine · [`{feature}`](#c-{feature}) “feat: something” (2026-01-12) landed and was taken "
        f"back on 2026-01-13 by [`{revert}`](#c-{revert}); landed again on 2026-01-14 as "
        f"[`{again}`](#c-{again})"
    )
    assert expected in found


def test_high_and_medium_are_told_in_full_low_has_a_line() -> None:
    reading = read_markdown(markdown(make_roundup([on(0, tier, importance=tier) for tier in Importance])))
    assert [text for level, text in reading.headings if level == 4] == [
        "fix: answer before the client gives up"
    ] * 2
    assert [text for level, text in reading.headings if level == 3][
        -1
    ] == "2026-01-12 · 3 个提交（高 1、中 1、低 1）"


def test_with_many_commits_each_has_a_line_and_what_can_be_skipped_is_counted() -> None:
    found = lines(make_roundup([*LOWS, on(0, "high")]))
    assert sum(line.startswith('- <a id="c-') for line in found) == len(LOWS) + 1
    assert f"Bug 修复 {len(LOWS)}" in found


def test_a_long_range_has_its_days_by_month_and_its_high_commits() -> None:
    entries = [on(day, (day, n)) for day in (-20, 0) for n in range(200)]
    found = lines(make_roundup(entries, span=LONG.replace("2026-01-01", "2025-12-01"), language="en"))
    assert "- 2026-01: 200 commits (high 200)" in found
    assert (
        "  - [2026-01-12](https://digest.example.org/sub/reports/2026-01-12) 200".replace(
            "reports/", "reports/octo/engine/"
        )
        in found
    )
    assert "#### 2026-01 (200)" in found
    more = "https://digest.example.org/sub/reports/octo/engine/2026-01?importance=high"
    assert f"- [50 more in 2026-01]({more})" in found


def test_a_model_s_summary_stands_in_a_line() -> None:
    analysis = make_analysis(importance=Importance.LOW, summary="缓存 #12 失效更快。其余不变。")
    assert any("— 缓存 `#12` 失效更快" in line for line in lines(make_roundup([on(0, 1, analysis=analysis)])))


@settings(max_examples=60)
@given(text=ANYTHING)
def test_nobody_s_text_changes_the_form(text: str) -> None:
    for span in (WEEK, LONG):
        plain, found = (
            read_markdown(markdown(make_roundup(hostile_range(each), span=span))) for each in ("plain", text)
        )
        assert [level for level, _ in found.headings] == [level for level, _ in plain.headings]
        assert found.anchors == plain.anchors
        assert {href for _, href in found.links} == {href for _, href in plain.links}
        assert (found.html, found.active, found.images) == ([], [], 0)
        assert len(found.rows) == len(plain.rows)
