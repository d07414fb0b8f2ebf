"""A digest as a file: what `pushdigest digest` prints."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

from analysis.language import Language
from analysis.words import Words, words_for
from report.data import render_json
from report.html import render_html
from report.library import Library
from report.markdown import render_markdown, render_parts
from report.parts import is_head
from report.refusals import Refused
from report.roundup.data import render_data
from report.roundup.page import render_page
from report.roundup.phrases import title_of
from report.roundup.reader import read_roundup
from report.roundup.span import Span
from report.roundup.text import render_text, render_text_parts

Form = Literal["markdown", "html", "json"]


class NoDigest(Exception):
    """There is no such day or repository; the message is one line, with those that are nearest."""


def render(library: Library, day: date | Span, repositories: Sequence[str], form: Form) -> str:
    """The digest of a day, or of a range of days, in one form; of all repositories when none is named.

    Raises:
        NoDigest: when the ledger has no such day or repository, or nothing in that range.
    """
    try:
        if isinstance(day, Span):
            return _render_span(library, day, repositories, form)
        digest = library.digest(day, repositories)
    except Refused as refused:
        raise NoDigest(_line(library, refused)) from None
    if form == "json":
        return render_json(digest, library.links)
    return (render_html if form == "html" else render_markdown)(digest, library.words, library.links)


def parts(library: Library, day: date | Span, repositories: Sequence[str]) -> tuple[str, ...]:
    """The same as Markdown, in parts that GitHub takes.

    Raises:
        NoDigest: as above.
    """
    try:
        if isinstance(day, Span):
            return render_text_parts(read_roundup(library, day, repositories), library.words, library.links)
        return render_parts(library.digest(day, repositories), library.words, library.links)
    except Refused as refused:
        raise NoDigest(_line(library, refused)) from None


def heads_part(day: date | Span, number: int, line: str) -> bool:
    """Whether a line is the first of that part of a day or range, in whichever language it was written."""
    every = map(words_for, get_args(Language))
    return any(is_head(line, f"# {_title(day, words)}", number, words) for words in every)


def _line(library: Library, refused: Refused) -> str:
    """With what is nearest, as the page offers it; the front page is nothing to name here."""
    words, home = words_for("en"), library.home()
    near = ", ".join(label for label in refused.choices if label not in home)
    line = refused.line(words)
    return f"{line} {words('pages.error.choices')} {near}" if near else line


def _title(day: date | Span, words: Words) -> str:
    return title_of(day, words) if isinstance(day, Span) else words("digest.title", date=day)


def _render_span(library: Library, span: Span, repositories: Sequence[str], form: Form) -> str:
    roundup = read_roundup(library, span, repositories)
    if form == "json":
        return render_data(roundup, library.links)
    return (render_page if form == "html" else render_text)(roundup, library.words, library.links)
