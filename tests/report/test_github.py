"""A digest as GitHub would show it: tables are tables, links lead somewhere, nobody is pinged."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from builders import NOON, make_analysis, make_entry, make_sha
from days import make_day
from github_reading import GitHubReading, read_as_github
from hostile import ANYTHING
from hostile_commits import BREAKOUT, HTML, MARKDOWN, SEPARATORS
from hypothesis import given, settings
from roundups import LONG, WEEK, hostile_range, make_roundup

from analysis.models import Importance, Insight, Reason, Risk, ScopeItem
from analysis.storage.entry import Entry, Relation
from analysis.text.addresses import hide_addresses
from analysis.text.unseen import one_line
from analysis.words import words_for
from report.anchors import github_slug
from report.commit_markdown import render_commit_markdown
from report.links import Links
from report.markdown import render_markdown, render_parts
from report.roundup.text import render_text, render_text_parts

WORDS = words_for("zh-CN")
LINKS = Links(base_url="https://digest.example.org")
ACTING = [
    *("@someone", "@org/team", "#123", "GH-123", "gh-7", "octo/other#123", "other#5", "octo/other@0d3ff44"),
    *("0d3ff44", make_sha(7), "https://github.com/o/r/issues/1", "www.example.org", "Fixes #12"),
    *("closes octo/other#7", "Resolves https://github.com/o/r/pull/2", ":+1:", ":tada:", "a:bug:b", ":100:"),
    *("$x^2$", "$`x`$", "$$y$$", "```math\nx\n```", "~~~mermaid\ngraph TD\n~~~", "[^1]", "[^1]: note"),
    *("> [!NOTE]\n> x", "[!WARNING]", "[ ] task", "[x] done", "- [ ] task", "</details>", "<details open>"),
    *("a|b", "a\\|b", "`a|b`", "\\", "`", "``", "a\nb", "| a | b |\n|---|---|\n| 1 | 2 |", "# heading"),
    *("c-0d3ff44", "C 0d3ff44", "repository-octo.engine", '<a id="c-0d3ff44"></a>', "~~struck~~", "***"),
    *(HTML, BREAKOUT, MARKDOWN, SEPARATORS),
]


def entry_of(text: str, **fields: Any) -> Entry:
    """Somebody's text in every place that it can get to."""
    analysis = make_analysis(
        importance=fields.pop("importance", Importance.HIGH),
        type=text,
        summary=text,
        reasons=(Reason(rule="model", evidence=text), Reason(rule="security-word", evidence=text)),
        scope=(ScopeItem(path=text, why=text),),
        insights=(Insight(aspect="security", text=text), Insight(aspect="security", text=text)),
        risks=(Risk(text=text, path=text),),
        advice=(text, f"- {text}"),
        model=text,
    )
    related = Relation(kind="reverts", sha=make_sha("other"), day=NOON.date(), subject=text)
    return make_entry(
        subject=text,
        author=text,
        analysis=analysis,
        relations=(related,),
        pull_request={"number": 7, "title": text},
        **fields,
    )


def day_of(text: str) -> list[Entry]:
    """A commit of each importance, in two repositories."""
    return [
        entry_of(
            text,
            seed=(tier, name),
            repository=name,
            importance=tier,
            authored_at=NOON - timedelta(hours=tier.rank),
        )
        for name in ("octo/engine", "octo/other")
        for tier in Importance
    ]


def forms(text: str) -> Iterator[tuple[str, str]]:
    """Everything that is Markdown."""
    digest = make_day(day_of(text))
    yield "day", render_markdown(digest, WORDS, LINKS)
    for number, part in enumerate(render_parts(digest, WORDS, Links()), 1):
        yield f"part {number}", part
    yield "commit", render_commit_markdown(entry_of(text), WORDS, LINKS)
    for span in (WEEK, LONG):
        roundup = make_roundup(hostile_range(text), span=span)
        yield span, render_text(roundup, WORDS, LINKS)
        yield from ((f"part of {span}", part) for part in render_text_parts(roundup, WORDS, LINKS))


def assert_tame(reading: GitHubReading, form: str) -> None:
    assert (reading.acting, reading.stripped, reading.languages) == ([], [], []), form
    assert reading.dead_links() == [], form
    levels = [level for level, _ in reading.headings]
    assert all(after <= before + 1 for before, after in pairwise(levels)), form


@pytest.mark.parametrize("text", ACTING)
def test_nothing_acts_pings_or_refers(text: str) -> None:
    for form, markdown in forms(text):
        assert_tame(read_as_github(markdown), form)


@cache
def plain_forms() -> dict[str, GitHubReading]:
    return {form: read_as_github(markdown) for form, markdown in forms("plain")}


@settings(max_examples=30, deadline=None)
@given(text=ANYTHING)
def test_nothing_that_anybody_writes_acts(text: str) -> None:
    plain = plain_forms()
    for form, markdown in forms(text):
        reading = read_as_github(markdown)
        assert_tame(reading, form)
        assert [level for level, _ in reading.headings] == [level for level, _ in plain[form].headings], form
        assert [list(map(len, rows)) for rows in reading.tables] == [
            list(map(len, rows)) for rows in plain[form].tables
        ], form


@pytest.mark.parametrize("text", ACTING)
def test_every_table_has_all_its_cells(text: str) -> None:
    tables = read_as_github(render_markdown(make_day(day_of(text)), WORDS, LINKS)).tables
    shown = one_line(hide_addresses(text))
    assert [len(rows) for rows in tables] == [4, 4]
    for rows in tables:
        assert [row[1:] for row in rows[1:]] == [(shown, shown)] * 3


@pytest.mark.parametrize("gap", ["-", " ", "\n"])
def test_a_subject_takes_no_other_commit_s_anchor(gap: str) -> None:
    """GitHub makes ids of headings too, and a link leads to the first of a name."""
    real = make_entry(importance=Importance.LOW)
    thief = make_entry(seed=2, subject=f"c{gap}{real.sha[:4]}.{real.sha[4:7]}")
    reading = read_as_github(render_markdown(make_day([real, thief]), WORDS, LINKS))
    assert reading.dead_links() == []
    assert github_slug(one_line(thief.landed.subject)) == f"c-{real.sha[:7]}"


def test_headings_that_are_alike_are_numbered() -> None:
    reading = read_as_github("# Ein Test\n\n## ein test\n\n## ⚠️ 潜在风险\n\n## ½ नमस्ते ⓐ_b-c!")
    assert reading.ids == [
        "user-content-ein-test",
        "user-content-ein-test-1",
        "user-content-\ufe0f-潜在风险",
        "user-content--नमस्ते-ⓐ_b-c",
    ]


def test_a_link_to_a_pull_request_leaves_no_trace_under_it() -> None:
    entry = make_entry(pull_request={"number": 7, "title": "a title"})
    (url,) = (
        href
        for text, href in read_as_github(render_markdown(make_day([entry]), WORDS, LINKS)).links
        if text == "PR 7"
    )
    assert url == "https://redirect.github.com/octo/engine/pull/7"
    own = Links(github_url="https://git.example.org")
    assert own.quiet_pull_request("octo/engine", 7) == "https://git.example.org/octo/engine/pull/7"


@pytest.mark.parametrize(
    ("text", "acting"),
    [
        ("by @someone", ["@s"]),
        ("see #12", ["#12"]),
        ("[x](https://github.com/o/r/issues/1)", ["https://github.com/o/r/issues/1"]),
        ("done :tada:", [":tada:"]),
        ("Revert 0d3ff44", ["0d3ff44"]),
        ("$x$", ["$x$"]),
        ("a note[^1]", ["[^1]"]),
        ("- [ ] task", ["[ ] "]),
        ("> [!NOTE]\n> x", ["[!NOTE]"]),
        ("`@someone`, `#12`, a\\[^1\\]", []),
    ],
)
def test_the_reader_sees_what_acts(text: str, acting: list[str]) -> None:
    assert read_as_github(text).acting == acting
