"""The real web process against clients that are slow, wrong or never content, and too large bodies."""

import gzip
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from deliveries import read_payload
from invariants import snapshot
from large_answer import GIVEN_UP
from processes import Site, free_port, table
from promises import SECRETS, said
from waiting import until
from wire import Wire

from webhook.deliveries import LARGEST
from webhook.signature import sign

NAME = "example/engine"
SECRET = SECRETS["GITHUB_WEBHOOK_SECRET"]
SECONDS = 6
"""For one request, where it is 30 outside of this test."""
TOO_LARGE = 26 * 1024 * 1024
ASKED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
TESTS = Path(__file__).parents[1]
BODY = json.dumps(read_payload("push__several-commits")).encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    limits = {"GUNICORN_CMD_ARGS": f"--timeout {SECONDS}"}
    with Site(tmp_path_factory.mktemp("slow"), tables=[table(NAME)], LOG_LEVEL="debug", **limits) as site:
        site.start("web")
        yield site


def head(body: bytes = BODY, **given: str | list[str] | None) -> bytes:
    """The head of a delivery of a body, signed; a header of several values comes several times."""
    fields: dict[str, str | list[str] | None] = {
        "Host": "localhost",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-Hub-Signature-256": sign(body, SECRET),
    }
    fields |= {name.replace("_", "-"): value for name, value in given.items()}
    lines = [
        f"{name}: {value}"
        for name, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
        if value is not None
    ]
    return "\r\n".join(["POST /webhooks/github HTTP/1.1", *lines, "", ""]).encode("latin-1")


def chunked(body: bytes, size: int = 65_536) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        part = body[start : start + size]
        yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


# Slow ones


def drip(wires: list[Wire], stopped: Event) -> None:
    """A byte each, now and then, for as long as it is let."""
    while not stopped.wait(0.2):
        for wire in wires:
            wire.send(b"x")


@pytest.fixture
def slow(site: Site) -> Iterator[list[Wire]]:
    """Twelve clients that never come to an end: in their headers, a body or chunks, or before they begin."""
    chunks = head(Transfer_Encoding="chunked", Content_Length=None) + b"fff\r\n"
    beginnings = [ASKED + b"X-Slow: ", head(b"x" * 1000), chunks, b"P"]
    wires, stopped = [Wire(site.port).send(beginning) for beginning in beginnings * 3], Event()
    dripping = Thread(target=drip, args=(wires, stopped))
    dripping.start()
    yield wires
    stopped.set()
    dripping.join()
    for wire in wires:
        wire.socket.close()


def test_slow_clients_hold_up_nobody_and_are_cut_off(site: Site, slow: list[Wire]) -> None:
    assert [site.get(path).status for path in ("/healthz", "/readyz", "/", "/feed.atom")] == [200] * 4
    assert all(wire.is_open() for wire in slow), "the others were served only after them"
    until(lambda: not any(wire.is_open() for wire in slow), what="the end of their time")
    assert site.get("/healthz").status == 200


def test_a_client_that_does_not_take_its_answer_is_cut_off(site: Site) -> None:
    """Under the same gunicorn and the same configuration."""
    port = free_port()
    variables = ["env", f"PORT={port}", f"PYTHONPATH={TESTS}:{TESTS.parent}", "GUNICORN_CMD_ARGS=--timeout 3"]
    gunicorn = ["-m", "gunicorn", "--config", "python:webhook.server", "large_answer:create_app()"]
    site.launch("large", [*variables, sys.executable, *gunicorn])
    with until(lambda: reached(port), what="the large answer") as wire:
        wire.send(ASKED, b"\r\n")
        until((site.folder / GIVEN_UP).exists, what="the end of its time")
    site.stop("large")


def reached(port: int) -> Wire | None:
    with suppress(ConnectionRefusedError):
        return Wire(port)
    return None


def test_clients_that_never_hang_up_hold_up_nobody(site: Site) -> None:
    """gunicorn would wait two seconds for each of them, one after the other, and serve nobody meanwhile."""
    wires = [Wire(site.port).send(ASKED, b"Connection: close\r\n\r\n") for _ in range(40)]
    started = time.monotonic()
    assert site.get("/healthz").status == 200
    assert [wire.answer().status for wire in wires] == [200] * len(wires)
    assert time.monotonic() - started < len(wires) / 2
    for wire in wires:
        wire.socket.close()


# Wrong ones

ZERO = b"0\r\n\r\n"
CASES: dict[str, tuple[int, bytes]] = {
    "a length too short": (401, head(Content_Length=str(len(BODY) - 1)) + BODY),
    "a length too long": (400, head(Content_Length=str(len(BODY) + 1)) + BODY),
    "no length": (401, head(Content_Length=None) + BODY),
    "a negative length": (400, head(Content_Length="-1") + BODY),
    "a length in words": (400, head(Content_Length="ten") + BODY),
    "an endless length": (413, head(Content_Length="9" * 18) + BODY),
    "two lengths": (400, head(Content_Length=["1", "2"]) + BODY),
    "a length and chunks": (400, head(Transfer_Encoding="chunked") + ZERO),
    "chunks without a size": (400, head(Transfer_Encoding="chunked", Content_Length=None) + b"zz\r\nabc"),
    "chunks that stop": (400, head(Transfer_Encoding="chunked", Content_Length=None) + b"fff\r\nabc"),
    "chunks without their end": (400, head(Transfer_Encoding="chunked", Content_Length=None) + b"3\r\nabcd"),
    "chunks with an odd trailer": (
        400,
        head(Transfer_Encoding="chunked", Content_Length=None) + b"0\r\n \x00\r\n\r\n",
    ),
    "another coding": (400, head(Transfer_Encoding="gzip", Content_Length=None) + BODY),
    "gzip": (415, head(gzip.compress(BODY), Content_Encoding="gzip") + gzip.compress(BODY)),
    "a signature, and another": (401, head(X_Hub_Signature_256=["sha256=00", sign(BODY, SECRET)]) + BODY),
    "the signature twice": (401, head(X_Hub_Signature_256=[sign(BODY, SECRET)] * 2) + BODY),
    "two identifiers": (400, head(X_GitHub_Delivery=["a", "b"]) + BODY),
    "two events": (400, head(X_GitHub_Event=["push", "push"]) + BODY),
    "two types": (400, head(Content_Type=["application/json", "text/plain"]) + BODY),
    "an identifier of another line": (400, head(X_GitHub_Delivery="a\rb") + BODY),
    "no signature": (401, head(X_Hub_Signature_256=None) + BODY),
    "underscores for hyphens": (
        401,
        head(X_Hub_Signature_256=None).replace(
            b"Host: localhost", b"Host: localhost\r\nX_Hub_Signature_256: x"
        )
        + BODY,
    ),
    "another expectation": (417, head(Expect="tea") + BODY),
    "no host": (401, head(Host=None, X_Hub_Signature_256=None) + BODY),
    "a script name": (200, ASKED + b"SCRIPT_NAME: /x\r\nPATH_INFO: /metrics\r\n\r\n"),
    "a contradicting scheme": (200, ASKED + b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n"),
    "a query that is no text": (400, b"GET /reports/2026-01-09?q=\xed\xa0 HTTP/1.1\r\nHost: x\r\n\r\n"),
    "a long address": (414, b"GET /" + b"x" * 10_000 + b" HTTP/1.1\r\n\r\n"),
    "many headers": (431, ASKED + b"X-Y: z\r\n" * 200 + b"\r\n"),
    "another protocol": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256))),
    "HTTP/2 at once": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "no request": (0, b""),
}
"""What is sent before the client says that nothing more comes, and what it is answered with."""


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_http_or_no_delivery_is_refused_and_changes_nothing(site: Site, case: str) -> None:
    status, request = CASES[case]
    before = snapshot(site.shop.store.redis)
    with Wire(site.port) as wire:
        answer = wire.send(request).finish().answer()
    assert (answer.status, b"Traceback" in answer.body) == (status, False), answer.body
    assert snapshot(site.shop.store.redis) == before


# Large ones


def padded(size: int) -> bytes:
    """A delivery of just so many bytes."""
    payload: Any = {**read_payload("push__several-commits"), "padding": ""}
    return json.dumps(payload | {"padding": "x" * (size - len(json.dumps(payload)))}).encode()


@pytest.mark.parametrize("sent", ["announced", "whole", "in chunks"])
def test_a_delivery_of_26_mb_is_refused_however_it_comes(site: Site, sent: str) -> None:
    body = padded(TOO_LARGE)
    with Wire(site.port) as wire:
        if sent == "in chunks":
            wire.send(head(body, Transfer_Encoding="chunked", Content_Length=None), *chunked(body))
        else:
            wire.send(head(body), body if sent == "whole" else b"")
        answer = wire.answer()
    assert (answer.status, answer.headers["X-Content-Type-Options"]) == (413, "nosniff")
    assert json.loads(said(answer.body.decode())) == {"error": "A delivery has at most 25 MB."}
    assert site.shop.ledger.repositories() == ()


@pytest.mark.parametrize("in_chunks", [False, True])
def test_the_largest_delivery_that_github_makes_is_taken(site: Site, *, in_chunks: bool) -> None:
    body = padded(LARGEST)
    with Wire(site.port) as wire:
        if in_chunks:
            wire.send(head(body, Transfer_Encoding="chunked", Content_Length=None), *chunked(body))
        else:
            wire.send(head(body), body)
        assert wire.answer().status == 202
    assert site.shop.ledger.repositories() == (NAME,)
