"""What every page needs: the library, the press, and the answer that a request gets."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from flask import Response, request

from analysis.calendar import InvalidDate, parse_date
from report.access import as_read_by
from report.library import Library
from report.press import Copy, Press
from report.refusals import Refused

MIMETYPES = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
PACKED = "-gzip"
"""What the tag of packed bytes ends in: they are others than those it was made of."""


@dataclass(frozen=True)
class Desk:
    """Hands out pages."""

    every: Library
    """The library as it is for whoever may read all of it."""
    press: Press

    @property
    def library(self) -> Library:
        """The library as it is for whoever asks now."""
        return as_read_by(request, self.every)

    def answer(self, mimetype: str, key: Hashable, render: Callable[[], str]) -> Response:
        """The page, or 304 when the client has these very bytes; for the arguments see `copy`."""
        return self.hand_out(mimetype, self.copy(mimetype, key, render))

    def copy(self, mimetype: str, key: Hashable, render: Callable[[], str]) -> Copy:
        """What the press has under a key, else what is rendered now.

        Args:
            mimetype: of the page.
            key: all that decides it, read before it is rendered from anything; but for the settings, and for
                what is added here: which repositories other hosts serve, watches and mutes.
            render: called only if the press has no copy under that key.
        """
        library = self.library
        around = (library.page_links.elsewhere, library.watched, library.mutes)
        return self.press.copy((mimetype, around, key), render)

    @staticmethod
    def hand_out(mimetype: str, copy: Copy) -> Response:
        """A copy, or 304 when the client has these very bytes."""
        packed = request.accept_encodings.quality("gzip") > 0
        tag = copy.tag + PACKED if packed else copy.tag
        if request.if_none_match.contains_weak(tag):
            response = Response(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = Response(copy.packed if packed else copy.unpacked(), mimetype=mimetype)
        if packed and response.status_code == HTTPStatus.OK:
            response.content_encoding = "gzip"
        response.set_etag(tag)
        response.vary.add("Accept-Encoding")
        return response


def form_of(name: str, forms: tuple[str, ...]) -> tuple[str, str]:
    """`2026-01-09.md` -> (`2026-01-09`, `md`); without a suffix the form that the client prefers."""
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix in forms:
        return stem, suffix
    best = request.accept_mimetypes.best_match([MIMETYPES[form] for form in forms], MIMETYPES["html"])
    return name, next(form for form in forms if MIMETYPES[form] == best)


def day_of(text: str) -> date:
    """A day as addresses spell it.

    Raises:
        Refused: 400 for anything else.
    """
    try:
        day = parse_date(text)
    except InvalidDate:
        raise Refused(HTTPStatus.BAD_REQUEST, "date", {"value": text}) from None
    if str(day) != text:  # 2026-1-9: one address for one page
        raise Refused(HTTPStatus.BAD_REQUEST, "date", {"value": text})
    return day


def first_day_of(text: str) -> date:
    """The first day of a month as addresses spell it: `2026-01`.

    Raises:
        Refused: 400 for anything else.
    """
    try:
        return day_of(f"{text}-01")
    except Refused:
        raise Refused(HTTPStatus.BAD_REQUEST, "month", {"value": text}) from None


def parameters() -> dict[str, str]:
    """The query; of a parameter that is given several times, all values with commas between.

    Raises:
        Refused: 400 for one that is not UTF-8.
    """
    try:
        given = request.args
    except UnicodeDecodeError:
        raise Refused(HTTPStatus.BAD_REQUEST, "query") from None
    return {name: ",".join(values) for name, values in given.lists()}
