from datetime import date, timedelta

from builders import make_entry
from days import DAY, make_day

from report.front import highlights_of, leading, split_months
from report.issue import Issue


def test_yesterday_opens_the_page_beside_a_day_that_is_not_over() -> None:
    issues = [Issue(DAY - timedelta(days=number)) for number in range(3)]
    assert leading(issues, today=DAY) == tuple(issues[:2])
    assert leading(issues, today=DAY + timedelta(days=1)) == (issues[0],)
    assert leading([], today=DAY) == ()


def test_the_newest_months_are_shown_and_the_others_listed() -> None:
    issues = [Issue(day) for day in (date(2026, 4, 2), date(2026, 4, 1), date(2026, 1, 9), date(2025, 7, 7))]
    shown, older = split_months(issues)
    assert (shown, older) == ((date(2026, 4, 1), date(2026, 1, 1)), (date(2025, 7, 1),))


def test_a_single_commit_is_the_highlight_of_its_day() -> None:
    assert [item.sha for item in highlights_of(make_day([make_entry()]))] == [make_entry().sha]
