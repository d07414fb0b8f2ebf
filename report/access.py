"""Who may read, and what a browser may do with what it was given."""

import hmac
from http import HTTPStatus

from flask import Request, Response

from report.refusals import Refused
from report.templating import SCRIPT_HASH, STYLE_HASH

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def require_token(request: Request, token: str | None) -> None:
    """A bearer token, or the password of basic authentication under any user name; none is needed if unset.

    Raises:
        Refused: 401.
    """
    if token is None:
        return
    given = request.authorization
    shown = (given.token or given.password or "") if given and given.type in {"bearer", "basic"} else ""
    if not hmac.compare_digest(shown.encode(), token.encode()):
        raise Refused(HTTPStatus.UNAUTHORIZED, "token")


def protect(response: Response, token: str | None) -> Response:
    """The headers that every page carries; what needs a token is not kept by shared caches."""
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "private, no-cache" if token else "no-cache"
    response.vary.update(["Accept", "Authorization"])
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers.add("WWW-Authenticate", 'Basic realm="pushdigest", charset="UTF-8"')
        response.headers.add("WWW-Authenticate", 'Bearer realm="pushdigest"')
    return response
