from datetime import date

from report.issue import Issue, days_by_name, issues_of

ONE, TWO, THREE = (date(2026, 1, day) for day in (1, 2, 5))
DAYS = {THREE: ("a/a", "b/b"), TWO: ("b/b",), ONE: ("a/a",)}


def test_an_issue_of_all_knows_the_days_around_it() -> None:
    assert issues_of(DAYS) == (
        Issue(THREE, (), ("a/a", "b/b"), ("a/a", "b/b"), TWO, None),
        Issue(TWO, (), ("b/b",), ("b/b",), ONE, THREE),
        Issue(ONE, (), ("a/a",), ("a/a",), None, TWO),
    )
    assert issues_of({}) == ()


def test_an_issue_of_one_repository_knows_its_own_days_and_who_is_beside_it() -> None:
    assert issues_of(DAYS, ["a/a"]) == (
        Issue(THREE, ("a/a",), ("a/a",), ("a/a", "b/b"), ONE, None),
        Issue(ONE, ("a/a",), ("a/a",), ("a/a",), None, THREE),
    )
    assert [issue.repository for issue in (*issues_of(DAYS, ["a/a"]), *issues_of(DAYS))][:3] == [
        "a/a",
        "a/a",
        None,
    ]


def test_the_days_of_each_repository() -> None:
    assert days_by_name(issues_of(DAYS)) == {"a/a": [THREE, ONE], "b/b": [THREE, TWO]}
