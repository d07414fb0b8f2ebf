"""Commits read out of a test's repository as a job reads them."""

from typing import Any

from repositories import Origin

from analysis.models import Commit, FileChange
from workers.checkout import read_commit
from workers.patches import ReadLimits


def read(origin: Origin, sha: str | None = None, **limits: Any) -> Commit:
    return read_commit(origin.remote(), sha or origin.head(), limits=ReadLimits(**limits))


def only_file(commit: Commit) -> FileChange:
    (file,) = commit.files
    return file
