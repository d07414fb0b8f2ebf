"""Ranges at the addresses that name them, beside the days: FROM..TO, `2026-W03`, `2026-01`."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from report.frame import read_to
from report.issue import Issue
from report.library import Library
from report.links import Links
from report.pages.desk import MIMETYPES, Desk
from report.pages.parts import answer_part, part_of
from report.roundup.data import render_data
from report.roundup.page import Frame, render_page
from report.roundup.reader import expect, read_roundup, span_named
from report.roundup.roundup import Roundup
from report.roundup.span import Span
from report.roundup.text import render_text, render_text_parts
from report.selection import Selection


def answer_span(
    desk: Desk, name: str, form: str, repositories: Sequence[str], selection: Selection
) -> Response:
    """A range in one of the forms of a day: `html`, `md` or `json`.

    It is compared with the range before, and whether that counts depends on which days there are at all.

    Raises:
        Refused: 400 for what is no range, 404 where there is nothing.
    """
    library = desk.library
    span = span_named(library, name, repositories)
    issues = library.issues(repositories)
    expect(library, span, [issue.day for issue in issues], repositories)
    compared = [issue for issue in issues if issue.day in span or issue.day in span.before]
    key = ("span", span, repositories, issues, selection, library.today, library.states(compared))

    def read() -> Roundup:
        return read_roundup(library, span, repositories, selection=selection)

    if part := part_of(form):
        return answer_part(desk, part, key, lambda: render_text_parts(read(), library.words, library.links))
    frame = _frame(library, span, issues, repositories, selection)
    return desk.answer(MIMETYPES[form], key, lambda: _render(library, read(), form, frame))


def _render(library: Library, roundup: Roundup, form: str, frame: Frame) -> str:
    if form == "json":
        return render_data(roundup, library.links)
    if form == "md":
        return render_text(roundup, library.words, library.links)
    return render_page(roundup, library.words, library.page_links, frame)


def _frame(
    library: Library, span: Span, issues: Sequence[Issue], repositories: Sequence[str], selection: Selection
) -> Frame:
    repository = library.repository(repositories[0]) if repositories else None
    read = None if selection.parts else read_to(span.last, library.today)
    return Frame(_navigation(library, span, issues, repository), repository, selection.query(), read)


def _navigation(
    library: Library, span: Span, issues: Sequence[Issue], repository: str | None
) -> dict[str, str]:
    words, links = library.words, library.page_links
    navigation = {}
    for key, other in (("pages.previous", span.before), ("pages.next", span.after)):
        if any(issue.day in other for issue in issues):
            navigation[words(key, date=other)] = links.roundup(other, repository)
    if repository:
        navigation[words("range.nav.all")] = links.roundup(span)
    return navigation | _forms(links, span, repository)


def _forms(links: Links, span: Span, repository: str | None) -> dict[str, str]:
    own = links.roundup(span, repository)
    return {"Markdown": f"{own}.md", "JSON": f"{own}.json"}
