"""Deliveries as GitHub makes them, for tests: payloads from `fixtures/deliveries`, signed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from analysis.settings import load_settings
from webhook.app import create_app
from webhook.signature import sign

FOLDER = Path(__file__).with_name("fixtures") / "deliveries"
SECRET = "a-webhook-secret"
ENGINE = "Example/Engine"
"""As the settings spell it; the payloads say `example/engine`."""
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


def read_payload(name: str) -> Any:
    """The payload of `EVENT__CASE`, to be changed at will."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def encode(payload: object, *, form: bool = False) -> bytes:
    """A payload as the body of a request."""
    text = json.dumps(payload)
    return urlencode({"payload": text}).encode() if form else text.encode()


def deliver(
    client: FlaskClient,
    body: bytes,
    *,
    event: str = "push",
    secret: str = SECRET,
    headers: Mapping[str, str | None] | None = None,
) -> TestResponse:
    """Post a body as GitHub would; a header given as None is left out."""
    sent = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": GUID,
        "X-Hub-Signature-256": sign(body, secret),
        **(headers or {}),
    }
    present = {name: value for name, value in sent.items() if value is not None}
    return client.post("/webhooks/github", data=body, headers=present)


def make_client(redis_url: str, *tables: dict[str, object], **overrides: Any) -> FlaskClient:
    """A client of the application that follows these `[[repositories]]`, or ENGINE."""
    followed = tables or ({"name": ENGINE, "branches": ["main", "release/*"]},)
    options: dict[str, Any] = {
        "github_webhook_secret": SECRET,
        "redis_url": redis_url,
        "repository_tables": followed,
    }
    return create_app(load_settings(**options | overrides)).test_client()


def refusal(answer: TestResponse) -> tuple[int, str]:
    """Status and reason of an answer that refuses, which is one line of JSON."""
    told = answer.get_json()
    assert list(told) == ["error"]
    assert "\n" not in told["error"]
    return answer.status_code, told["error"]
