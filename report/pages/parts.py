"""Digests in parts that GitHub takes: `?part=2`."""

import json
from collections.abc import Callable, Hashable
from http import HTTPStatus
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from report.pages.desk import MIMETYPES, Desk, parameters
from report.press import Copy
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

    All are pressed as one copy, so that they are parts of the same text whatever changes meanwhile.

    Args:
        desk: hands it out.
        number: from 1.
        key: all that decides the parts.
        render: all of them; called only if the press has no copy.

    Raises:
        Refused: 404 if there are not so many.
    """
    pressed = desk.copy(MIMETYPES["json"], ("parts", key), lambda: json.dumps(render()))
    parts = json.loads(pressed.unpacked())
    if number > len(parts):
        raise Refused(HTTPStatus.NOT_FOUND, "no-part", {"number": number, "count": len(parts)})
    response = desk.hand_out(MIMETYPES["md"], Copy.of(parts[number - 1]))
    for relation, other in (("prev", number - 1), ("next", number + 1)):
        if 1 <= other <= len(parts):
            query = urlencode(parameters() | {"part": str(other)})
            response.headers.add("Link", f'<?{query}>; rel="{relation}"')
    return response
