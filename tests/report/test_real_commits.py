import json
import lzma
import re
from collections import defaultdict
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import make_analysis, make_entry
from days import make_day
from reading import Page, Reading, read_markdown

from analysis.models import Analysis, Importance
from analysis.storage.entry import Entry
from analysis.text.addresses import hide_addresses
from analysis.text.unseen import one_line
from analysis.words import words_for
from report.html import render_html
from report.links import Links
from report.markdown import contents_text, render_markdown

FIXTURE = Path(__file__).parents[1] / "fixtures" / "commits-2026-01-to-05.jsonl.xz"
LINKS = Links()
WORDS = words_for("zh-CN")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _analysis(tier: str) -> Analysis:
    return make_analysis(
        importance=Importance(tier), summary="一句话。", scope=(), insights=(), risks=(), advice=()
    )


@cache
def days() -> dict[date, list[Entry]]:
    """The commits by day, as the ledger would give them."""
    analyses = {tier: _analysis(tier) for tier in Importance}
    found: dict[date, list[Entry]] = defaultdict(list)
    with lzma.open(FIXTURE, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            found[date.fromisoformat(row["digest_date"])].append(
                make_entry(
                    repository=row["repo"],
                    sha=row["sha"],
                    subject=row["message"],
                    author=row["author"],
                    authored_at=datetime.fromisoformat(row["authored_at"]),
                    day=date.fromisoformat(row["digest_date"]),
                    analysis=analyses[row["tier"]],
                )
            )
    return dict(found)


@cache
def readings() -> dict[date, Reading]:
    return {
        day: read_markdown(render_markdown(make_day(entries, day=day), WORDS, LINKS))
        for day, entries in days().items()
    }


def expected_subject(entry: Entry) -> str:
    return one_line(hide_addresses(entry.landed.subject))


def ordered(entries: list[Entry]) -> list[Entry]:
    """By repository as given, then newest first; equal times by landing and sha."""
    names = list(dict.fromkeys(entry.repository for entry in entries))
    newest = sorted(entries, key=lambda entry: (entry.landed.authored_at, entry.sha), reverse=True)
    return sorted(newest, key=lambda entry: names.index(entry.repository))


def by_tier(entries: list[Entry]) -> list[Entry]:
    names = list(dict.fromkeys(entry.repository for entry in entries))
    return sorted(
        ordered(entries),
        key=lambda entry: (
            names.index(entry.repository),
            entry.analysis.importance.rank if entry.analysis else 3,
        ),
    )


def test_the_fixture_holds_the_commits_it_says() -> None:
    entries = [entry for part in days().values() for entry in part]
    assert len(entries) == 11_652
    assert {entry.repository for entry in entries} == {
        "vllm-project/vllm",
        "sgl-project/sglang",
        "ai-dynamo/dynamo",
    }


@pytest.mark.parametrize("form", ["cells", "headings", "contents", "links"])
def test_no_real_commit_breaks_the_form(form: str) -> None:
    for day, entries in days().items():
        reading = readings()[day]
        if form == "cells":
            expected = [
                (
                    entry.landed.authored_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
                    one_line(entry.landed.author),
                    expected_subject(entry),
                )
                for entry in ordered(entries)
            ]
            assert [row for row in reading.rows if row[0] != "提交时间"] == expected
        elif form == "headings":
            said = [text for level, text in reading.headings if level == 4]
            assert said == [expected_subject(entry) for entry in by_tier(entries)]
        elif form == "contents":
            said = [text for text, href in reading.links if href.startswith("#c-") and len(text) != 7]
            assert said == [contents_text(expected_subject(entry)) for entry in by_tier(entries)]
        else:
            urls = [href for _, href in reading.links if href.startswith("https:")]
            assert urls == [LINKS.commit(entry.repository, entry.sha) for entry in by_tier(entries)]


def test_every_contents_link_of_real_days_leads_somewhere() -> None:
    for reading in readings().values():
        assert reading.dead_links() == []
        assert len(reading.anchors) == len(set(reading.anchors))


def test_nothing_in_real_days_pings_or_holds_html() -> None:
    for reading in readings().values():
        assert (reading.active, reading.html, reading.images) == ([], [], 0)


def test_heading_levels_of_real_days_go_down_one_at_a_time() -> None:
    for reading in readings().values():
        levels = [level for level, _ in reading.headings]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_link_inside_a_real_page_leads_somewhere() -> None:
    day, entries = max(days().items(), key=lambda item: len(item[1]))
    page = Page(render_html(make_day(entries, day=day), WORDS, LINKS))
    inner = [href[1:] for href in page.links if href.startswith("#")]
    assert len(inner) > len(entries)
    assert set(inner) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert [text for level, text in page.headings if level == 4] == [
        re.sub(r"`([^`]+)`", r"\1", expected_subject(entry)) for entry in by_tier(entries)
    ]
