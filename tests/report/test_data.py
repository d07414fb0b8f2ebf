import json

from builders import make_entry
from days import make_day

from analysis.storage.entry import Obstacle, State
from report.data import commit_data, render_json
from report.links import Links

LINKS = Links(base_url="https://digest.example.org/sub")
COMMIT = {
    *("sha", "subject", "author", "authored_at", "committed_at", "landed_at", "url", "state", "source"),
    *("model", "importance", "reasons", "analysis", "coverage", "tokens", "links"),
}
"""The names of the design."""


def test_the_day_has_the_names_of_the_design() -> None:
    data = json.loads(render_json(make_day([make_entry()]), LINKS))
    assert {"date", "timezone", "generated_at", "repositories"} <= data.keys()
    (repository,) = data["repositories"]
    assert {"name", "revision", "counts", "highlights", "commits"} <= repository.keys()
    assert set(repository["counts"]) == {"total", "high", "medium", "low", "pending", "parked"}
    (commit,) = repository["commits"]
    assert commit.keys() >= COMMIT
    assert (data["date"], data["timezone"]) == ("2026-01-09", "Asia/Shanghai")
    assert (commit["state"], commit["source"], commit["model"]) == ("analysed", "model", "example-model")


def test_a_commit_that_was_not_read_has_the_same_names() -> None:
    entry = make_entry(analysis=None, facts=None, state=State.PENDING, obstacle=Obstacle(code="queued"))
    data = commit_data(entry, LINKS)
    assert data.keys() == commit_data(make_entry(), LINKS).keys()
    assert (data["source"], data["importance"], data["analysis"], data["files"]) == (None, None, None, None)
    assert data["obstacle"]["code"] == "queued"


def test_one_commit_has_its_files_and_place_as_well() -> None:
    data = commit_data(make_entry(), LINKS)
    assert data.keys() >= COMMIT | {"repository", "day", "branch", "parents", "body", "files", "merged"}
    assert data["files"][0]["path"] == "engine/server.py"
    assert data["links"]["page"].startswith("https://digest.example.org/sub/commits/octo/engine/")


def test_json_is_readable_text() -> None:
    text = render_json(make_day([make_entry()]), LINKS)
    assert "Bug 修复" in text
    assert text.endswith("}\n")
