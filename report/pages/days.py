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
        return answer_days(desk, name, (), Selection.parse(parameters()))

    @pages.get("/reports/<owner>/<repository>/<name>")
    def repository_digest(owner: str, repository: str, name: str) -> Response:
        return answer_days(desk, name, [f"{owner}/{repository}"], Selection.parse(parameters()))


def answer_days(desk: Desk, name: str, repositories: Sequence[str], selection: Selection) -> Response:
    """A day or a range of days, or what a selection chooses of it, in one of its forms.

    Raises:
        Refused: 400 for what is neither, 404 for what there is not.
    """
    stem, form = form_of(name, FORMS)
    answer = _answer_day if is_day(stem) else answer_span
    return answer(desk, stem, form, repositories, selection)


def _answer_day(
    desk: Desk, name: str, form: str, repositories: Sequence[str], selection: Selection
) -> Response:
    library = desk.library
    day = day_of(name)
    issue = library.issue(day, repositories, selection.watch)
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
