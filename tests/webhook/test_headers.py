"""The headers that protect: on whatever is answered, in every form, right or wrong."""

from pathlib import Path

import pytest
from deliveries import ENGINE, deliver, encode, make_client, read_payload
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

BROWSER = {"Accept": "text/html"}
PROGRAM = {"Accept": "application/json"}
DAY = f"/reports/{ENGINE}/2026-01-09"
COMMIT = f"/commits/{ENGINE.lower()}"
SHA = "10026fe28c75f61423282b223a00c3b416679520"

ANSWERS = {
    "index": ("GET", "/", BROWSER, 200, "text/html"),
    "digest": ("GET", DAY, BROWSER, 200, "text/html"),
    "digest as JSON": ("GET", f"{DAY}.json", {}, 200, "application/json"),
    "digest as Markdown": ("GET", f"{DAY}.md", {}, 200, "text/markdown"),
    "commit": ("GET", f"/commits/{ENGINE}/{SHA}", BROWSER, 200, "text/html"),
    "feed": ("GET", "/feed.atom", {}, 200, "application/atom+xml"),
    "head": ("HEAD", DAY, BROWSER, 200, "text/html"),
    "options": ("OPTIONS", DAY, {}, 200, "text/html"),
    "not modified": ("GET", DAY, {"If-None-Match": "*"}, 304, ""),
    "redirect": ("GET", f"/commits/{ENGINE}/{SHA[:9]}", BROWSER, 302, "text/html"),
    "health": ("GET", "/healthz", {}, 200, "application/json"),
    "readiness": ("GET", "/readyz", {}, 200, "application/json"),
    "metrics": ("GET", "/metrics", {}, 200, "text/plain"),
    "no such day": ("GET", "/reports/2001-01-01", BROWSER, 404, "text/html"),
    "no such day, as JSON": ("GET", "/reports/2001-01-01.json", {}, 404, "application/json"),
    "no such day, as text": ("GET", "/reports/2001-01-01.md", {}, 404, "text/plain"),
    "no date": ("GET", "/reports/yesterday", BROWSER, 400, "text/html"),
    "no such page": ("GET", "/nowhere", BROWSER, 404, "text/html"),
    "no such address": ("GET", "/nowhere", PROGRAM, 404, "application/json"),
    "no such method": ("DELETE", "/healthz", {}, 405, "application/json"),
    "no delivery": (
        "POST",
        "/webhooks/github",
        {"Content-Type": "application/json"},
        401,
        "application/json",
    ),
    "no content type": ("POST", "/webhooks/github", {}, 415, "application/json"),
}
"""What is asked, and what it is answered with."""

AWAY = {
    "page": ("GET", "/", BROWSER, 503, "text/html"),
    "JSON": ("GET", f"{DAY}.json", PROGRAM, 503, "application/json"),
    "readiness": ("GET", "/readyz", {}, 503, "application/json"),
    "metrics": ("GET", "/metrics", {}, 200, "text/plain"),
}
"""The same while Redis is away."""

Asked = tuple[str, str, dict[str, str], int, str]


def ask(client: FlaskClient, asked: Asked) -> TestResponse:
    method, path, headers, status, form = asked
    answer = client.open(path, method=method, headers=headers)
    assert (answer.status_code, answer.mimetype or "") == (status, form)
    return answer


def assert_protected(answer: TestResponse) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"no-store", "no-cache"} & set(headers["Cache-Control"].split(", "))
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_is_protected(redis_url: str, kind: str) -> None:
    client = make_client(redis_url)
    deliver(client, encode(read_payload("push__several-commits")))
    assert_protected(ask(client, ANSWERS[kind]))


@pytest.mark.parametrize("kind", AWAY)
def test_every_kind_of_answer_is_protected_while_redis_is_away(tmp_path: Path, kind: str) -> None:
    assert_protected(ask(make_client(f"unix://{tmp_path}/none.sock"), AWAY[kind]))


def test_a_mistake_of_ours_is_protected_too(redis_url: str) -> None:
    client = make_client(redis_url)
    client.application.add_url_rule("/broken", view_func=lambda: str(1 // 0))
    for headers in (BROWSER, PROGRAM):
        answer = client.get("/broken", headers=headers)
        assert answer.status_code == 500
        assert_protected(answer)


@pytest.mark.parametrize("path", ["/", DAY, f"{DAY}.json", f"{DAY}.md", "/feed.atom", "/reports/2001-01-01"])
def test_no_shared_cache_keeps_what_needs_a_token(redis_url: str, path: str) -> None:
    client = make_client(redis_url, report_token="t0ken")
    deliver(client, encode(read_payload("push__several-commits")))
    answer = client.get(path, headers={"Authorization": "Bearer t0ken"})
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer.headers["Vary"]
