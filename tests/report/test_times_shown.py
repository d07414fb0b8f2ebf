"""Every time of day that is shown says its offset from UTC, beside it or once for its column."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import make_entry
from reading import read_markdown

from analysis.calendar import Calendar
from analysis.language import Language
from analysis.storage.entry import DayRecord
from analysis.words import words_for
from report.digest import Digest, StoredDay, build_digest
from report.feed import render_feed
from report.html import render_html
from report.links import Links
from report.markdown import render_markdown

LINKS = Links(base_url="https://digest.example.org")
TURN = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
"""When New York turned its clocks on."""
RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
languages = pytest.mark.parametrize("language", ["zh-CN", "en"])


def digest(zone: str, language: Language = "en") -> Digest:
    entries = [
        make_entry(seed=hours, authored_at=TURN + timedelta(hours=hours, microseconds=5)) for hours in (-2, 2)
    ]
    stored = StoredDay(
        DayRecord(repository="example/project", day=date(2026, 3, 8), revision=1), tuple(entries)
    )
    return build_digest(date(2026, 3, 8), [stored], calendar=Calendar(ZoneInfo(zone)), language=language)


def column(markdown: str) -> list[str]:
    return [row[0] for row in read_markdown(markdown).rows if re.match(r"\d{4}-", row[0])]


@languages
def test_the_foot_says_the_offset_of_the_times_in_the_table(language: Language) -> None:
    markdown = render_markdown(digest("Asia/Shanghai", language), words_for(language), LINKS)
    assert column(markdown) == ["2026-03-08 17:00:00", "2026-03-08 13:00:00"]
    assert "UTC+08:00" in markdown.splitlines()[-1]
    assert "Asia/Shanghai" in markdown.splitlines()[-1]


def test_each_time_says_its_own_where_clocks_were_turned_within_the_table() -> None:
    markdown = render_markdown(digest("America/New_York"), words_for("en"), LINKS)
    assert column(markdown) == ["2026-03-08 05:00:00 -04:00", "2026-03-08 00:00:00 -05:00"]
    assert "UTC" not in markdown


def test_a_day_without_times_says_no_offset() -> None:
    empty = build_digest(date(2026, 3, 8), [], calendar=Calendar(ZoneInfo("UTC")), language="en")
    assert "UTC" not in render_markdown(empty, words_for("en"), LINKS)


@languages
@pytest.mark.parametrize(
    ("zone", "heads", "cells"),
    [
        ("Asia/Shanghai", ["UTC+08:00"], ["03-08 17:00", "03-08 13:00"]),
        ("America/New_York", [], ["03-08 05:00 -04:00", "03-08 00:00 -05:00"]),
    ],
)
def test_a_page_says_it_at_the_head_of_the_table_and_beside_every_other_time(
    language: Language, zone: str, heads: list[str], cells: list[str]
) -> None:
    html = render_html(digest(zone, language), words_for(language), LINKS)
    table, rest = (
        re.findall(r"<table>.*?</table>", html, re.DOTALL)[0],
        re.sub(r"(?s)<table>.*?</table>", "", html),
    )
    assert re.findall(r"UTC[+-]\d\d:\d\d", table) == heads
    assert re.findall(r"<time [^>]*>([^<]*)</time>", table) == cells
    assert len(times := re.findall(r"<time [^>]*>([^<]*\d\d:\d\d[^<]*)</time>", rest)) == 2
    assert all(re.search(r"\d\d:\d\d [+-]\d\d:\d\d$", time) for time in times)
    instants = re.findall(r'<time datetime="([^"]*T[^"]*)"', html)
    assert len(instants) == 4
    assert all(re.fullmatch(RFC_3339, instant) for instant in instants)
    assert {datetime.fromisoformat(each) for each in instants} == {
        TURN - timedelta(hours=2),
        TURN + timedelta(hours=2),
    }


def test_a_feed_gives_instants_with_their_offset() -> None:
    feed = render_feed([digest("Asia/Shanghai")], words_for("en"), LINKS)
    instants = re.findall(r"<(?:published|updated)>([^<]*)</", feed)
    assert len(instants) == 3
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", each) for each in instants
    )
    assert not re.search(r"\b\d\d:\d\d\b", re.sub(r"<(?:published|updated)>.*", "", feed))
