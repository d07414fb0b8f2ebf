"""Which commits landed: a bare mirror of each repository that holds commits only, no trees and no files."""

import fcntl
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.models import Landed, Sha
from workers import pretty
from workers.gitstream import BareRepository, GitFailed, checked_sha
from workers.remote import (
    FETCH,
    CommitUnreachable,
    Remote,
    RemoteUnavailable,
    fetch_commit,
    git_environment,
    reaching,
)

EVERYTHING = "--depth=2147483647"
"""Git's own way to write infinity: all the history there is, with the edge of a remote that is shallow."""
COMMITS_ONLY = "--filter=tree:0"
BRANCHES = "+refs/heads/*:refs/heads/*"
HEAD = re.compile(rb"^ref: refs/heads/(.+)\tHEAD$", re.MULTILINE)
SECONDS = 1800.0
"""The first fetch of a history of a million commits takes minutes."""
PACKS = 50
"""Every fetch leaves one; past that many they become one."""


@dataclass(frozen=True)
class Heads:
    """What a fetch found."""

    branches: dict[str, Sha]
    default_branch: str | None
    """None when the remote's HEAD is detached or names no branch that exists."""
    known: frozenset[Sha]
    """What the mirror's branches pointed at before that fetch."""


class Mirror:
    """The commits of one repository on this machine; several processes may use it at once."""

    def __init__(self, folder: Path, remote: Remote) -> None:
        self._folder = folder.absolute()
        self._remote = remote
        self._offline = BareRepository(self._folder, git_environment(None))

    def fetch(self) -> Heads:
        """Bring all branches up to date; a mirror that is missing, half-made or damaged is made anew.

        Raises:
            RemoteUnavailable: the remote cannot be reached or does not let us in.
        """
        with self._locked(), reaching(self._remote):
            known = self._open()
            default_branch, empty = self._ask()
            if not empty:  # of nothing git would not even say that there was nothing to fetch
                self._update()
            branches = {} if empty else self._branches()
        default_branch = default_branch if default_branch in branches else None
        return Heads(branches, default_branch, frozenset(known.values()))

    def boundary(
        self, cursor: Sha | None, *, known: frozenset[Sha], floor: Sha | None = None
    ) -> frozenset[Sha] | None:
        """The commits whose history had landed on a branch before; None when nothing tells new from old.

        That is what the branch's cursor reaches, and its floor: where it stood when it was first followed. A
        branch that is sent far back and forth again so brings nothing twice, and nothing from before it was
        followed. A cursor that the mirror lacks is asked of the remote (GitHub keeps commits that no branch
        reaches any more). If it is gone there too, the floor alone has to do, and without one whatever the
        mirror's branches knew before the last fetch.

        Raises:
            RemoteUnavailable: the remote cannot be asked now.
            ValueError: cursor or floor is no full sha.
        """
        if cursor is None:
            return None
        held = [sha for sha in dict.fromkeys((cursor, floor or cursor)) if self.obtain(sha)]
        return frozenset(held or filter(self.has, known)) or None

    def walk(self, head: Sha, boundary: frozenset[Sha] | None) -> Iterator[Landed]:
        """What is reachable from a head and not from its boundary, parents before children.

        Without a boundary nothing is: the whole of history would be a worse answer. An empty one bounds
        nothing.

        Raises:
            CommitUnreachable: the mirror does not have the head.
            RemoteUnavailable: the mirror cannot be read; the next fetch makes it anew.
            ValueError: head or boundary is no full sha.
        """
        if boundary is None or checked_sha(head) in boundary:
            return
        self._require(head)
        for record in self._log(head, *_excluding(boundary)):
            yield pretty.parse_landed(record)

    def last_before(self, head: Sha, instant: datetime, boundary: frozenset[Sha]) -> Sha | None:
        """How far a branch had come at an instant: the last commit of its own line made before it.

        Its own line are first parents: what a merge brings came with the merge. A commit that was made later
        ends the search, whatever date its children bear. None as well when the mirror does not have the head.

        Raises:
            RemoteUnavailable: the mirror cannot be read.
        """
        found: Sha | None = None
        if not self.has(head):
            return None
        for record in self._log(head, *_excluding(boundary), first_parents=True):
            if pretty.parse_date(record[pretty.COMMITTED]) >= instant:
                break
            found = pretty.text(record[pretty.SHA])
        return found

    def between(self, head: Sha, start: datetime, end: datetime) -> Iterator[Landed]:
        """Every commit reachable from the head and committed in [start, end), parents before children.

        All of history is looked at: `git log --since` stops at the first old date and so loses the commits
        behind it.

        Raises:
            CommitUnreachable, RemoteUnavailable, ValueError: as for `walk`.
        """
        self._require(head)
        for record in self._log(head):
            if start <= pretty.parse_date(record[pretty.COMMITTED]) < end:
                yield pretty.parse_landed(record)

    def has(self, sha: Sha) -> bool:
        """Whether the mirror holds that commit; the remote is not asked."""
        return self._offline.holds(sha)

    def obtain(self, sha: Sha) -> bool:
        """Whether the mirror holds that commit, once the remote has been asked for it if need be.

        Raises:
            RemoteUnavailable: the remote cannot be asked now.
        """
        if self.has(sha):
            return True
        with self._locked(), reaching(self._remote), suppress(CommitUnreachable):
            fetch_commit(self._online(), self._remote, sha, EVERYTHING, *self._filter())
        return self.has(sha)

    def descends(self, head: Sha, ancestor: Sha) -> bool:
        """Whether a branch came from one commit to another without being forced."""
        try:
            self._offline.run("merge-base", "--is-ancestor", checked_sha(ancestor), checked_sha(head))
        except GitFailed:
            return False
        return True

    def remove(self) -> None:
        """Take the mirror off this machine, once nobody fetches into it."""
        with self._locked():
            self._erase()
        self._folder.with_name(f"{self._folder.name}.lock").unlink(missing_ok=True)
        with suppress(OSError):  # there are others of that owner
            self._folder.parent.rmdir()

    def _require(self, head: Sha) -> None:
        if not self.has(head):
            raise CommitUnreachable(
                f"{self._remote.repository}: {head[:10]} is not in the history; fetch first"
            )

    def _log(self, *revisions: str, first_parents: bool = False) -> Iterator[tuple[bytes, ...]]:
        order = ("--topo-order", "--reverse", *(("--first-parent",) if first_parents else ()))
        command = ("log", *order, f"--format={pretty.LANDED}", *pretty.OPTIONS)
        try:
            with self._offline.stream(*command, "--end-of-options", *revisions, "--") as chunks:
                yield from pretty.records(chunks, pretty.LANDED_FIELDS)
        except GitFailed as error:
            with self._locked():
                self._make_anew()
            message = f"{self._remote.repository}: the mirror is damaged and is made anew: {error}"
            raise RemoteUnavailable(message) from None

    def _open(self) -> dict[str, Sha]:
        try:
            self._offline.create()
            return self._branches()
        except (GitFailed, FileExistsError, NotADirectoryError):
            self._make_anew()
            return {}

    def _erase(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.unlink(missing_ok=True)

    def _make_anew(self) -> None:
        self._erase()
        self._offline.create()

    def _fetch_branches(self) -> None:
        """Fetch commits only; from a shallow remote, which is a checkout on this machine, files too.

        With a filter git 2.39 takes what lies beyond the edge for something it left out, and starts itself
        over and over to fetch it.
        """
        filtered = self._filter()
        options = (*FETCH, EVERYTHING, *filtered, "--prune", "--end-of-options")
        self._online().run(*options, self._remote.address, BRANCHES)
        if filtered and not self._filter():
            self._make_anew()
            (self._folder / "shallow").touch()
            self._fetch_branches()

    def _filter(self) -> tuple[str, ...]:
        return () if (self._folder / "shallow").exists() else (COMMITS_ONLY,)

    def _ask(self) -> tuple[str | None, bool]:
        """The branch that the remote's HEAD stands for, and whether the remote has no branch at all."""
        command = ("ls-remote", "--symref", "--end-of-options", self._remote.address, "HEAD", "refs/heads/*")
        listed = self._online().run(*command)
        head = HEAD.search(listed)
        return pretty.text(head[1]) if head else None, b"\trefs/heads/" not in listed

    def _update(self) -> None:
        try:
            self._fetch_branches()
        except GitFailed:  # the remote has just answered, so what failed is most likely the mirror
            self._make_anew()
            self._fetch_branches()
        if len(list(self._folder.glob("objects/pack/*.pack"))) > PACKS:
            with suppress(GitFailed):
                self._offline.run("repack", "-a", "-d", "--quiet")

    def _branches(self) -> dict[str, Sha]:
        command = ("for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads/")
        pairs = (pretty.text(line).split(" ", 1) for line in self._offline.run(*command).splitlines())
        return {name: sha for sha, name in pairs}

    def _online(self) -> BareRepository:
        return BareRepository(self._folder, git_environment(self._remote), time.monotonic() + SECONDS)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        with self._folder.with_name(f"{self._folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _excluding(boundary: frozenset[Sha]) -> list[str]:
    return [f"^{checked_sha(sha)}" for sha in sorted(boundary)]
