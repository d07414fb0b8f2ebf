"""A reader's correction in every form of the digest: it ranks, it is said, and it is kept apart."""

import json
import re

import pytest
from builders import make_analysis, make_correction, make_entry
from days import make_day
from shelf import make_library

from analysis.language import Language
from analysis.models import Importance
from analysis.storage.entry import Entry, State
from analysis.words import words_for
from report.data import commit_data, render_json
from report.feed import render_feed
from report.first_screen import details_of
from report.highlights import basis_of
from report.html import render_commit, render_html
from report.links import Links
from report.markdown import render_markdown
from report.reading_time import minutes_of
from report.selection import Selection

HIGH, MEDIUM, LOW = Importance
LINKS = Links(base_url="https://digest.example.org")
EN, ZH = words_for("en"), words_for("zh-CN")
NOTE = "Our clients rely on <b>60 s</b>, ask @someone (#12)."
MARKDOWN = r"Our clients rely on \<b>60 s\</b>, ask `@someone` (`#12`)."


def corrected(importance: Importance = HIGH, *, said: Importance = LOW, note: str = NOTE) -> Entry:
    correction = make_correction(importance=importance, note=note)
    return make_entry(seed="corrected", importance=said, correction=correction)


def other(seed: object, importance: Importance) -> Entry:
    return make_entry(seed=seed, subject=f"fix: {seed}", importance=importance)


def test_counts_tiers_and_filters_follow_it() -> None:
    entry = corrected()
    day = make_day([entry, other("low", LOW), other("medium", MEDIUM)])
    assert (day.counts.high, day.counts.medium, day.counts.low) == (1, 1, 1)
    (part,) = day.repositories
    assert [each.sha for each in part.tier(HIGH)] == [entry.sha]
    assert Selection.parse({"importance": "high"}).choose(part.commits) == part.tier(HIGH)
    assert entry not in Selection.parse({"importance": "low"}).choose(part.commits)


def test_it_opens_the_day_or_no_longer_does() -> None:
    raised, lowered = corrected(), corrected(LOW, said=HIGH)
    (part,) = make_day([raised, other("low", LOW)]).repositories
    assert [(item.sha, item.importance) for item in part.highlights] == [(raised.sha, HIGH)]
    assert part.highlights[0].basis.startswith("Our clients rely on")
    assert details_of(part.highlights[0], EN)[-1].startswith("A reader says: Our clients rely on")
    assert details_of(part.highlights[0], ZH)[-1].startswith("读者指出：Our clients rely on")
    (part,) = make_day([lowered, other("medium", MEDIUM)]).repositories
    assert [item.importance for item in part.highlights] == [MEDIUM]
    assert [each.shas for each in part.skippable] == [(lowered.sha,)]


def test_a_models_view_of_the_day_stands_and_ranks_by_it() -> None:
    entry = corrected(LOW, said=HIGH)
    assert basis_of([entry]) == basis_of([entry.model_copy(update={"correction": None})])


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "en",
            "> ✏️ A reader says high (the analysis: low): " + MARKDOWN,
        ),
        (
            "zh-CN",
            "> ✏️ 读者更正为高（分析判为低）：" + MARKDOWN,
        ),
    ],
)
def test_markdown_says_so_in_one_line_under_the_heading(language: Language, line: str) -> None:
    text = render_markdown(make_day([corrected()], language=language), words_for(language), LINKS)
    heading, places, note, *_ = text[text.index("#### ") :].splitlines()
    assert heading.startswith("#### fix: answer")
    assert places.startswith("**SHA**")
    assert note == line
    assert words_for(language)("digest.tier.low") in text[text.index(line) :]


def test_the_pages_say_so_and_escape_it() -> None:
    entry = corrected()
    for page in (
        render_html(make_day([entry], language="en"), EN, LINKS),
        render_commit(entry, EN, LINKS, make_day().zone),
    ):
        assert "✏️ A reader says high (the analysis: low): Our clients rely on &lt;b&gt;60 s&lt;/b&gt;" in page
        assert "<b>60" not in page


def test_json_keeps_both_apart() -> None:
    (commit,) = json.loads(render_json(make_day([corrected()]), LINKS))["repositories"][0]["commits"]
    assert commit["importance"] == "high"
    assert commit["analysis"]["importance"] == "low"
    assert commit["correction"] == {
        "importance": "high",
        "note": NOTE,
        "corrected_at": "2026-01-09T04:00:00Z",
    }
    plain = commit_data(make_entry(), LINKS)
    assert (plain["importance"], plain["analysis"]["importance"], plain["correction"]) == (
        "high",
        "high",
        None,
    )


def test_the_feed_leads_with_it() -> None:
    library = make_library([corrected(), other("low", LOW)], language="en")
    feed = render_feed([library.read(issue) for issue in library.recent(1)], EN, library.links)
    assert re.search(r"🔴 .*Our clients rely on", feed, re.DOTALL)
    assert "High 1" in feed


def test_without_an_analysis_only_the_reader_speaks() -> None:
    entry = make_entry(
        analysis=None,
        facts=None,
        state=State.PENDING,
        correction=make_correction(importance=HIGH, note="Soon."),
    )
    day = make_day([entry, other("low", LOW)], language="en")
    assert (day.counts.high, day.counts.unread) == (1, 0)
    assert "> ✏️ A reader says high: Soon.\\\n" in render_markdown(day, EN, LINKS)


def test_what_was_lowered_takes_no_time_to_read() -> None:
    long = make_analysis(summary="字" * 5000, scope=(), insights=(), risks=(), advice=())
    assert minutes_of(make_day([make_entry(analysis=long)])) == 10
    assert minutes_of(make_day([make_entry(analysis=long, correction=make_correction())])) == 0


def test_addresses_and_hidden_characters_of_a_note_are_not_shown() -> None:
    entry = corrected(note="ada@example.org\u202e says\u200b so")
    text = render_markdown(make_day([entry], language="en"), EN, LINKS)
    assert "ada@example.org" not in text
    assert "\u202e" not in text
