"""The front pages and the months."""

from collections.abc import Collection, Iterable
from datetime import date
from http import HTTPStatus

from flask import Blueprint
from werkzeug.wrappers import Response

from report.front import Front, leading, split_months
from report.html import render_front, render_month
from report.issue import Issue, days_by_name
from report.months import MonthPage, first_of, month_of, months_of
from report.pages import desk as forms
from report.pages.desk import Desk
from report.refusals import Refused


def add_fronts(pages: Blueprint, desk: Desk) -> None:
    """`/`, `/reports/OWNER/NAME`, `/months/YYYY-MM` and `/months/OWNER/NAME/YYYY-MM`."""

    @pages.get("/")
    def front() -> Response:
        return _front(desk)

    @pages.get("/reports/<owner>/<repository>")
    def repository_front(owner: str, repository: str) -> Response:
        return _front(desk, f"{owner}/{repository}")

    @pages.get("/months/<name>")
    def month(name: str) -> Response:
        return _month(desk, name)

    @pages.get("/months/<owner>/<repository>/<name>")
    def repository_month(owner: str, repository: str, name: str) -> Response:
        return _month(desk, name, f"{owner}/{repository}")


def _front(desk: Desk, *asked: str) -> Response:
    library = desk.library
    names, today = library.repositories(), library.today
    own = [library.repository(name) for name in asked]
    issues = library.issues(own)
    leads = leading(issues, today)
    shown, older = split_months(issues)
    sizes = library.sizes(_within(issues, shown))
    key = ("front", tuple(own), names, today, leads, older, tuple(sizes.items()), library.states(leads))

    def render() -> str:
        front = Front(
            today=today,
            repository=own[0] if own else None,
            names=names,
            digests=tuple(library.read(issue) for issue in leads),
            months=tuple(month_of(first, sizes) for first in shown),
            older=older,
        )
        return render_front(front, library.words, library.page_links)

    return desk.answer("text/html", key, render)


def _month(desk: Desk, name: str, *asked: str) -> Response:
    library, first = desk.library, forms.month_of(name)
    own = [library.repository(each) for each in asked]
    issues = library.issues(own)
    months = months_of(issue.day for issue in issues)
    if first not in months:
        raise _no_such_month(desk, first, months, *own)
    at = months.index(first)
    page = MonthPage(
        month_of(first, library.sizes(_within(issues, [first]))),
        library.today,
        own[0] if own else None,
        tuple(sorted(days_by_name(_within(library.issues(), [first])))),
        before=next(iter(months[at + 1 :]), None),
        after=months[at - 1] if at else None,
    )
    return desk.answer("text/html", page, lambda: render_month(page, library.words, library.page_links))


def _within(issues: Iterable[Issue], months: Collection[date]) -> tuple[Issue, ...]:
    """Those of some months, given by their first days."""
    return tuple(issue for issue in issues if first_of(issue.day) in months)


def _no_such_month(desk: Desk, first: date, months: tuple[date, ...], *own: str) -> Refused:
    """With the newest months there are."""
    links = desk.library.page_links
    closest = sorted(sorted(months, key=lambda other: abs(other - first))[:3], reverse=True)
    choices = {f"{month:%Y-%m}": links.month(month, *own) for month in closest}
    fields = {"month": f"{first:%Y-%m}"}
    return Refused(HTTPStatus.NOT_FOUND, "no-month", fields, choices | desk.library.home())
