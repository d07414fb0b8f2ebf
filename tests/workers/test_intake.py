from typing import Any

import pytest

from analysis.settings import load_settings
from workers.intake import examine_intake

ENGINE = "example/engine"
OPEN = {"name": "example/open"}
OWN = {"name": "example/own", "webhook_secrets": ["own"]}
NOBODY = ("no repository is followed", "set REPOSITORIES=owner/name")
MEND = "set GITHUB_WEBHOOK_SECRET to any long random text, or rely on polling"


@pytest.mark.parametrize(
    ("settings", "notes"),
    [
        ({}, [NOBODY, ("all deliveries are refused", MEND)]),
        ({"github_webhook_secret": "secret"}, [NOBODY]),
        ({"repositories": ENGINE}, [(f"deliveries of {ENGINE} are refused", MEND)]),
        ({"repository_tables": [OWN, OPEN]}, [("deliveries of example/open are refused", MEND)]),
        ({"repository_tables": [OWN]}, []),
        ({"repositories": ENGINE, "github_webhook_secret": "secret"}, []),
    ],
)
def test_what_keeps_deliveries_out_is_told(settings: Any, notes: list[tuple[str, str]]) -> None:
    found = list(examine_intake(load_settings(**settings)))
    assert [(each.detail, each.mend) for each in found if each.state == "note"] == notes
    assert [each.detail for each in found if each.state == "ok"] == (
        [] if notes else ["deliveries at http://127.0.0.1:8000/webhooks/github are verified"]
    )
