"""What is known of a commit beside itself, through real processes: its pull request, and other commits."""

from collections.abc import Iterator
from dataclasses import dataclass

import github_server
import pytest
from github_server import FakeAnswer, pull
from loopback_model import LoopbackModel, prompt_of
from processes import Site, table
from repositories import Origin
from waiting import until

from analysis.models import Importance
from analysis.storage.entry import Entry

NAME, OTHER = "example/project", "example/other"
WHY = "Clients retried for ever when the server was away."


@dataclass(frozen=True)
class Told:
    """The entries by what they are, what the model was asked of each, and the digest."""

    entries: dict[str, Entry]
    prompts: dict[str, str]
    markdown: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("story")
    origin, other = Origin(folder / "origin.git", NAME), Origin(folder / "other.git", OTHER)
    start = origin.commit("Begin", {"engine/client.py": "tries = 1\n", "engine/api.py": "x = 1\n"})
    other_start = other.commit("Begin", {"a.py": "x = 1\n"})
    shas = _grow(origin)
    tables = [table(NAME, origin), table(OTHER, other)]
    with github_server.serve() as github, LoopbackModel() as model:
        github.pulls[shas["feature"]] = [pull(12, merged_as=shas["feature"], title="Retry", body=WHY)]
        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url, "GITHUB_API_URL": github.url}
        with Site(folder, tables=tables, **terms) as site:
            site.start("web", "worker", "clock")
            until(lambda: site.shop.agenda.branch(NAME, "main").cursor, what="the first walk")
            site.push(NAME, origin, start)
            site.until_all(NAME, shas.values())
            shas["undone"] = _undo(origin)
            site.push(NAME, origin, shas["quiet"])
            site.until_all(NAME, [shas["undone"]])
            github.answer = FakeAnswer(500)
            shas["alone"] = other.commit("feat: alone", {"a.py": "x = 2\n"})
            site.push(OTHER, other, other_start)
            site.until_all(OTHER, [shas["alone"]])
            found = {name: site.entry(NAME, sha) or site.entry(OTHER, sha) for name, sha in shas.items()}
            entries = {name: entry for name, entry in found.items() if entry}
            markdown = site.get(f"/reports/{NAME}/{site.today}.md").text
        yield Told(entries, _by_commit(entries, model), markdown)


def _grow(origin: Origin) -> dict[str, str]:
    before, after = "tries = 1\n", "tries = 3\nwait = 0.5\n"
    feature = origin.commit("feat: retry (#12)", {"engine/client.py": after})
    message = f'Revert "feat: retry (#12)"\n\nThis reverts commit {feature}.'
    revert = origin.commit(message, {"engine/client.py": before})
    again = origin.commit("feat: retry, once more", {"engine/client.py": after})
    loud = origin.commit("feat!: remove the old API", {"engine/api.py": None, "engine/new.py": "y = 1\n"})
    quiet = origin.commit("docs: words", {"README.md": "An engine.\n"})
    return {"feature": feature, "revert": revert, "again": again, "loud": loud, "quiet": quiet}


def _undo(origin: Origin) -> str:
    """In words that show nothing of what it undoes."""
    loud = origin.git("rev-parse", "main~1")
    return origin.commit(f"Back to before\n\nThis reverts commit {loud}.", {"engine/new.py": None})


def _by_commit(entries: dict[str, Entry], model: LoopbackModel) -> dict[str, str]:
    asked = [prompt_of(request) for request in model.requests]
    return {
        name: "\n".join(
            each for each in asked if entry.sha in each.split("<<<")[0] or f"提交：{entry.sha}" in each
        )
        for name, entry in entries.items()
    }


def test_the_pull_request_is_told_to_the_model_and_linked(told: Told) -> None:
    entry = told.entries["feature"]
    assert entry.pull_request is not None
    assert (entry.pull_request.number, entry.pull_request.title) == (12, "Retry")
    assert WHY in told.prompts["feature"]
    assert f"[PR 12](https://redirect.github.com/{NAME}/pull/12)" in told.markdown


def test_without_github_the_analysis_goes_without(told: Told) -> None:
    entry = told.entries["alone"]
    assert entry.model is not None
    assert entry.pull_request is None
    assert "合并请求 " not in told.prompts["alone"]


def test_a_revert_and_what_it_reverts_name_each_other(told: Told) -> None:
    feature, revert = told.entries["feature"], told.entries["revert"]
    assert ("reverts", feature.sha) in _relations(revert)
    assert ("reverted-by", revert.sha) in _relations(feature)
    assert "⚠" in told.markdown


def test_the_same_change_is_known_as_such(told: Told) -> None:
    feature, again = told.entries["feature"], told.entries["again"]
    assert feature.facts is not None
    assert again.facts is not None
    assert feature.facts.patch_id == again.facts.patch_id is not None
    kinds = {sha: kind for kind, sha in _relations(again)}
    assert kinds[feature.sha] in {"same-change", "relands"}


def _relations(entry: Entry) -> set[tuple[str, str]]:
    return {(relation.kind, relation.sha) for relation in entry.relations}


def test_the_revert_of_a_high_commit_is_high(told: Told) -> None:
    """Its title says nothing that matters; the ledger knows what the reverted commit was."""
    entry = told.entries["undone"]
    assert entry.rules is not None
    assert entry.rules.importance is Importance.HIGH
    assert "reverts-high" in {reason.rule for reason in entry.rules.reasons}
