"""A digest in parts: each is taken by GitHub and reads by itself, and together they are the whole."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
import seed
from builders import NOON, make_analysis, make_entry
from days import DAY, make_day
from github_reading import GitHubReading, read_as_github
from hypothesis import given, settings
from hypothesis import strategies as st
from roundups import make_roundup, on

from analysis.language import Language
from analysis.models import Importance, Insight, Risk, ScopeItem
from analysis.storage.entry import Entry, State
from analysis.words import words_for
from report.links import Links
from report.markdown import render_markdown, render_parts
from report.parts import ID, LIMIT, size, split
from report.roundup.text import render_text, render_text_parts

WORDS = words_for("zh-CN")
SITE = Links(base_url="https://digest.example.org/sub")
COMMIT_TEXT = re.compile(r'^<a id="c-.*?^---$', re.MULTILINE | re.DOTALL)
NUMBERED = re.compile(r"(.*)（(\d+)/(\d+)）")


def commit(number: int, length: int = 3_000, **fields: object) -> Entry:
    """One whose analysis has about so many characters."""
    importance = fields.pop("importance", list(Importance)[number % 3])
    return make_entry(
        seed=("part", number),
        subject=f"feat: change {number}",
        analysis=make_analysis(importance=importance, summary="字" * length),
        authored_at=NOON - timedelta(minutes=number),
        **fields,
    )


def commits_in(texts: Sequence[str]) -> list[str]:
    return [found for text in texts for found in COMMIT_TEXT.findall(text)]


def rows_in(readings: Sequence[GitHubReading]) -> list[tuple[str, ...]]:
    return [row for reading in readings for rows in reading.tables for row in rows[1:]]


def headings_in(readings: Sequence[GitHubReading], level: int) -> list[str]:
    return [text for reading in readings for depth, text in reading.headings if depth == level]


def assert_good(parts: Sequence[str], whole: str) -> None:
    """Each part is taken and reads by itself; nothing of the whole is lost, doubled or out of order."""
    assert max(map(size, parts)) <= LIMIT
    readings, all_of_it = [read_as_github(part) for part in parts], read_as_github(whole)
    title = all_of_it.headings[0][1]
    expected = [f"{title}（{number}/{len(parts)}）" for number in range(1, len(parts) + 1)]
    assert headings_in(readings, 1) == (expected if len(parts) > 1 else [title])
    for reading in readings:
        levels = [level for level, _ in reading.headings]
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert reading.dead_links() == []
        assert (reading.acting, reading.stripped) == ([], [])
        assert len(set(reading.ids)) == len(reading.ids)
    assert headings_in(readings, 4) == headings_in([all_of_it], 4)
    assert rows_in(readings) == rows_in([all_of_it])
    assert commits_in(parts) == commits_in([whole])
    assert "\0" not in "".join(parts)


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", 3), ("日报", 2), ("🔴", 2), ("a\nb\n", 6), ("\ud800", 1)]
)
def test_size_is_no_less_than_any_way_to_count(text: str, expected: int) -> None:
    assert size(text) == expected
    assert len(text.encode("utf-8", "replace")) <= 3 * size(text)


def test_what_fits_is_one_part_with_links_that_hold_in_an_issue() -> None:
    digest = make_day([commit(number) for number in range(3)])
    (part,) = render_parts(digest, WORDS, SITE)
    assert part.replace(f"(#{ID}", "(#") == render_markdown(digest, WORDS, SITE)
    assert f"(#{ID}c-" in part


def test_a_day_of_five_hundred_commits() -> None:
    digest = make_day([commit(number, 600) for number in range(500)])
    parts = render_parts(digest, WORDS, SITE)
    assert_good(parts, render_markdown(digest, WORDS, SITE))
    assert len(parts) <= 1 + sum(map(size, parts)) // (LIMIT - 2_000), "they are filled"


def test_the_seed_s_day() -> None:
    digest = make_day(seed.entries())
    assert_good(render_parts(digest, WORDS, SITE), render_markdown(digest, WORDS, SITE))


@settings(max_examples=25, deadline=None)
@given(
    commits=st.lists(
        st.tuples(
            st.sampled_from(["octo/engine", "octo/other", "third/one"]),
            st.integers(0, 30_000),
            st.sampled_from([*Importance]),
        ),
        max_size=40,
    ),
    base_url=st.sampled_from(["", SITE.base_url]),
)
def test_any_day_comes_back_whole(commits: list[tuple[str, int, Importance]], base_url: str) -> None:
    digest = make_day(
        commit(number, length, repository=name, importance=tier)
        for number, (name, length, tier) in enumerate(commits)
    )
    links = Links(base_url=base_url)
    assert_good(render_parts(digest, WORDS, links), render_markdown(digest, WORDS, links))


def test_a_part_that_begins_inside_a_tier_says_whose_and_which() -> None:
    digest = make_day(
        commit(number, 9_000, repository=name, importance=Importance.MEDIUM)
        for number in range(20)
        for name in ("octo/engine", "octo/other")
    )
    parts = render_parts(digest, WORDS, SITE)
    assert len(parts) > 4
    tier = "🟡 中重要度变更 (20)"
    for part in parts[1:-1]:
        headings = read_as_github(part).headings
        assert headings[1][0] == 2
        assert headings[1][1] in {"octo/engine", "octo/other"}
        assert tier in [text for _, text in headings]


def test_headings_that_begin_a_part_are_not_repeated() -> None:
    text = "字" * 40_000
    blocks = ["# T\n> status", "## a", text, "### b", "#### c", f"- {text}", "### d", "- e", "> foot"]
    parts = split(blocks, WORDS, "https://digest.example.org")
    assert [read_as_github(part).headings for part in parts] == [
        [(1, "T（1/2）"), (2, "a")],
        [(1, "T（2/2）"), (2, "a"), (3, "b"), (4, "c"), (3, "d")],
    ]


def test_a_table_and_the_contents_go_on_with_their_heads() -> None:
    entries = [
        make_entry(seed=number, subject="x" * 900, analysis=None, facts=None, state=State.PENDING)
        for number in range(200)
    ]
    digest = make_day(entries)
    parts = render_parts(digest, WORDS, SITE)
    assert_good(parts, render_markdown(digest, WORDS, SITE))
    tables = [read_as_github(part).tables for part in parts]
    assert [rows[0][0] for found in tables for rows in found] == ["提交时间"] * 3
    contents = next(part for part in parts if "### 📋 目录" in part)
    assert "\n- [octo/engine]" in contents


def test_what_is_in_another_part_is_linked_on_the_site() -> None:
    digest = make_day(commit(number, 9_000, importance=Importance.HIGH) for number in range(20))
    first, *others = render_parts(digest, WORDS, SITE)
    links = [href for _, href in read_as_github(first).links if "/reports/" in href]
    home = f"{SITE.base_url}/reports/octo/engine/{DAY}#"
    assert {href.partition("#")[0] + "#" for href in links} == {home}
    ids = {name for part in others for name in read_as_github(part).ids}
    assert {ID + href.removeprefix(home) for href in links} <= ids


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "（第 2 篇）"), ("en", " (part 2)")])
def test_without_a_site_it_is_named_and_no_link_leads_nowhere(language: Language, said: str) -> None:
    digest = make_day(
        [commit(number, 9_000, importance=Importance.HIGH) for number in range(20)], language=language
    )
    parts = render_parts(digest, words_for(language), Links())
    assert said in parts[0]
    hrefs = [href for part in parts for _, href in read_as_github(part).links]
    assert {href[:20] for href in hrefs if not href.startswith("#")} == {"https://github.com/o"}


ENDLESS = "很长。" * 27_000


@pytest.mark.parametrize(
    "fields",
    [
        {"summary": ENDLESS},
        {"summary": "`code` @someone\n" * 5_000},
        {"summary": "```\n" + "x = 1\n" * 14_000 + "```"},
        {"insights": tuple(Insight(aspect="security", text="x" * 4_000) for _ in range(40))},
        {"scope": tuple(ScopeItem(path="a/b.py", why="y" * 900) for _ in range(900))},
        {"risks": tuple(Risk(text="z" * 99_000, path="p" * 99_000) for _ in range(3)), "type": ENDLESS},
        {"advice": tuple("z" * 9_000 for _ in range(40))},
    ],
    ids="+".join,
)
@pytest.mark.parametrize("base_url", ["", SITE.base_url])
def test_an_analysis_of_eighty_thousand_characters_is_shortened(
    fields: dict[str, object], base_url: str
) -> None:
    long = make_entry(analysis=make_analysis(**fields))
    digest = make_day([commit(1), long, commit(2)])
    links = Links(base_url=base_url)
    assert size(render_markdown(digest, WORDS, links)) > LIMIT
    parts = render_parts(digest, WORDS, links)
    assert max(map(size, parts)) <= LIMIT
    assert len(parts) <= 2
    assert len(commits_in(parts)) == 3
    assert sum("此处有删节" in found for found in commits_in(parts)) == 1
    page = links.page("octo/engine", long.sha)
    assert (f"]({page})" in "".join(parts)) == bool(base_url)
    for part in parts:
        assert read_as_github(part).acting == []
        assert read_as_github(part).dead_links() == []


def test_a_subject_without_end_is_cut() -> None:
    digest = make_day([make_entry(subject="@x " * 50_000, author="y" * 90_000), commit(1)])
    (part,) = render_parts(digest, WORDS, SITE)
    assert read_as_github(part).acting == []


def test_a_range_comes_back_whole() -> None:
    entries = [
        on(
            number % 7,
            ("range", number),
            analysis=make_analysis(summary="字" * 6_000),
            subject=f"feat: {number}",
        )
        for number in range(40)
    ]
    roundup = make_roundup(entries)
    parts = render_text_parts(roundup, WORDS, SITE)
    assert len(parts) > 3
    assert_good(parts, render_text(roundup, WORDS, SITE))
    links = [href for part in parts for _, href in read_as_github(part).links if "#c-" in href]
    assert all(
        href.startswith(f"{SITE.base_url}/reports/octo/engine/2026-W03#c-")
        for href in links
        if ID not in href
    )
