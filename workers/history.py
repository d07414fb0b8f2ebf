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

    def walk(self, head: Sha, *, cursor: Sha | None, known: frozenset[Sha]) -> Iterator[Landed]:
        """What landed on a branch since its cursor, parents before children.

        Landed means: reachable from the head and not from the cursor; after a force-push that is what the new
        head has and the old one had not. A branch without a cursor is followed from its head on, so nothing
        landed yet. A cursor that the mirror lacks is asked of the remote (GitHub keeps commits that no branch
        reaches any more). If it is gone there too, what the mirror knew before the last fetch takes its
        place. If that is nothing either, nothing can tell new from old: the walk is empty, as the whole of
        history would be a worse answer, and `has` tells the caller so.

        Raises:
            CommitUnreachable: the mirror does not have the head.
            RemoteUnavailable: the mirror cannot be read; the next fetch makes it anew.
            ValueError: head or cursor is no full sha.
        """
        if cursor is None or cursor == checked_sha(head):
            return
        self._require(head)
        if excluded := self._excluded(cursor, known):
            for record in self._log(head, *(f"^{sha}" for sha in excluded)):
                yield pretty.parse_landed(record)

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

    def _excluded(self, cursor: Sha, known: frozenset[Sha]) -> list[Sha]:
        if self.has(cursor) or self._obtain(cursor):
            return [cursor]
        return [sha for sha in sorted(known) if self.has(sha)]

    def _obtain(self, sha: Sha) -> bool:
        with self._locked(), reaching(self._remote), suppress(CommitUnreachable):
            fetch_commit(self._online(), self._remote, sha, EVERYTHING, *self._filter())
        return self.has(sha)

    def _log(self, *revisions: str) -> Iterator[tuple[bytes, ...]]:
        command = ("log", "--topo-order", "--reverse", f"--format={pretty.LANDED}", *pretty.OPTIONS)
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
