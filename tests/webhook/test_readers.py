"""Who may read what: private repositories, the token, and who counts as sitting at this machine."""

import hmac
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import make_call
from deliveries import ENGINE, deliver, encode, make_client, read_payload
from flask.testing import FlaskClient

from analysis.settings import load_settings
from analysis.sources import InvalidSettings
from analysis.storage.accounts import Accounts
from webhook.app import create_app

DAY = f"/reports/{ENGINE}/2026-01-09"
PUBLIC = {"base_url": "https://digest.example.org"}
LOCKED = {"report_token": "t0ken"}
SHOWN = {"Authorization": "Bearer t0ken"}
PAGES = (
    "/",
    "/reports/2026-01-09",
    "/reports/2026-01-09.md",
    "/reports/2026-01-09.json",
    "/search?q=engine",
    "/search.json?q=e",
    "/feed.atom",
    "/metrics",
)


def push(client: FlaskClient, *, private: bool, pushed_at: int = 1767929400, delivery: str = "first") -> None:
    payload = read_payload("push__several-commits")
    payload["repository"] |= {"private": private, "pushed_at": pushed_at}
    answer = deliver(client, encode(payload), headers={"X-GitHub-Delivery": delivery})
    assert answer.status_code == 202


def follower(redis_url: str, *, private: bool = False, **options: Any) -> FlaskClient:
    return make_client(redis_url, {"name": ENGINE, "private": private}, **options)


# Private repositories


@pytest.mark.parametrize("options", [{}, {"base_url": "http://localhost:8000"}, PUBLIC | LOCKED])
@pytest.mark.parametrize("by", ["settings", "GitHub"])
def test_a_private_repository_is_read_at_this_machine_or_with_the_token(
    redis_url: str, options: dict[str, str], by: str
) -> None:
    client = follower(redis_url, private=by == "settings", **options)
    push(client, private=by == "GitHub")
    assert client.get(DAY, headers=SHOWN).status_code == 200
    assert client.get(DAY).status_code == (401 if "report_token" in options else 200)


@pytest.mark.parametrize("options", [PUBLIC, {"host": "0.0.0.0"}, {"trusted_proxies": "1"}])  # noqa: S104 - no socket
def test_what_the_settings_call_private_is_not_served_beyond_this_machine_at_all(
    redis_url: str, options: dict[str, str]
) -> None:
    with pytest.raises(InvalidSettings, match="REPORT_TOKEN"):
        follower(redis_url, private=True, **options)


def test_what_github_calls_private_does_not_exist_beyond_this_machine(
    redis_url: str, accounts: Accounts
) -> None:
    client = follower(redis_url, **PUBLIC)
    push(client, private=True)
    accounts.record(make_call(id="1", repository=ENGINE, at=datetime.now(UTC), cost_usd=1.0))
    for path in (DAY, f"{DAY}.json", f"/reports/{ENGINE}/feed.atom", f"/commits/{ENGINE}/10026fe"):
        assert client.get(path).status_code == 404
    for path in PAGES:
        assert ENGINE.lower() not in client.get(path).text.lower()


def test_a_watch_does_not_show_what_github_calls_private(redis_url: str) -> None:
    watches = [
        {"name": "every", "importance": ["high", "medium", "low"]},
        {"name": "all", "words": ["a", "the", "commit", "update", "add"]},
        {"name": "secret", "repositories": [ENGINE]},
    ]
    client = follower(redis_url, watches=watches, **PUBLIC)
    push(client, private=False)
    found = client.get("/watches/secret")
    assert (found.status_code, ENGINE in found.text) == (200, True)
    push(client, private=True, pushed_at=1767930000, delivery="newer")
    days = ("2026-01-09", "2026-W02", "2026-01-01..2026-03-31")
    forms = ("", "/feed.atom", *(f"/{name}{form}" for name in days for form in ("", ".md", ".json")))
    for form in forms:
        assert client.get(f"/watches/secret{form}").status_code == 404
    for path in ("/", "/watches", *(f"/watches/{name}{form}" for name in ("every", "all") for form in forms)):
        text = client.get(path).text.lower()
        assert ENGINE.lower() not in text
        assert "secret" not in text


def test_the_newest_push_says_whether_a_repository_is_private(redis_url: str) -> None:
    client = follower(redis_url, **PUBLIC)
    push(client, private=True)
    push(client, private=False, pushed_at=1767900000, delivery="older")
    assert client.get(DAY).status_code == 404
    push(client, private=False, pushed_at=1767930000, delivery="newer")
    assert client.get(DAY).status_code == 200
    push(client, private=True, pushed_at=1767929400, delivery="replayed")
    assert client.get(DAY).status_code == 200


PASSED_ON = [
    {"X-Forwarded-For": "203.0.113.7"},
    {"X-Forwarded-Host": "digest.example.org"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 proxy"},
    {"Host": "digest.example.org"},
    {"Host": "127.0.0.1.example.org"},
    {"Host": "a b"},
]
"""What tells of a proxy that the settings know nothing of, or of a name that was made to lead here."""


@pytest.mark.parametrize("headers", PASSED_ON)
def test_a_request_that_was_passed_on_is_not_from_this_machine(
    redis_url: str, headers: dict[str, str]
) -> None:
    client = follower(redis_url, private=True)
    push(client, private=False)
    assert client.get(DAY, headers=headers).status_code == 404
    assert client.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_a_request_under_a_name_of_this_machine_is_from_it(redis_url: str, host: str) -> None:
    client = follower(redis_url, private=True)
    push(client, private=False)
    assert client.get(DAY, headers={"Host": host}).status_code == 200
    afar = {"REMOTE_ADDR": "192.168.1.7"}
    assert client.get(DAY, headers={"Host": host}, environ_overrides=afar).status_code == 404


# The token


@pytest.mark.parametrize("path", [*PAGES, DAY, f"/commits/{ENGINE}/10026fe", "/reports/nonsense"])
@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer",
        "Bearer t0ke",
        "Bearer t0ken2",
        "Bearer T0KEN",
        "Basic dDBrZW46",
        "Digest t0ken",
        "t0ken",
    ],
)
def test_without_the_right_token_nothing_is_read(
    redis_url: str, path: str, authorization: str | None
) -> None:
    client = follower(redis_url, **LOCKED)
    headers = {"Authorization": authorization} if authorization else {}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 401
    asked = [value.split()[0] for value in answer.headers.getlist("WWW-Authenticate")]
    assert asked == ["Basic", "Bearer"]
    assert answer.headers["Cache-Control"].startswith("private")
    assert "t0ken" not in answer.text
    assert ENGINE.lower() not in answer.text.lower()


def test_the_token_guards_what_is_read_not_what_is_delivered_or_asked_of_the_process(redis_url: str) -> None:
    client = follower(redis_url, **LOCKED)
    assert deliver(client, encode(read_payload("ping__repository")), event="ping").status_code == 200
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert client.get("/metrics", headers=SHOWN).status_code == 200


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What has been compared in constant time; it still is."""
    pairs: list[tuple[Any, Any]] = []
    constant = hmac.compare_digest

    def compare(one: Any, other: Any) -> bool:
        pairs.append((one, other))
        return constant(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    return pairs


def test_tokens_and_signatures_are_compared_in_constant_time(
    redis_url: str, compared: list[tuple[Any, Any]]
) -> None:
    """And each secret is tried, so that the time tells not even which one fits."""
    table = {"name": ENGINE, "webhook_secrets": ["new", "old"]}
    client = make_client(redis_url, table, github_webhook_secret=None, **LOCKED)
    client.get("/", headers={"Authorization": "Bearer wrong"})
    assert compared == [(b"wrong", b"t0ken")]
    compared.clear()
    assert (
        deliver(client, encode(read_payload("ping__repository")), event="ping", secret="new").status_code
        == 200
    )
    assert len(compared) == 2


# Proxies


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        ("0", "http://localhost/ by 127.0.0.1"),
        ("1", "https://inner.example/sub/ by 10.0.0.2"),
        ("2", "http://outer.example/ by 198.51.100.1"),
    ],
)
def test_so_many_proxies_are_believed_as_the_settings_say(redis_url: str, proxies: str, seen: str) -> None:
    from flask import request  # noqa: PLC0415 - of this request

    app = create_app(load_settings(redis_url=redis_url, trusted_proxies=proxies))
    app.add_url_rule("/seen", view_func=lambda: f"{request.url_root} by {request.remote_addr}")
    headers = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.1, 10.0.0.2",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "outer.example, inner.example",
        "X-Forwarded-Prefix": "/sub",
    }
    assert app.test_client().get("/seen", headers=headers).text == seen


@pytest.mark.parametrize(
    "path", ["/healthz", "/digests/healthz", "/digests", "/digests/", "/digests/feed.atom"]
)
def test_a_sub_path_is_served_whether_the_proxy_takes_it_off_or_not(redis_url: str, path: str) -> None:
    settings = load_settings(redis_url=redis_url, base_url="https://example.org/digests/")
    assert create_app(settings).test_client().get(path).status_code == 200


@pytest.mark.parametrize("path", ["//", "//evil.example", "/reports//2026-01-09", "/digests//"])
def test_no_answer_leads_to_the_host_that_a_request_names(redis_url: str, path: str) -> None:
    settings = load_settings(redis_url=redis_url, base_url="https://example.org/digests/")
    answer = create_app(settings).test_client().get(path, headers={"Host": "evil.example"})
    assert answer.status_code in {200, 404}
    assert "evil.example" not in f"{answer.headers}{answer.text}"
