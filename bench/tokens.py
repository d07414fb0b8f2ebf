"""What is sent for a commit, against the whole diff in one prompt: the newest commits of a repository."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopback_model import LoopbackModel, prompt_of

from analysis.dialogue.analyzer import Analyzer
from analysis.dialogue.prompt import build_messages
from analysis.diff.budget import Selection
from analysis.diff.paths import UNREAD, kind_of_file
from analysis.importance.triage import triage
from analysis.model.llm import Model, ModelOptions
from analysis.models import Commit, Coverage, FileCoverage
from analysis.settings import load_settings
from bench.project import LOCK_EVERY, make_project
from bench.rows import NotMeasurable, Row
from workers.checkout import read_commit
from workers.remote import Remote

VARIABLE = "BENCH_REPOSITORY"
GIVEN = os.environ.get(VARIABLE)
REPOSITORY = Path(GIVEN).resolve() if GIVEN else None
"""Resolved when the benchmark starts, before it leaves for a folder of its own."""
NEWEST = 100
GOAL = 0.5


@dataclass(frozen=True)
class Size:
    """One commit: tokens, requests, and files that a reader could read."""

    sent: int
    whole: int
    requests: int
    readable: int
    seen_whole: int
    made: bool
    """More than a few lines of it were written by a program or come from elsewhere."""


def measure(folder: Path) -> Iterator[Row]:
    """The repository that BENCH_REPOSITORY names, or one whose lock file is written anew again and again."""
    source = REPOSITORY or make_project(folder / "origin.git", commits=NEWEST, locks=True).folder
    remote = Remote("example/project", source.as_uri())
    with LoopbackModel() as server:
        model = Model(ModelOptions(model="openai/loopback", api_base=server.url, api_key="none"))
        sizes = [_size(read_commit(remote, sha), model, server) for sha in _newest(source)]
    yield _against_whole_diffs(f"{len(sizes)} commits, {_kind()}", sizes)
    if made := [size for size in sizes if size.made]:
        yield _against_whole_diffs(f"{len(made)} of them with made files", made)
    yield _kept(sizes)


def _kind() -> str:
    return f"of {REPOSITORY.name}" if REPOSITORY else f"lock file in 1 of {LOCK_EVERY}"


def _against_whole_diffs(what: str, sizes: Sequence[Size]) -> Row:
    sent, whole = sum(size.sent for size in sizes), sum(size.whole for size in sizes)
    each = (sent / len(sizes), sum(size.requests for size in sizes) / len(sizes), whole / len(sizes))
    measured = "{:,.0f} tokens in {:.2f} requests, whole diff {:,.0f}".format(*each)
    goal = f"<= {GOAL} x whole diff" if any(size.made for size in sizes) else ""
    met = sent / whole <= GOAL if goal else None
    return Row(f"prompts: {what}", goal, measured, sent / whole, met)


def _kept(sizes: Sequence[Size]) -> Row:
    readable, seen = sum(size.readable for size in sizes), sum(size.seen_whole for size in sizes)
    kept = f"{seen} of {readable} readable files seen whole"
    return Row("prompts: nothing readable lost", "all", kept, None, seen == readable)


def _newest(source: Path) -> list[str]:
    command = ["git", "-C", str(source), "rev-list", "--no-merges", f"--max-count={NEWEST}", "HEAD"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        raise NotMeasurable(f"{VARIABLE}: {source} has no commits")
    return listed.stdout.split()


def _size(commit: Commit, model: Model, server: LoopbackModel) -> Size:
    """Count all that is sent for a commit, and the same prompt with every patch in it from end to end."""
    settings, verdict = load_settings(), triage(commit)
    analyzer = Analyzer(models=(model,), max_input_tokens=settings.llm_max_input_tokens)
    server.requests.clear()
    coverage = analyzer.analyse(commit, verdict).analysis.coverage
    everything = Selection(tuple(patch.text for patch in commit.patches), Coverage())
    whole = build_messages(commit, verdict, everything, language=analyzer.language)
    readable = _readable(commit, coverage)
    return Size(
        sent=sum(model.count_tokens(prompt_of(request)) for request in server.requests),
        whole=sum(model.count_tokens(message["content"]) for message in whole),
        requests=len(server.requests),
        readable=len(readable),
        seen_whole=sum(file.seen == "whole" for file in readable),
        made=any(file.why in UNREAD for file in coverage.files),
    )


def _readable(commit: Commit, coverage: Coverage) -> list[FileCoverage]:
    """What nobody but a person wrote, and what was not just deleted."""
    written = {file.path for file in commit.files if kind_of_file(file) not in UNREAD and file.status != "D"}
    return [file for file in coverage.files if file.path in written and file.why != "binary"]
