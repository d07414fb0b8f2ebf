"""Ranges at the addresses that name them, under `/reports/`: FROM..TO, `2026-W03`, `2026-01`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from report.library import Library
from report.links import Links
from report.roundup.data import render_data
from report.roundup.page import Frame, render_page
from report.roundup.reader import read_roundup, span_named
from report.roundup.roundup import Roundup
from report.roundup.span import Span, month_of, week_of, weekend_of
from report.roundup.text import render_text
from report.selection import NAMES, Selection


def answer_span(
    library: Library, name: str, form: str, repositories: Sequence[str], parameters: Mapping[str, str]
) -> str:
    """A range in one of the forms of a day: `html`, `md` or `json`.

    Raises:
        Refused: 400 for what is no range or no filter, 404 where there is nothing.
    """
    span = span_named(library, name, repositories)
    roundup = read_roundup(library, span, repositories, selection=Selection.parse(parameters))
    if form == "json":
        return render_data(roundup, library.links)
    if form == "md":
        return render_text(roundup, library.words, library.links)
    return render_page(
        roundup, library.words, library.page_links, _frame(library, roundup, repositories, parameters)
    )


def spans_around(library: Library, day: date, days: Iterable[date], repository: str | None) -> dict[str, str]:
    """Label -> URL of the ranges that a day's page leads to: its weekend, its week, its month."""
    words, links = library.words, library.page_links
    named = {
        words("range.nav.week", name=(week := week_of(day))): week,
        words("range.nav.month", name=(month := month_of(day))): month,
    }
    if weekend := weekend_of(day):
        named = {words("range.nav.weekend"): weekend, **named}
    there = tuple(days)
    return {
        label: links.roundup(span, repository)
        for label, span in named.items()
        if any(each in span for each in there)
    }


def _frame(
    library: Library, roundup: Roundup, repositories: Sequence[str], parameters: Mapping[str, str]
) -> Frame:
    repository = roundup.repositories[0].name if repositories else None
    chosen = {name: parameters[name] for name in NAMES if parameters.get(name)}
    query = f"?{urlencode(chosen)}" if chosen else ""
    return Frame(_navigation(library, roundup.span, repository), repository, query)


def _navigation(library: Library, span: Span, repository: str | None) -> dict[str, str]:
    words, links = library.words, library.page_links
    days = tuple(library.days([repository] if repository else []))
    navigation = {}
    for key, other in (("pages.previous", span.before), ("pages.next", span.after)):
        if any(day in other for day in days):
            navigation[words(key, date=other)] = links.roundup(other, repository)
    if repository:
        navigation[words("range.nav.all")] = links.roundup(span)
    return navigation | _forms(links, span, repository)


def _forms(links: Links, span: Span, repository: str | None) -> dict[str, str]:
    own = links.roundup(span, repository)
    return {"Markdown": f"{own}.md", "JSON": f"{own}.json"}
