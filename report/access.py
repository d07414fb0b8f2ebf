"""Who may read, and what a browser may do with what it was given."""

import hmac
from dataclasses import replace
from http import HTTPStatus

from flask import Request, Response

from analysis.repository import is_loopback
from report.library import Library
from report.refusals import Refused
from report.templating import SCRIPT_HASH, STYLE_HASH

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer, whatever it is."""
PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
"""What proxies add."""


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


def as_read_by(request: Request, library: Library) -> Library:
    """The library as it is for whoever asks."""
    return replace(library, here=library.here and _is_from_here(request))


def _is_from_here(request: Request) -> bool:
    """Whether whoever asks sits at this machine: no proxy passed it on, and no other name led here.

    A page elsewhere can have its own name resolve to loopback, so that a browser here reads for it (DNS
    rebinding); such a request still carries that name.
    """
    name, _, _ = request.host.removeprefix("[").partition("]" if request.host.startswith("[") else ":")
    named = is_loopback(name) and is_loopback(request.remote_addr or "")
    return named and not any(header in request.headers for header in PASSED_ON)


def protect(response: Response, token: str | None) -> Response:
    """The headers that every page carries; what needs a token is not kept by shared caches."""
    harden(response)
    response.headers["Cache-Control"] = "private, no-cache" if token else "no-cache"
    response.vary.update(["Accept", "Authorization"])
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers.add("WWW-Authenticate", 'Basic realm="pushdigest", charset="UTF-8"')
        response.headers.add("WWW-Authenticate", 'Bearer realm="pushdigest"')
    return response


def harden(response: Response) -> Response:
    """The headers of every answer; one that says nothing of caches is kept by none."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
