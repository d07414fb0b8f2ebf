from io import BytesIO
from typing import Any

import pytest
from deliveries import ENGINE, SECRET, deliver, encode, make_client, read_payload, refusal
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from analysis.storage.ledger import Ledger
from webhook.deliveries import LARGEST
from webhook.signature import sign


@pytest.fixture
def client(redis_url: str) -> FlaskClient:
    return make_client(redis_url)


@pytest.fixture
def several() -> Any:
    return read_payload("push__several-commits")


def test_a_wrong_signature_is_refused_before_the_body_is_parsed(client: FlaskClient, ledger: Ledger) -> None:
    status, reason = refusal(deliver(client, b"[" * 100_000, secret="wrong"))
    assert (status, "fits no secret" in reason) == (401, True)
    assert ledger.repositories() == ()


def test_a_missing_signature_is_refused(client: FlaskClient, several: Any) -> None:
    headers = {"X-Hub-Signature-256": None, "X-Hub-Signature": "sha1=0"}
    status, reason = refusal(deliver(client, encode(several), headers=headers))
    assert (status, "is missing" in reason) == (401, True)


def test_without_any_secret_every_delivery_is_refused(redis_url: str, several: Any) -> None:
    client = make_client(redis_url, github_webhook_secret=None)
    status, reason = refusal(deliver(client, encode(several), secret=""))
    assert (status, "GITHUB_WEBHOOK_SECRET" in reason) == (401, True)


def test_a_body_changed_on_its_way_is_refused(client: FlaskClient, several: Any) -> None:
    body = encode(several)
    headers = {"X-Hub-Signature-256": sign(body, SECRET)}
    assert refusal(deliver(client, body + b" ", headers=headers))[0] == 401


def test_a_repositorys_own_secrets_replace_the_global_one(redis_url: str, several: Any) -> None:
    client = make_client(redis_url, {"name": ENGINE, "webhook_secrets": ["new-secret", "old-secret"]})
    assert deliver(client, encode(several), secret="new-secret").status_code == 202
    assert deliver(client, encode(several), secret="old-secret").status_code == 202
    assert refusal(deliver(client, encode(several), secret=SECRET))[0] == 401


def test_one_repositorys_secret_does_not_sign_for_another(
    redis_url: str, ledger: Ledger, several: Any
) -> None:
    other = {"name": "example/other", "webhook_secrets": ["the-others"]}
    client = make_client(redis_url, {"name": ENGINE}, other)
    assert refusal(deliver(client, encode(several), secret="the-others"))[0] == 401
    assert ledger.repositories() == ()
    several["repository"]["full_name"] = "example/other"
    assert deliver(client, encode(several), secret="the-others").status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {"X-GitHub-Event": None},
        {"X-GitHub-Delivery": None},
        {"X-GitHub-Delivery": ""},
        {"X-GitHub-Delivery": "a b"},
        {"X-GitHub-Delivery": "x" * 65},
        {"X-GitHub-Event": "é"},
    ],
)
def test_a_header_that_is_missing_or_odd_is_named(
    client: FlaskClient, several: Any, headers: dict[str, str | None]
) -> None:
    status, reason = refusal(deliver(client, encode(several), headers=headers))
    assert (status, next(iter(headers)) in reason) == (400, True)


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 100_000, b'{"ref":"\\ud800"}', b"\xff"])
def test_a_signed_body_that_is_no_push_is_malformed(client: FlaskClient, body: bytes) -> None:
    assert refusal(deliver(client, body))[0] == 400


def test_a_push_whose_day_cannot_be_told_is_malformed(client: FlaskClient, several: Any) -> None:
    several["repository"]["pushed_at"] = "9999-12-31T23:59:59Z"
    assert refusal(deliver(client, encode(several)))[0] == 400


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", None])
def test_another_content_type_is_refused(client: FlaskClient, several: Any, content_type: str | None) -> None:
    status, reason = refusal(deliver(client, encode(several), headers={"Content-Type": content_type}))
    assert (status, "application/json" in reason) == (415, True)


class Unread(BytesIO):
    """A body that nobody may read."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError

    readinto = read  # type: ignore[assignment] # raises as well


def test_a_body_that_is_announced_too_large_is_refused_unread(client: FlaskClient) -> None:
    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(LARGEST + 1_000_000)}
    with capture_logs() as logs:
        answer = client.post("/webhooks/github", content_type="application/json", environ_overrides=environ)
    assert refusal(answer)[0] == 413
    assert [(line["event"], line["log_level"], line["reason"]) for line in logs] == [
        ("delivery refused", "info", "A delivery has at most 25 MB.")
    ]


@pytest.mark.parametrize(("length", "status"), [(LARGEST, 401), (LARGEST + 1, 413), (LARGEST + 2, 413)])
def test_a_body_without_a_length_is_refused_once_it_is_too_large(
    client: FlaskClient, length: int, status: int
) -> None:
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    environ = {"wsgi.input": BytesIO(bytes(length)), **chunked}
    answer = client.post("/webhooks/github", content_type="application/json", environ_overrides=environ)
    assert refusal(answer)[0] == status


def test_get_is_not_allowed(client: FlaskClient) -> None:
    answer = client.get("/webhooks/github")
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)
