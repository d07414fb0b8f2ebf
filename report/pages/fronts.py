"""The front pages and the months."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus

from flask import Blueprint
from werkzeug.wrappers import Response

from report.front import Front, leading, split_months
from report.html import render_front, render_month
from report.issue import days_by_name
from report.library import MOST_CHOICES, Library
from report.months import MonthPage, month_of, months_of, within
from report.pages.desk import Desk, first_day_of
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
    own = tuple(library.repository(name) for name in asked)
    issues = library.issues(own)
    leads = leading(issues, library.today)
    shown, older = split_months(issues)
    sizes = library.sizes(within(issues, shown))
    front = Front(
        library.today,
        next(iter(own), None),
        library.repositories(),
        newest=next(iter(issues), None),
        months=tuple(month_of(first, sizes) for first in shown),
        older=older,
        watches=tuple(watch for watch in library.watched if all(map(watch.covers_repository, own))),
    )

    def render() -> str:
        digests = tuple(library.read(issue) for issue in leads)
        return render_front(replace(front, digests=digests), library.words, library.page_links)

    return desk.answer("text/html", (front, leads, library.states(leads)), render)


def _month(desk: Desk, name: str, *asked: str) -> Response:
    library = desk.library
    page = _month_page(library, first_day_of(name), [library.repository(each) for each in asked])
    return desk.answer("text/html", page, lambda: render_month(page, library.words, library.page_links))


def _month_page(library: Library, first: date, own: Sequence[str]) -> MonthPage:
    issues = library.issues(own)
    months = months_of(issue.day for issue in issues)
    if first not in months:
        raise _no_such_month(library, first, months, own)
    at = months.index(first)
    return MonthPage(
        month_of(first, library.sizes(within(issues, [first]))),
        library.today,
        next(iter(own), None),
        tuple(sorted(days_by_name(within(library.issues(), [first])))),
        before=next(iter(months[at + 1 :]), None),
        after=months[at - 1] if at else None,
    )


def _no_such_month(library: Library, first: date, months: Sequence[date], own: Sequence[str]) -> Refused:
    """With the months closest to it."""
    closest = sorted(sorted(months, key=lambda other: abs(other - first))[:MOST_CHOICES], reverse=True)
    choices = {f"{month:%Y-%m}": library.page_links.month(month, *own) for month in closest}
    fields = {"month": f"{first:%Y-%m}"}
    return Refused(HTTPStatus.NOT_FOUND, "no-month", fields, choices | library.home())
