"""Real repositories for tests: exact dates, authors and bytes, written by `git fast-import`.

    origin = Origin(tmp_path / "origin.git")
    first = origin.commit("Begin", {"a.py": "x = 1\n"})
    origin.commit("Topic", {"b.py": "y = 2\n"}, branch="topic", parents=[first])
    merge = origin.merge("topic")
    Mirror(tmp_path / "mirror.git", origin.remote()).fetch()

A commit takes its parent's files and changes those that it names; None deletes one. `gitserver.serve` puts
the same repositories behind HTTP.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.remote import Remote

AUTHOR = "Author One <one@example.org>"
DATE = "1767916800 +0800"
"""2026-01-09 08:00 in Shanghai."""
ABSENT = "1" * 40
"""A sha that no repository has."""
ALONE = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "LC_ALL": "C",
    "GIT_COMMITTER_NAME": "Author One",
    "GIT_COMMITTER_EMAIL": "one@example.org",
}
"""No configuration of whoever runs the tests."""


@dataclass(frozen=True)
class Content:
    """A file that is not just text: its mode, and its bytes or the object that it is."""

    mode: str
    raw: bytes = b""
    sha: str | None = None


def executable(text: str) -> Content:
    return Content("100755", text.encode())


def symlink(target: str) -> Content:
    return Content("120000", target.encode())


def submodule(sha: str) -> Content:
    return Content("160000", sha=sha)


@dataclass(frozen=True)
class Header:
    """What a commit says beside its message; dates are seconds and an offset."""

    author: str | bytes = AUTHOR
    authored: str = DATE
    committed: str | None = None
    """As authored unless told."""
    encoding: str | None = None

    def lines(self) -> list[bytes]:
        return [
            b"author " + _raw(self.author) + f" {self.authored}".encode(),
            f"committer {AUTHOR} {self.committed or self.authored}".encode(),
            *([f"encoding {self.encoding}".encode()] if self.encoding else []),
        ]


Files = Mapping[str | bytes, str | bytes | Content | None]


class Origin:
    """A bare repository to fetch from; `name` is what it is called in the digest."""

    def __init__(self, folder: Path, name: str = "example/project") -> None:
        self.folder, self.name = folder, name
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "--template=")

    @property
    def url(self) -> str:
        return self.folder.as_uri()

    def remote(self, url: str | None = None, token: str | None = None) -> Remote:
        return Remote(self.name, url or self.url, token)

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """What git prints, run in this repository and with no configuration but its own."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, env=environment | ALONE, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def head(self, branch: str = "main") -> str:
        return self.git("rev-parse", "--verify", f"refs/heads/{branch}")

    def has_branch(self, branch: str) -> bool:
        return self.git("for-each-ref", f"refs/heads/{branch}") != ""

    def commit(
        self,
        message: str | bytes = "Change something",
        files: Files | None = None,
        *,
        branch: str = "main",
        parents: Sequence[str] | None = None,
        header: Header | None = None,
    ) -> str:
        """A commit on a branch; its parent is the branch's head unless told. Returns the sha."""
        if parents is None:
            parents = [self.head(branch)] if self.has_branch(branch) else []
        elif not parents and self.has_branch(branch):
            self.point(branch, None)
        lines = [
            f"commit refs/heads/{branch}\nmark :1".encode(),
            *(header or Header()).lines(),
            _sized(_raw(message)),
            *(f"{'merge' if number else 'from'} {sha}".encode() for number, sha in enumerate(parents)),
            *(_change(_raw(path), content) for path, content in (files or {}).items()),
            b"get-mark :1\n",
        ]
        options = ("--quiet", "--force", "--date-format=raw-permissive")
        return self.git("fast-import", *options, stdin=b"\n".join(lines))

    def grow(self, count: int) -> list[str]:
        """So many commits on main at once; returns their shas, oldest first."""
        head = self.head()
        lines = [
            line
            for number in range(count)
            for line in (
                f"commit refs/heads/main\nmark :{number + 1}".encode(),
                *Header().lines(),
                _sized(f"Commit {number}".encode()),
                f"from {f':{number}' if number else head}\n".encode(),
            )
        ]
        self.git("fast-import", "--quiet", "--date-format=raw-permissive", stdin=b"\n".join(lines))
        return self.git("rev-list", "--reverse", f"{head}..refs/heads/main").split()

    def merge(self, *topics: str, files: Files | None = None) -> str:
        """A merge of branches into main: what each changed is taken over, then what is done by hand."""
        taken: dict[str | bytes, str | bytes | Content | None] = {}
        for topic in topics:
            base = self.git("merge-base", "refs/heads/main", f"refs/heads/{topic}")
            listed = self.git("diff", "--raw", "-z", "--no-abbrev", "--no-renames", base, self.head(topic))
            fields = iter(listed.split("\0")[:-1])
            for record, path in zip(fields, fields, strict=True):
                _, mode, _, sha, status = record.split(" ")
                taken[os.fsencode(path)] = None if status == "D" else Content(mode, sha=sha)
        parents = [self.head(), *(self.head(topic) for topic in topics)]
        return self.commit(f"Merge {', '.join(topics)}", {**taken, **(files or {})}, parents=parents)

    def raw_commit(self, raw: bytes, *, branch: str = "main") -> str:
        """A commit object byte by byte, valid or not, as the new head of a branch."""
        sha = self.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
        self.point(branch, sha)
        return sha

    def point(self, branch: str, sha: str | None) -> None:
        """Move a branch, by force if need be; None deletes it."""
        ref = f"refs/heads/{branch}"
        self.git("update-ref", *(("-d", ref) if sha is None else (ref, sha)))

    def forget(self) -> None:
        """Throw away whatever no branch reaches."""
        self.git("reflog", "expire", "--expire=now", "--all")
        self.git("gc", "--quiet", "--prune=now")

    def configure(self, **settings: str) -> None:
        """`configure(uploadpack_allowFilter="false")`."""
        for name, value in settings.items():
            self.git("config", name.replace("_", "."), value)


def shallow_clone(of: Origin, folder: Path, depth: int) -> Origin:
    """A clone of the last commits only, to fetch from."""
    clone = Origin(folder, of.name)
    clone.git("fetch", "--quiet", f"--depth={depth}", of.url, "+refs/heads/*:refs/heads/*")
    return clone


def _change(path: bytes, content: str | bytes | Content | None) -> bytes:
    quoted = b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
    if content is None:
        return b"D " + quoted
    file = content if isinstance(content, Content) else Content("100644", _raw(content))
    if file.sha:
        return f"M {file.mode} {file.sha} ".encode() + quoted
    return f"M {file.mode} inline ".encode() + quoted + b"\n" + _sized(file.raw)


def _sized(raw: bytes) -> bytes:
    return f"data {len(raw)}\n".encode() + raw


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
