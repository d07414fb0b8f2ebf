"""Ranges at the addresses that name them, beside the days: FROM..TO, `2026-W03`, `2026-01`."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.wrappers import Response

from analysis.watching import Watch
from report.frame import read_to
from report.issue import Issue
from report.library import Library
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
    span = span_named(library, name, repositories, selection.watch)
    issues = library.issues(repositories)
    expect(library, span, [issue.day for issue in issues], repositories, selection.watch)
    compared = [issue for issue in issues if issue.day in span or issue.day in span.before]
    key = ("span", span, tuple(repositories), issues, selection, library.today, library.states(compared))

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
    one = repositories and not selection.watch
    repository = library.repository(repositories[0]) if one else None
    leads = _Leads(library, span, repository, selection.watch)
    read = None if str(selection) else read_to(span.last, library.today)
    return Frame(leads.navigation(issues), repository, selection.query(), read)


@dataclass(frozen=True)
class _Leads:
    """Where a range leads: its neighbours, what else landed on its days, its other forms."""

    library: Library
    span: Span
    repository: str | None
    watch: Watch | None

    def navigation(self, issues: Sequence[Issue]) -> dict[str, str]:
        """Label -> URL; neighbours only where anything landed."""
        words, span = self.library.words, self.span
        near = (("pages.previous", span.before), ("pages.next", span.after))
        there = ((key, other) for key, other in near if any(issue.day in other for issue in issues))
        neighbours = {words(key, date=other): self.page(other) for key, other in there}
        return neighbours | self.whole() | self.forms()

    def page(self, span: Span) -> str:
        return self.library.page_links.roundup(span, self.repository, self.watch)

    def whole(self) -> dict[str, str]:
        """The same days of all repositories."""
        words, page = self.library.words, self.library.page_links.roundup(self.span)
        if self.watch:
            return {words("watches.whole-range", span=self.span): page}
        return {words("range.nav.all"): page} if self.repository else {}

    def forms(self) -> dict[str, str]:
        own = self.page(self.span)
        return {"Markdown": f"{own}.md", "JSON": f"{own}.json"}
