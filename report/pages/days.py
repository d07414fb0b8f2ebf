"""The digests of days and of ranges of them, in their forms."""

from collections.abc import Sequence

from flask import Blueprint
from werkzeug.wrappers import Response

from report.data import render_json
from report.frame import Frame
from report.html import render_html
from report.issue import Issue
from report.library import Library
from report.markdown import render_markdown, render_parts
from report.pages.desk import MIMETYPES, Desk, day_of, form_of, parameters
from report.pages.parts import answer_part, part_of
from report.pages.spans import answer_span
from report.roundup.span import is_day
from report.selection import Selection

FORMS = ("html", "md", "json")


def add_days(pages: Blueprint, desk: Desk) -> None:
    """`/reports/DATE` and `/reports/OWNER/NAME/DATE`, and ranges at the same places."""

    @pages.get("/reports/<name>")
    def digest(name: str) -> Response:
        return _digest(desk, name)

    @pages.get("/reports/<owner>/<repository>/<name>")
    def repository_digest(owner: str, repository: str, name: str) -> Response:
        return _digest(desk, name, f"{owner}/{repository}")


def _digest(desk: Desk, name: str, *repositories: str) -> Response:
    stem, form = form_of(name, FORMS)
    selection = Selection.parse(parameters())
    if not is_day(stem):
        return answer_span(desk, stem, form, repositories, selection)
    return answer_day(desk, name, repositories, selection)


def answer_day(desk: Desk, name: str, repositories: Sequence[str], selection: Selection) -> Response:
    """A day, or what a selection chooses of it, in one of its forms.

    Raises:
        Refused: 400 for what is no day, 404 for one that there is not.
    """
    library = desk.library
    stem, form = form_of(name, FORMS)
    day = day_of(stem)
    issue = library.issue(day, repositories)
    key = ("day", issue, selection, library.today <= day, library.states([issue]))
    if part := part_of(form):
        return answer_part(desk, part, key, lambda: _render_parts(library, issue, selection))
    return desk.answer(MIMETYPES[form], key, lambda: _render(library, issue, selection, form))


def _render_parts(library: Library, issue: Issue, selection: Selection) -> tuple[str, ...]:
    return render_parts(library.read(issue, selection), library.words, library.links)


def _render(library: Library, issue: Issue, selection: Selection, form: str) -> str:
    digest = library.read(issue, selection)
    if form == "json":
        return render_json(digest, library.links)
    if form == "md":
        return render_markdown(digest, library.words, library.links)
    frame = Frame(issue, selection, library.today)
    return render_html(digest, library.words, library.page_links, frame)
