"""Requests that nobody sends, for tests of what comes of them: any method, address, header and body."""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st
from payloads_of_any_kind import DAYS, HOSTILE, SHAS, payloads, to_bytes
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from webhook.signature import sign

WORDS = (
    "reports",
    "commits",
    "search",
    "webhooks",
    "github",
    "feed.atom",
    "healthz",
    "readyz",
    "metrics",
    "static",
    "watches",
)
NAMES = ("example", "Engine", "engine", "EXAMPLE", "other", "digests")
SUFFIXES = ("", ".md", ".json", ".html", ".atom", ".MD", ".", "/")
METHODS = (
    *("GET",) * 12,
    *(
        "HEAD",
        "POST",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "get",
        "X-Y",
    ),
)
HEADERS: Mapping[str, tuple[str, ...]] = {
    "Accept": ("*/*", "text/html", "application/json", "text/markdown;q=x", "text/html;q=nan", "/", ",,;;q="),
    "Accept-Language": ("zh-CN", "\xff"),
    "Authorization": (
        "Bearer",
        "Bearer \xff",
        "Basic",
        "Basic !!!",
        "Basic /////w==",
        "Digest a=b",
        "Basic Og==",
    ),
    "Content-Type": (
        *("application/json", "application/x-www-form-urlencoded", "text/plain", ";", "multipart/form-data"),
        *("application/json; charset=utf-99", "multipart/form-data; boundary=x"),
    ),
    "Content-Encoding": ("gzip", "identity", "br, gzip"),
    "Content-Length": ("0", "-1", "abc", "99999999999999999999", "26214401", "1"),
    "Cookie": ("session=x", "\xff=\xff;;;"),
    "Expect": ("100-continue",),
    "Forwarded": ("for=127.0.0.1;host=[", "x"),
    "Host": ("localhost", "evil.example", "a b", "[::1", "[", "", "localhost:x", "\xff"),
    "If-Match": ("*", '"x"'),
    "If-Modified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "Thu, 01 Jan 0000 00:00:00 GMT"),
    "If-None-Match": ("*", '"x"', 'W/"', '"\xff'),
    "If-Range": ('"x"', "x"),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1,", "lines=x"),
    "Transfer-Encoding": ("chunked", "gzip"),
    "X-Forwarded-For": ("127.0.0.1", "::1, x", ",,,"),
    "X-Forwarded-Host": ("evil.example",),
    "X-Forwarded-Prefix": ("/digests", "//evil.example"),
    "X-Forwarded-Proto": ("https", "javascript"),
    "X-Github-Delivery": ("72d3162e-cc78-11e3-81ab-4c9367dc0958", "", "../x", "a" * 65),
    "X-Github-Event": ("push", "ping", "issues", "PUSH", "--exec"),
    "X-Http-Method-Override": ("DELETE",),
    "X-Hub-Signature": ("sha1=0",),
    "X-Hub-Signature-256": (
        "sha256=",
        "sha256=" + "0" * 64,
        "sha256=\xff",
        "x",
        "sha256=" + "0" * 64 + ", x",
    ),
}


@dataclass(frozen=True)
class AnyRequest:
    """One request, down to the bytes that a server would hand to the application."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def environ(self) -> dict[str, Any]:
        named = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in self.headers.items()}
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if f"HTTP_{name}" in named:
                named[name] = named.pop(f"HTTP_{name}")
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": _wire(self.path),
            "QUERY_STRING": _wire(self.query),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **named,
        }

    def without(self, header: str) -> "AnyRequest":
        return replace(self, headers={name: value for name, value in self.headers.items() if name != header})

    def ask(self, application: Callable[..., Any]) -> Response:
        """The answer of an application; an exception that it lets through comes out here."""
        body, status, headers = run_wsgi_app(application, self.environ(), buffered=True)
        return Response(b"".join(body), status, headers)


def _wire(text: str) -> str:
    """A text as WSGI has it: its bytes in UTF-8, one letter each."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


ANYTHING = st.one_of(
    st.sampled_from((*WORDS, *NAMES, *HOSTILE)), st.sampled_from(HOSTILE), st.text(max_size=8)
)
PATHS = st.one_of(
    st.sampled_from(
        (
            "/",
            "/search",
            "/search.json",
            "/feed.atom",
            "/healthz",
            "/readyz",
            "/metrics",
            "/webhooks/github",
            "",
        )
    ),
    st.builds("/reports/{}{}".format, st.sampled_from(DAYS), st.sampled_from(SUFFIXES)),
    st.builds("/reports/example/engine/{}{}".format, st.sampled_from(DAYS), st.sampled_from(SUFFIXES)),
    st.builds("/commits/example/engine/{}{}".format, st.sampled_from(SHAS), st.sampled_from(SUFFIXES)),
    st.builds("/digests/reports/example/{}/feed.atom".format, st.sampled_from(NAMES)),
    st.builds("/watches/engine/{}{}".format, st.sampled_from(DAYS), st.sampled_from(SUFFIXES)),
    st.builds("/watches/{}{}".format, ANYTHING, st.sampled_from(("", "/feed.atom"))),
    st.builds("/reports/{}{}".format, ANYTHING, st.sampled_from(SUFFIXES)),
    st.builds("/{}/example/engine/{}".format, st.sampled_from(WORDS), ANYTHING),
    st.builds("/{}/{}/engine/2026-01-09".format, st.sampled_from(WORDS), ANYTHING),
    st.builds("/{}{}".format, st.sampled_from(WORDS), ANYTHING),
    st.builds("//{}//{}".format, ANYTHING, st.sampled_from(WORDS)),
    ANYTHING,
)
"""Mostly near an address that there is."""
FIELDS = tuple(
    f"{name}={value}"
    for name in ("importance", "author", "path", "q", "page", "%00", "")
    for value in ("high", "low,medium", "huge", "src/", "[z-a]", "%ff", "%zz", "&&==", *HOSTILE)
)
QUERIES = st.lists(st.sampled_from(FIELDS), max_size=2).map("&".join)
LINES = tuple((name, value) for name, values in HEADERS.items() for value in values)
ODD = st.tuples(st.sampled_from(sorted(HEADERS)), st.text(string.printable + "\x7f\x80\xff", max_size=12))
FIELD_LINES = st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(LINES), ODD), max_size=4).map(dict)


def any_request() -> st.SearchStrategy[AnyRequest]:
    """A request without a signature that fits."""
    bodies = st.one_of(st.just(b""), st.binary(max_size=40), payloads().map(to_bytes))
    return st.builds(AnyRequest, st.sampled_from(METHODS), PATHS, QUERIES, FIELD_LINES, bodies)


# Deliveries that are signed


def signed(body: bytes, secret: str, **given: str) -> AnyRequest:
    """A delivery of a body; headers with `_` for `-`."""
    sent = {
        "Content-Type": "application/json",
        "X-Github-Event": "push",
        "X-Github-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-Hub-Signature-256": sign(body, secret),
    }
    return AnyRequest(
        "POST",
        "/webhooks/github",
        headers=sent | {name.replace("_", "-"): value for name, value in given.items()},
        body=body,
    )


def signed_deliveries(secret: str) -> st.SearchStrategy[AnyRequest]:
    """Deliveries that a secret has signed, whatever they say."""
    whole = payloads().map(to_bytes)
    spoilt = st.sampled_from(
        (lambda body: body[:-1], lambda body: b"\xef\xbb\xbf" + body, lambda body: body * 2)
    )
    bodies = st.one_of(
        whole,
        whole,
        whole.map(lambda body: urlencode({"payload": body}).encode()),
        st.builds(lambda spoil, body: spoil(body), spoilt, whole),
    )
    return st.builds(
        lambda body, event, form, guid: signed(
            body, secret, Content_Type=form, X_Github_Event=event, X_Github_Delivery=guid
        ),
        bodies,
        st.sampled_from(("push", "push", "push", "push", "ping", "issues")),
        st.sampled_from(("application/json", "application/json", "application/x-www-form-urlencoded")),
        st.uuids().map(str),
    )
