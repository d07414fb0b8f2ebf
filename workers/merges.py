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

    0 when that cannot be known from a few hundred generations, or not at once: no number is better than a
    wrong one.
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
            return brought
    return 0


def _brought(history: BareRepository, merge: Sha, first_parent: Sha) -> int | None:
    """None if the walk came to an end of what was fetched: what lies beyond may change the answer.

    A commit without parents is where the fetch stopped, or where history begins: the first parent may well
    reach the latter too, further down than was fetched.
    """
    command = ("rev-list", "--parents", "--end-of-options", merge, f"^{first_parent}", "--")
    lines = history.run(*command).splitlines()
    incomplete = (history.folder / "shallow").exists()
    return None if incomplete and any(b" " not in line for line in lines) else len(lines) - 1
