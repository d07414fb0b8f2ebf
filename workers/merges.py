"""How many commits a merge brings in: counted in a throwaway piece of history without trees and files."""

import time
from dataclasses import replace

from analysis.models import Sha
from workers.gitstream import BareRepository, GitFailed, GitTimedOut
from workers.remote import CommitUnreachable, Remote, fetch_commit, git_environment

DEPTHS = (50, 500)
"""Most merges bring a few commits that left the branch a short while ago; each is a fetch of kilobytes."""
SECONDS = 20.0


def count_merged(remote: Remote, merge: Sha, first_parent: Sha, beside: BareRepository) -> int:
    """The commits reachable from a merge and not from its first parent, without the merge itself.

    0 when that cannot be known from a few hundred generations, or not at once: a number too many would be
    worse than none.
    """
    deadline = min(beside.deadline, time.monotonic() + SECONDS)
    for depth in DEPTHS:
        folder = beside.folder.with_name(f"history-{depth}.git")
        history = replace(beside, folder=folder, deadline=deadline)
        try:
            history.create()
            fetch_commit(history, remote, merge, f"--depth={depth}", "--filter=tree:0")
            brought = _brought(replace(history, environment=git_environment(None)), merge, first_parent)
        except (CommitUnreachable, GitFailed, GitTimedOut):
            return 0
        if brought is not None:
            return len(brought) - 1
    return 0


def _brought(history: BareRepository, merge: Sha, first_parent: Sha) -> frozenset[str] | None:
    """None if the walk came to the edge of what was fetched: what lies beyond may change the answer."""
    listed = history.run("rev-list", "--end-of-options", merge, f"^{first_parent}", "--")
    brought = frozenset(listed.decode("ascii").split())
    edge = history.folder / "shallow"
    return None if edge.exists() and brought & frozenset(edge.read_text("ascii").split()) else brought
