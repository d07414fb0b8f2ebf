"""Real commits whose importance was judged by hand: facts and signs in a fixture, no patches and no bodies.

`python -m bench.labelled CLONES [LABELS...]` writes the fixture anew. CLONES holds clones, `owner/name.git`.
A file of LABELS has lines of `{repository, sha, label, why}`; without any, the fixture's own labels are kept.
A line may also say its half, `tune` or `held`; one that says nothing is held.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from analysis.importance.evidence import SIGNS
from analysis.importance.triage import triage
from analysis.models import Commit, CommitFacts, FileChange, Frozen, Importance, Reason, RepositoryName, Sha
from workers.checkout import read_commit
from workers.remote import CommitUnreachable, Remote, RemoteUnavailable

FIXTURE = Path(__file__).parents[1] / "tests" / "fixtures" / "labels.jsonl"
FILE = ("status", "additions", "deletions", "path", "marked")
"""A file's fields as they are written, the last one only where there is a mark."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a commit was made has no part in how much it matters."""


class Label(Frozen):
    """What somebody judged who had read the commit."""

    repository: RepositoryName
    sha: Sha
    label: Importance
    why: str
    half: Literal["tune", "held"] = "held"
    """`tune` is what the rules were chosen on, `held` what they were tested on."""


class Labelled(Label):
    """A label and whatever the triage needs of its commit."""

    subject: str
    merged: int = 0
    files: tuple[FileChange, ...]
    signs: tuple[Reason, ...]

    @classmethod
    def of(cls, label: Label, commit: Commit) -> Self:
        """Keep the signs as the triage shows them: shortened and without secrets."""
        signs = tuple(reason for reason in triage(commit).reasons if reason.rule in SIGNS)
        files = commit.files
        return cls(**dict(label), subject=commit.subject, merged=commit.merged, files=files, signs=signs)

    @classmethod
    def parse(cls, line: str) -> Self:
        """The reverse of `line`."""
        fields = json.loads(line)
        fields["files"] = [dict(zip(FILE, each, strict=False)) for each in fields["files"]]
        return cls.model_validate(fields)

    def line(self) -> str:
        """One object of JSON, its files as lists."""
        files = [[getattr(file, name) for name in FILE] for file in self.files]
        files = [fields if fields[-1] else fields[:-1] for fields in files]
        fields = {**self.model_dump(mode="json"), "files": files}
        return json.dumps(fields, ensure_ascii=False)

    @property
    def facts(self) -> CommitFacts:
        """The commit, as far as it is known here."""
        return CommitFacts(
            repository=self.repository,
            sha=self.sha,
            subject=self.subject,
            merged=self.merged,
            files=self.files,
            author="",
            authored_at=NEVER,
            committed_at=NEVER,
        )


def read_fixture() -> tuple[Labelled, ...]:
    """All labelled commits."""
    return tuple(map(Labelled.parse, FIXTURE.read_text(encoding="utf-8").splitlines()))


def read_labels(files: Iterable[Path]) -> Iterator[Label]:
    """The labels of these files, each commit's last one, in the order of their repositories."""
    lines = (json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    latest = {label.sha: label for label in map(Label.model_validate, lines)}
    yield from sorted(latest.values(), key=lambda label: (label.repository, label.sha))


def write_fixture(clones: Path, labels: Iterable[Label], into: Path = FIXTURE) -> int:
    """Read each commit from its clone; returns how many there are.

    Raises:
        CommitUnreachable, RemoteUnavailable: a clone does not have its commit, or is not there.
    """
    lines = [Labelled.of(label, _read(clones, label)).line() for label in labels]
    into.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def _read(clones: Path, label: Label) -> Commit:
    clone = (clones / f"{label.repository}.git").resolve()
    return read_commit(Remote(label.repository, clone.as_uri()), label.sha)


def main(arguments: Sequence[str]) -> int:
    """Write the fixture; returns the exit status."""
    if not arguments:
        print("usage: python -m bench.labelled CLONES [LABELS...]", file=sys.stderr)
        return 2
    clones, *files = map(Path, arguments)
    labels = list(read_labels(files or [FIXTURE]))
    try:
        print(f"{write_fixture(clones, labels)} commits")
    except (CommitUnreachable, RemoteUnavailable) as error:
        print(f"bench.labelled: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
