from typing import Any

import pytest

from analysis.settings import load_settings
from workers.readers import examine_readers

PUBLIC = {"base_url": "https://digest.example.org"}
FOLLOWED: dict[str, Any] = {"repository_tables": [{"name": "octo/engine", "private": True}]}
OURS: frozenset[str] = frozenset({"octo/secret"})


@pytest.mark.parametrize(
    ("settings", "private", "state", "said"),
    [
        ({}, OURS, "ok", "only this machine"),
        (FOLLOWED, OURS, "ok", "only this machine"),
        (PUBLIC, frozenset(), "ok", "everybody"),
        (PUBLIC, OURS, "note", "octo/secret"),
        (PUBLIC | FOLLOWED, frozenset(), "FAIL", "octo/engine is private"),
        (PUBLIC | FOLLOWED | {"report_token": "t0ken"}, OURS, "ok", "REPORT_TOKEN"),
    ],
)
def test_doctor_says_who_may_read(
    settings: dict[str, Any], private: frozenset[str], state: str, said: str
) -> None:
    finding = examine_readers(load_settings(**settings), private)
    assert (finding.state, said in finding.detail) == (state, True)
    assert ("REPORT_TOKEN" in finding.mend) == (state != "ok")
    assert finding.text().count("set REPORT_TOKEN") == (state != "ok")
    assert "t0ken" not in finding.text()
