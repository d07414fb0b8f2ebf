from datetime import timedelta
from typing import Any

import pytest
from builders import make_analysis, make_call
from roundups import LATER, LONG, MONDAY, at, make_roundup, on

from analysis.models import Importance
from analysis.storage.entry import DayRecord, Obstacle, State
from analysis.storage.spending import Spending
from analysis.words import words_for
from report.roundup.phrases import calm_of, counts_text, foot_text, status_of, title_of, trend_text
from report.roundup.roundup import Roundup
from report.roundup.span import parse_span

ENGLISH, CHINESE = words_for("en"), words_for("zh-CN")
LOW = Importance.LOW


def trend(roundup: Roundup, words: Any = ENGLISH) -> tuple[str, str]:
    return trend_text(roundup.repositories[0], roundup.span, words)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2026-W03", "每周更新报告（2026-W03）"),
        ("2026-01", "每月更新报告（2026-01）"),
        ("2026-01-09..2026-01-11", "更新报告（2026-01-09 至 2026-01-11）"),
    ],
)
def test_a_title_says_what_it_is(name: str, title: str) -> None:
    assert title_of(parse_span(name), CHINESE) == title


def test_the_status_says_what_is_still_to_come() -> None:
    waiting = on(0, 2, state=State.PENDING, obstacle=Obstacle(code="budget"))
    closed = [DayRecord(repository="octo/engine", day=MONDAY, revision=1, closed_at=LATER)]
    roundup = make_roundup([on(0, 1), waiting, on(1, 3, state=State.PARKED)], closed=closed, clock=at(2))
    assert status_of(roundup, ENGLISH) == (
        "2026-01-12 to 2026-01-18",
        "7 days",
        "4 still to come",
        "1 not closed yet",
        "1/3 analysed",
        "1 waiting",
        "1 parked",
    )


def test_the_status_names_the_filter_and_the_time_it_takes() -> None:
    long = make_analysis(summary="很长。" * 900)
    found = status_of(make_roundup([on(0, 1, analysis=long)], query={"q": "client"}), CHINESE)
    assert found[-2:] == ("已筛选：q=client", "全文约读 6 分钟")


def test_counts_name_what_there_is() -> None:
    roundup = make_roundup([on(0, 1), on(0, 2, importance=LOW), on(0, 3, analysis=None, facts=None)])
    assert counts_text(roundup.counts, ENGLISH) == "3 commits (high 1, low 1, not read 1)"
    assert counts_text(roundup.counts, CHINESE) == "3 个提交（高 1、低 1、未读 1）"


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (2, 3, "3 commits, 1 more than in the week before (+50 %)."),
        (4, 3, "3 commits, 1 fewer than in the week before (−25 %)."),
        (3, 3, "3 commits, as many as in the week before."),
        (0, 3, "3 commits."),
    ],
)
def test_a_week_is_compared_with_the_one_before(before: int, now: int, said: str) -> None:
    entries = [on(-9, "first")]
    entries += [on(-3, ("before", n)) for n in range(before)] + [on(0, n, importance=LOW) for n in range(now)]
    assert trend(make_roundup(entries))[0] == said


def test_a_week_of_which_a_day_was_closed_without_a_commit_is_known_to_be_empty() -> None:
    empty = DayRecord(repository="octo/engine", day=MONDAY - timedelta(days=3), revision=1, closed_at=LATER)
    roundup = make_roundup([on(-9, "first"), on(0, "now")], closed=[empty])
    assert trend(roundup)[0] == "1 commit; none in the week before."


def test_the_share_of_high_is_compared_too() -> None:
    entries = [on(-9, "first"), on(-3, "b", importance=LOW), on(-3, "c"), on(0, 1), on(0, 2, importance=LOW)]
    assert trend(make_roundup(entries))[1] == "Of high importance: 1 (50 %; in the week before 50 %)."
    assert trend(make_roundup(entries[3:]))[1] == "Of high importance: 1 (50 %)."
    assert trend(make_roundup(entries[4:]))[1] == "Of high importance: none."
    assert trend(make_roundup([*entries[:3], entries[4]]))[1] == (
        "Of high importance: 0 (0 %; in the week before 50 %)."
    )


@pytest.mark.parametrize(
    ("span", "day", "said"),
    [
        ("2026-W03", 2, "the same days of the week before"),
        ("2026-01", 2, "the same days of the month before"),
        ("2026-01", 40, "the month before"),
        ("2026-01-12..2026-01-15", 40, "the 4 days before"),
        ("2026-01-12..2026-01-15", 1, "the 2 days before"),
    ],
)
def test_with_what_it_is_compared_is_said(span: str, day: int, said: str) -> None:
    entries = [on(-60, "old"), on(-1, "just before"), on(-30, "in December"), on(-7, "Monday"), on(0, "now")]
    assert f" in {said}" in trend(make_roundup(entries, span=span, clock=at(day)))[0]


def test_it_is_calm_only_when_everything_was_read_and_nothing_filtered() -> None:
    low = on(0, 1, importance=LOW)
    assert calm_of(make_roundup([low])) == "calm-skippable"
    assert calm_of(make_roundup([low, on(0, 3, importance=Importance.MEDIUM)])) == "calm-worth"
    assert calm_of(make_roundup([low, on(0, 2, analysis=None)])) == "calm-so-far"
    assert calm_of(make_roundup([low, on(0, 2)])) == ""
    assert calm_of(make_roundup([low], query={"importance": "low"})) == ""
    assert calm_of(make_roundup([on(0, 2, analysis=None)])) == ""


def test_how_it_was_made_is_told_with_the_price_of_all_days() -> None:
    spending = Spending.of([make_call(cost_usd=0.5)])
    closed = [
        DayRecord(repository="octo/engine", day=on(day, 0).day, revision=1, spending=spending)
        for day in (0, 1)
    ]
    entries = [on(0, 1), on(1, 2)]
    for span, models in (("2026-W03", 1), (LONG, 0)):
        foot = foot_text(make_roundup(entries, closed=closed, span=span), ENGLISH)
        assert "Commits analysed: 2/2" in foot
        assert "Cost: 1.0000 USD" in foot
        assert sum("example-model" in item for item in foot) == models
    assert foot_text(make_roundup(entries, closed=closed, span=LONG, query={"q": "fix"}), ENGLISH) == (
        "Commits analysed: 2/2",
    )
