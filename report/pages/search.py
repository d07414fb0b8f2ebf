"""The search over all days, in its forms."""

from collections.abc import Mapping
from time import monotonic

from flask import Blueprint
from werkzeug.wrappers import Response

from report.library import Library
from report.pages.desk import MIMETYPES, Desk, day_of, form_of, parameters
from report.press import Copy
from report.search.data import render_findings
from report.search.findings import Findings
from report.search.page import SearchPage, render_search
from report.search.query import Query
from report.search.reader import Searcher
from report.selection import Selection, TooLong, bounded

FORMS = ("html", "json")


def add_search(pages: Blueprint, desk: Desk) -> None:
    """`/search` and `/search.json`."""

    @pages.get("/search")
    def search() -> Response:
        return _search(desk, "search")

    @pages.get("/search.json")
    def search_data() -> Response:
        return _search(desk, "search.json")


def _search(desk: Desk, name: str) -> Response:
    """Always anew: how far it comes depends on the moment."""
    library = desk.library
    _, form = form_of(name, FORMS)
    given = parameters()
    try:
        query = _query(desk, given)
    except TooLong as refusal:
        if form == "json":
            raise
        return _to_be_shortened(library, given, refusal)
    findings = Searcher(library, monotonic).search(query) if query.asks else None
    if form == "json":
        text = render_findings(query, findings or Findings(), library.links)
    else:
        page = SearchPage(query, library.repositories(), findings)
        text = render_search(page, library.words, library.page_links)
    return desk.hand_out(MIMETYPES[form], Copy.of(text))


def _to_be_shortened(library: Library, given: Mapping[str, str], refusal: TooLong) -> Response:
    """The form as it was filled in, for a reader to shorten what is too long; nothing was searched."""
    repository = given.get("repository", "")
    known = repository if repository in library.repositories() else None
    page = SearchPage(Query(Selection.as_typed(given), known), library.repositories(), refusal=refusal)
    text = render_search(page, library.words, library.page_links)
    return Response(text, refusal.status, mimetype=MIMETYPES["html"])


def _query(desk: Desk, given: Mapping[str, str]) -> Query:
    repository, before = bounded(given, "repository"), bounded(given, "before")
    return Query(
        Selection.parse(given),
        desk.library.repository(repository) if repository else None,
        day_of(before) if before else None,
    )
