"""What `doctor` says of the webhook's address."""

import pytest

from analysis.settings import load_settings
from workers.doctor import examine

FOLLOWED = {"repositories": "octo/engine", "github_webhook_secret": "s3cret"}


@pytest.mark.parametrize(
    ("settings", "state", "said"),
    [
        ({}, "ok", "at http://127.0.0.1:8000/webhooks/github are"),
        ({"host": "::1"}, "ok", "at http://[::1]:8000/webhooks/github are"),
        (
            {"host": "0.0.0.0", "port": 80},  # noqa: S104 - nothing listens
            "note",
            "port 80 of this machine, /webhooks/github -> set BASE_URL",
        ),
        ({"host": "::"}, "note", "port 8000 of this machine, /webhooks/github -> set BASE_URL"),
        (
            {"host": "0.0.0.0", "base_url": "https://d.example.org/sub/"},  # noqa: S104 - nothing listens
            "ok",
            "at https://d.example.org/sub/webhooks/github are",
        ),
    ],
)
def test_where_deliveries_arrive_is_an_address_that_can_be_used(
    settings: dict[str, object], state: str, said: str
) -> None:
    findings = examine(load_settings(**FOLLOWED | settings))
    found = next(each for each in findings if each.part == "webhook")
    assert (found.part, found.state) == ("webhook", state)
    assert said in found.text()
    assert "0.0.0.0" not in found.text()  # noqa: S104 - nothing listens
