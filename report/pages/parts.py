"""Digests in parts that GitHub takes: `?part=2`."""

from collections.abc import Callable, Hashable
from functools import cache
from http import HTTPStatus
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from report.pages.desk import MIMETYPES, Desk, parameters
from report.refusals import Refused


def part_of(form: str) -> int | None:
    """The part that was asked for; None for the whole.

    Raises:
        Refused: 400 for what is no number, and for another form than Markdown.
    """
    value = parameters().get("part")
    if value is None:
        return None
    if form != "md" or not (value.isascii() and value.isdigit() and len(value) < len("10000") and int(value)):
        raise Refused(HTTPStatus.BAD_REQUEST, "part")
    return int(value)


def answer_part(desk: Desk, number: int, key: Hashable, render: Callable[[], tuple[str, ...]]) -> Response:
    """One part, and where those beside it are (RFC 8288).

    Args:
        desk: hands it out.
        number: from 1.
        key: all that decides the parts.
        render: all of them; called only if the press has no copy.

    Raises:
        Refused: 404 if there are not so many.
    """
    parts = cache(render)
    elsewhere = desk.library.page_links.elsewhere
    count = int(desk.press.copy(("parts", elsewhere, key), lambda: str(len(parts()))).unpacked())
    if number > count:
        raise Refused(HTTPStatus.NOT_FOUND, "no-part", {"number": number, "count": count})
    response = desk.answer(MIMETYPES["md"], ("part", number, key), lambda: parts()[number - 1])
    for relation, other in (("prev", number - 1), ("next", number + 1)):
        if 1 <= other <= count:
            query = urlencode(parameters() | {"part": str(other)})
            response.headers.add("Link", f'<?{query}>; rel="{relation}"')
    return response
