"""What a prompt holds, against the whole diff in the prompt, over the newest commits of a repository."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.analyzer import Analyzer
from analysis.budget import Selection
from analysis.llm import Model, ModelOptions
from analysis.models import Commit, Coverage
from analysis.paths import UNREAD, kind_of
from analysis.prompt import build_messages
from analysis.settings import load_settings
from analysis.triage import triage
from bench.project import LOCK_EVERY, make_project
from bench.rows import NotMeasurable, Row
from workers.checkout import read_commit
from workers.remote import Remote

VARIABLE = "BENCH_REPOSITORY"
GIVEN = os.environ.get(VARIABLE)
REPOSITORY = Path(GIVEN).resolve() if GIVEN else None
"""Resolved when the benchmark starts, before it leaves for a folder of its own."""
NEWEST = 60
GOAL = 0.5


@dataclass(frozen=True)
class Size:
    """One commit: tokens, and files that a reader could read."""

    prompt: int
    whole: int
    readable: int
    seen_whole: int


def measure(folder: Path) -> Iterator[Row]:
    """The repository that BENCH_REPOSITORY names, or one whose lock file is written anew again and again."""
    source = REPOSITORY or make_project(folder / "origin.git", commits=NEWEST, locks=True).folder
    remote = Remote("example/project", source.as_uri())
    model = Model(ModelOptions(model="openai/loopback"))
    sizes = [_size(read_commit(remote, sha), model) for sha in _newest(source)]
    prompt, whole = (sum(each) / len(sizes) for each in ([s.prompt for s in sizes], [s.whole for s in sizes]))
    kind = f"of {source.name}" if REPOSITORY else f"lock file in 1 of {LOCK_EVERY}"
    measured = f"{prompt:,.0f} tokens a commit, whole diff {whole:,.0f}"
    ratio = prompt / whole
    yield Row(
        f"prompts of {len(sizes)} commits, {kind}", f"<= {GOAL} x whole diff", measured, ratio, ratio <= GOAL
    )
    readable, seen = sum(s.readable for s in sizes), sum(s.seen_whole for s in sizes)
    kept = f"{seen} of {readable} readable files seen whole"
    yield Row("prompts: nothing readable lost", "all", kept, None, seen == readable)


def _newest(source: Path) -> list[str]:
    command = ["git", "-C", str(source), "rev-list", "--no-merges", f"--max-count={NEWEST}", "HEAD"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        raise NotMeasurable(f"{VARIABLE}: {source} has no commits")
    return listed.stdout.split()


def _size(commit: Commit, model: Model) -> Size:
    """Count the prompt as it is sent, and the same one with every patch in it from end to end."""
    settings, verdict = load_settings(), triage(commit)
    analyzer = Analyzer(models=(model,), max_input_tokens=settings.llm_max_input_tokens)
    draft = analyzer.draft(commit, verdict)
    everything = Selection(tuple(patch.text for patch in commit.patches), Coverage())
    whole = build_messages(commit, verdict, everything, language=analyzer.language)
    readable = [
        file for file in draft.coverage.files if kind_of(file.path) not in UNREAD and file.why != "binary"
    ]
    return Size(
        prompt=sum(model.count_tokens(message["content"]) for message in draft.messages),
        whole=sum(model.count_tokens(message["content"]) for message in whole),
        readable=len(readable),
        seen_whole=sum(file.seen == "whole" for file in readable),
    )
