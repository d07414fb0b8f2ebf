"""What one commit changed: read from a throwaway repository that holds it, its parents and what differs."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from analysis.models import Commit, Landed, Sha
from workers import pretty
from workers.attributes import marked
from workers.gitstream import BareRepository, GitFailed, checked_sha
from workers.merges import count_merged
from workers.patches import Diff, ReadLimits, read_diff, read_merge
from workers.remote import (
    FETCH,
    CommitUnreachable,
    CommitWithheld,
    Remote,
    fetch_commit,
    git_environment,
    reaching,
)

DESCRIPTION = f"{pretty.LANDED}%x00%cn%x00%b"
DESCRIPTION_FIELDS = pretty.LANDED_FIELDS + 2
DIFF = (
    *("diff-tree", "-r", "-z", "-M", "--root", "--no-commit-id", "--full-index"),
    *("--raw", "--patch", "--no-color", "--no-ext-diff", "--no-textconv"),
)
NO_FILES = "--filter=blob:none"
PREFIX = "pushdigest-git-"
LEFT_BEHIND = 86_400.0
"""Seconds after which no repository can be in use any more."""


def read_commit(remote: Remote, sha: Sha, *, limits: ReadLimits | None = None) -> Commit:
    """The facts and the patches of one commit.

    Raises:
        RemoteUnavailable: the remote cannot be reached, or not within the limit of seconds.
        CommitUnreachable: the remote has no such commit; a tag's or a tree's sha is none either.
        ValueError: it is no full sha.
    """
    limits = limits or ReadLimits()
    deadline = time.monotonic() + limits.seconds
    with TemporaryDirectory(prefix=PREFIX) as folder, reaching(remote):
        repository = BareRepository(Path(folder, "commit.git"), git_environment(remote), deadline)
        repository.create()
        return _Reading(remote, checked_sha(sha), repository, limits).commit()


def sweep() -> None:
    """Remove the repositories that killed workers left behind on this machine."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class _Reading:
    """One commit on its way from the remote, in a repository of its own."""

    remote: Remote
    sha: Sha
    repository: BareRepository
    limits: ReadLimits

    def commit(self) -> Commit:
        """Fetch it, then read what it says and what it changed."""
        self._fetch()
        landed, committer, body = self._description()
        parents = landed.parents or self._parents_beyond_the_edge()
        at_history_edge = parents != landed.parents
        diff = Diff() if at_history_edge else self._diff(merge=len(parents) > 1)
        return Commit(
            **dict(landed.model_copy(update={"parents": parents})),
            repository=self.remote.repository,
            body=body,
            committer=committer,
            files=marked(diff.files, self.sha, self.repository),
            patches=diff.patches,
            merged=self._merged(landed.parents),
            patch_id=self._patch_id(diff, landed.parents),
            at_history_edge=at_history_edge,
            capped=diff.capped,
        )

    def _fetch(self) -> None:
        """The commit and its parents; the files git fetches by itself, only those that it compares.

        A server of the old protocol may give only what its branches point at: then all of these.
        """
        try:
            fetch_commit(self.repository, self.remote, self.sha, "--depth=2", NO_FILES)
        except CommitWithheld:
            branches = ("--end-of-options", self.remote.address, "+refs/heads/*:refs/heads/*")
            self.repository.run(*FETCH, NO_FILES, *branches)
            if not self._offline.holds(self.sha):
                raise

    def _description(self) -> tuple[Landed, str, str]:
        """What the commit says of itself, its committer and its body."""
        command = ("log", "--no-walk", f"--format={DESCRIPTION}", *pretty.OPTIONS, "--end-of-options")
        with self._offline.stream(*command, self.sha, "--") as chunks:
            record = next(pretty.records(chunks, DESCRIPTION_FIELDS), None)
        if record is None or record[0].decode("ascii") != self.sha:
            raise CommitUnreachable(f"{self.remote.repository}: {self.sha} is no commit")
        own = record[pretty.LANDED_FIELDS :]
        committer, body = (pretty.cut_text(field, pretty.LONGEST) for field in own)
        return pretty.parse_landed(record), committer, body.strip("\n")

    def _parents_beyond_the_edge(self) -> tuple[Sha, ...]:
        """The parents that the commit itself names: git hides those that a shallow remote does not have."""
        header, _, _ = self._offline.run("cat-file", "commit", self.sha).partition(b"\n\n")
        lines = header.decode("ascii", "replace").split("\n")
        return tuple(line.removeprefix("parent ") for line in lines if line.startswith("parent "))

    def _diff(self, *, merge: bool) -> Diff:
        read, how = (read_merge, "--cc") if merge else (read_diff, "--numstat")
        with self.repository.stream(*DIFF, how, "--end-of-options", self.sha, "--") as chunks:
            return read(chunks, self.limits)

    def _merged(self, parents: tuple[Sha, ...]) -> int:
        if len(parents) <= 1:
            return 0
        return count_merged(self.remote, self.sha, parents[0], self.repository)

    def _patch_id(self, diff: Diff, parents: tuple[Sha, ...]) -> str | None:
        """None as well for a merge, whose patch git cannot name, and where git is older than 2.39."""
        if not diff.raw or diff.capped or len(parents) > 1:
            return None
        patch = self.repository.folder.with_name("patch")
        patch.write_bytes(diff.raw)
        try:
            with patch.open("rb") as stdin:
                named = self._offline.run("patch-id", "--verbatim", stdin=stdin)
        except GitFailed:
            return None
        return named.decode("ascii").partition(" ")[0] or None

    @property
    def _offline(self) -> BareRepository:
        return replace(self.repository, environment=git_environment(None))
