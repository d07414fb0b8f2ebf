"""Twenty commits of a real repository, this one, on one day: analysed by a model, complete and true."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from loopback_model import LoopbackModel, prompt_of
from processes import Site, table
from repositories import Origin
from waiting import until

from analysis.models import Analysis, Importance
from analysis.replies.reply import FIELDS
from analysis.storage.entry import Entry

NAME = "example/itself"
HERE = Path(__file__).parents[2]
COMMITS = 20


def _git(*command: str) -> str:
    # git cuts the names of functions behind @@ in the middle of a character
    done = subprocess.run(
        ["git", "-C", str(HERE), *command], check=True, capture_output=True, text=True, errors="replace"
    )
    return done.stdout.strip()


def _spine() -> list[str]:
    """The newest commits of this checkout and the one before them, newest first."""
    if not (HERE / ".git").exists():
        return []
    return _git("rev-list", "--first-parent", f"-n{COMMITS + 1}", "HEAD").split()


@dataclass(frozen=True)
class RealDay:
    """The day's entries, and what the model was asked."""

    entries: tuple[Entry, ...]
    prompts: str


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDay]:
    folder, spine = tmp_path_factory.mktemp("real"), _spine()
    if len(spine) <= COMMITS:
        pytest.skip("this checkout's history is shallower than a day")
    origin = Origin(folder / "itself.git", NAME)
    origin.git("fetch", "--quiet", str(HERE), f"+{spine[0]}:refs/heads/main")
    origin.point("main", spine[-1])
    terms = {"LLM_MODEL": "openai/loopback", "LLM_INPUT_PRICE": 2, "LLM_OUTPUT_PRICE": 10}
    tables = [table(NAME, origin)]
    with LoopbackModel() as model, Site(folder, tables=tables, LLM_API_BASE=model.url, **terms) as site:
        site.start("web", "worker", "clock")
        until(lambda: site.shop.agenda.branch(NAME, "main").cursor == spine[-1], what="the first walk")
        origin.git("fetch", "--quiet", str(HERE), f"+{spine[0]}:refs/heads/main")
        site.push(NAME, origin, spine[-1])
        entries = site.until_all(NAME, spine[:-1])
        yield RealDay(tuple(entries), "\n".join(map(prompt_of, model.requests)))


def _said(entry: Entry) -> Analysis:
    assert entry.model is not None
    return entry.model


def test_every_commit_has_every_field_of_its_tier(day: RealDay) -> None:
    for entry in day.entries:
        analysis = _said(entry)
        filled = {name for name in FIELDS[Importance.HIGH] if getattr(analysis, name)}
        assert FIELDS[analysis.importance] - filled <= {"insights", "risks", "advice"}
        assert filled <= FIELDS[analysis.importance]


def test_every_place_of_the_scope_is_touched_by_the_commit(day: RealDay) -> None:
    for entry in day.entries:
        touched = _git("show", "--format=", "--name-only", "--no-renames", "-m", "--first-parent", entry.sha)
        paths = touched.split("\n")
        for place in (*_said(entry).scope, *_said(entry).risks):
            assert place.path in paths or any(
                path.startswith(place.path) for path in paths if place.path[-1] == "/"
            )


def test_coverage_is_true(day: RealDay) -> None:
    """Every file is accounted for; one seen whole has its last changed line in a prompt."""
    for entry in day.entries:
        assert entry.facts is not None
        coverage = _said(entry).coverage
        assert [file.path for file in coverage.files] == [file.path for file in entry.facts.files]
        moved = {file.path for file in entry.facts.files if file.old_path}
        for file in coverage.files:
            if file.path in moved:
                continue
            changed = [line for line in _patch(entry.sha, file.path) if line[:1] in {"+", "-"}]
            if file.seen == "whole" and changed:
                assert changed[-1] in day.prompts
            if file.seen == "part":
                assert file.why
                assert set(file.hunks_seen) < set(range(1, file.hunks + 1)) or not file.hunks


def _patch(sha: str, path: str) -> list[str]:
    """The lines of one file's hunks."""
    shown = _git("show", "--format=", "--no-renames", sha, "--", path)
    return shown.partition("\n@@")[2].split("\n")


def test_tokens_and_cost_are_recorded(day: RealDay) -> None:
    for entry in day.entries:
        analysis = _said(entry)
        assert analysis.tokens.prompt > 0
        assert analysis.tokens.completion > 0
        assert analysis.cost_usd
        assert analysis.model == "openai/loopback"
