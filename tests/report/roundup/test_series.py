from datetime import timedelta

from builders import make_analysis, make_sha
from roundups import MONDAY, make_roundup, on, related

from analysis.models import Importance
from analysis.storage.entry import DayRecord
from analysis.storage.highlights import Group, Highlights, Part, Told
from report.highlights import basis_of
from report.roundup.roundup import Roundup
from report.roundup.screen import screen_of
from report.roundup.series import MOST_STEPS, Series

HIGH, MEDIUM, LOW = Importance


def series(roundup: Roundup) -> tuple[Series, ...]:
    return roundup.repositories[0].series


def chain(count: int) -> list[tuple[int, str]]:
    return [(number, f"step {number}") for number in range(count)]


def test_a_series_is_told_from_its_first_commit_to_its_last_across_days() -> None:
    steps = [
        on(
            number,
            number,
            subject=f"[Plan] step {number}",
            relations=related("series", number - 1) if number else (),
        )
        for number in range(4)
    ]
    (found,) = series(make_roundup(reversed(steps)))
    assert [step.sha for step in found.steps] == [make_sha(number) for number in range(4)]
    assert [step.day for step in found.steps] == [MONDAY + timedelta(days=number) for number in range(4)]
    assert (found.title, found.more) == ("Plan", 0)


def test_of_a_long_series_what_matters_least_is_counted() -> None:
    count = MOST_STEPS + 3
    steps = [
        on(
            0,
            number,
            importance=LOW if number < 3 else MEDIUM,
            relations=related("series", number - 1) if number else (),
        )
        for number in range(count)
    ]
    (found,) = series(make_roundup(steps))
    assert found.more == 3
    assert {step.sha for step in found.steps} == {make_sha(number) for number in range(3, count)}


def test_what_a_model_saw_in_a_day_gives_title_and_texts_and_grows_by_what_is_certain() -> None:
    first = [on(0, 1), on(0, 2)]
    entries = [*first, on(1, 3, relations=related("fixes", 2))]
    group = Group(title="同一处", parts=tuple(Part(sha=make_sha(n), text=f"第 {n} 步") for n in (1, 2)))
    told = Highlights(
        basis=basis_of(first),
        language="zh-CN",
        items=(Told(shas=(make_sha(1),), headline="x"),),
        groups=(group,),
        made_at=first[0].landed_at,
    )
    closed = [DayRecord(repository="octo/engine", day=MONDAY, revision=1, highlights=told)]
    (found,) = series(make_roundup(entries, closed=closed))
    assert found.title == "同一处"
    assert sorted(step.sha for step in found.steps) == sorted(make_sha(n) for n in (1, 2, 3))
    assert {step.text for step in found.steps} >= {"第 1 步", "第 2 步"}


def test_commits_of_no_importance_and_what_came_to_nothing_are_no_story() -> None:
    low = [on(0, 1, importance=LOW), on(1, 2, importance=LOW, relations=related("series", 1))]
    gone = [on(0, "a"), on(1, "b", relations=related("reverts", "a"))]
    assert series(make_roundup(low)) == ()
    assert series(make_roundup(gone)) == ()


def test_a_step_whose_text_is_the_title_says_nothing() -> None:
    analyses = [
        make_analysis(summary=f"{text}. More.", language="en") for text in ("Keep it short", "Cut it")
    ]
    entries = [
        on(0, 0, subject="Keep it short", analysis=analyses[0]),
        on(1, 1, subject="Cut it", analysis=analyses[1], relations=related("series", 0)),
    ]
    (found,) = series(make_roundup(entries, language="en"))
    assert (found.title, [step.text for step in found.steps]) == ("Keep it short", ["", "Cut it"])


def test_what_the_highlights_say_is_not_said_again() -> None:
    entries = [on(0, 0), on(1, 1, relations=related("series", 0))]
    assert len(series(make_roundup(entries))) == 1
    assert screen_of(make_roundup(entries)).series == ()
    third = on(2, 2, importance=LOW, relations=related("series", 1))
    ((_, told),) = screen_of(make_roundup([*entries, third])).series
    assert [bool(step.text) for step in told.steps] == [False, False, True]


def test_a_story_that_was_only_taken_back_is_told_once() -> None:
    entries = [
        on(0, "a"),
        on(1, "b", relations=related("reverts", "a")),
        on(2, "c", importance=MEDIUM, relations=related("relands", "a")),
    ]
    screen = screen_of(make_roundup(entries))
    assert (len(screen.reversals), screen.series) == (1, ())
    more = on(3, "d", importance=LOW, relations=related("series", "c"))
    assert len(screen_of(make_roundup([*entries, more])).series) == 1
