"""Thousands of requests that nobody sends; `make fuzz` sends ten thousand."""

import logging
import os
from collections import Counter
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from deliveries import SECRET
from flask import Flask
from hostile_town import texts_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payloads_of_any_kind import FIXTURES, to_bytes
from redis import Redis
from requests_of_any_kind import AnyRequest, any_request, signed, signed_deliveries

from analysis import log
from analysis.settings import load_settings
from analysis.storage.ledger import Ledger
from webhook.app import create_app

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "2000"))
ENGINE, OTHER = "example/engine", "example/other"
OTHERS_SECRET = "the-others-own-secret"
AFTERWARDS = ("/", "/reports/2026-01-09", f"/reports/{ENGINE}/2026-01-09.json")
"""What is read once a delivery has been taken."""

pytestmark = pytest.mark.timeout(600)


def share(of_ten: int) -> settings:
    """So many tenths of all requests."""
    return settings(
        max_examples=REQUESTS * of_ten // 10, deadline=None, suppress_health_check=list(HealthCheck)
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What the process logs, as it would outside of a test."""
    root, said = logging.getLogger(), StringIO()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    monkeypatch.setattr("sys.stderr", said)
    log.configure("info", "json", secrets=[SECRET, OTHERS_SECRET])
    yield said
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)
    assert "Traceback" not in said.getvalue()
    assert '"level": "error"' not in said.getvalue()


def make_app(redis_url: str) -> Flask:
    tables = [{"name": ENGINE, "branches": ["*"]}, {"name": OTHER, "webhook_secrets": [OTHERS_SECRET]}]
    return create_app(
        load_settings(
            redis_url=redis_url,
            github_webhook_secret=SECRET,
            repository_tables=tables,
            base_url="https://digest.example.org/digests",
            watches=[{"name": "engine", "words": ["a", "the"], "repositories": [ENGINE]}],
            mutes=[{"words": ["update", "fix"]}],
        )
    )


STEPS = ("+eval", "+evalsha")
"""What a step does is held against these rights as well, command by command."""


@pytest.fixture
def read_only(redis_url: str) -> Iterator[Flask]:
    """The application over a ledger with five commits; Valkey itself lets it change nothing.

    But for what `/readyz` tries. Whatever else were written would be refused, and answered with 503.
    """
    delivery = signed(to_bytes(FIXTURES["push__several-commits"]), SECRET)
    assert delivery.ask(make_app(redis_url)).status_code == 202
    before = sorted(texts_in(redis_url))
    with Redis.from_url(redis_url) as redis:
        rights = ["on", "nopass", "~*", "+@read", "+@connection", "+info", "+multi", "+exec", *STEPS]
        redis.execute_command("ACL", "SETUSER", "reader", *rights, "(+set ~pushdigest:lock:probe)")
        yield make_app(redis_url.replace("unix://", "unix://reader:any@"))
        redis.execute_command("ACL", "DELUSER", "reader")
        redis.delete("pushdigest:lock:probe")
    assert sorted(texts_in(redis_url)) == before


def ask(app: Flask, request: AnyRequest, seen: Counter[int]) -> int:
    """The status of an answer, which is never a mistake of ours and never leads elsewhere."""
    answer = request.ask(app.wsgi_app)
    text = answer.get_data().decode()
    assert answer.status_code < 500, text
    assert "Traceback" not in text
    assert "nosniff" in answer.headers["X-Content-Type-Options"]
    assert answer.headers.get("Location", "/digests/").startswith("/digests/")
    seen[answer.status_code] += 1
    return answer.status_code


def test_without_a_signature_nothing_is_changed_and_every_answer_makes_sense(
    read_only: Flask, told: StringIO
) -> None:
    seen: Counter[int] = Counter()

    @share(4)
    @given(any_request())
    def send(request: AnyRequest) -> None:
        assert ask(read_only, request, seen) != 202

    send()
    assert seen.total() >= REQUESTS * 4 // 10
    assert seen.keys() >= {200, 400, 404, 405}, "they reach too little"
    assert "Traceback" not in told.getvalue()


def test_a_delivery_that_nobody_signed_is_refused_whatever_it_says(read_only: Flask, told: StringIO) -> None:
    seen: Counter[int] = Counter()
    unsigned = signed_deliveries(SECRET).map(lambda request: request.without("X-Hub-Signature-256"))
    guessed = st.sampled_from(["", "guessed", SECRET.upper()]).flatmap(signed_deliveries)

    @share(1)
    @given(st.one_of(unsigned, guessed))
    def send(request: AnyRequest) -> None:
        assert ask(read_only, request, seen) == 401

    send()
    assert seen.total() >= REQUESTS // 10
    assert "fits no secret" in told.getvalue()
    assert "is missing" in told.getvalue()


def test_the_secret_of_another_repository_changes_nothing(read_only: Flask, told: StringIO) -> None:
    seen: Counter[int] = Counter()

    @share(1)
    @given(signed_deliveries(OTHERS_SECRET))
    def send(request: AnyRequest) -> None:
        assert ask(read_only, request, seen) != 202

    send()
    assert seen.total() >= REQUESTS // 10
    assert seen.keys() >= {200, 400, 401}
    assert "fits no secret" in told.getvalue()


def test_whatever_is_signed_is_taken_or_refused_and_can_be_read(
    redis_url: str, ledger: Ledger, told: StringIO
) -> None:
    app, seen = make_app(redis_url), Counter[int]()

    @share(4)
    @given(signed_deliveries(SECRET))
    def send(request: AnyRequest) -> None:
        if ask(app, request, seen) == 202:
            for path in AFTERWARDS:
                assert ask(app, AnyRequest(path=path), Counter()) in {200, 404}

    send()
    assert seen.total() >= REQUESTS * 4 // 10
    assert seen.keys() >= {200, 202, 400}
    assert set(ledger.repositories()) <= {ENGINE}
    assert "push recorded" in told.getvalue()
