"""Whose lines a commit removed: lines as fingerprints, and the commits that added them shortly before; pure.

Only lines of code count that say something, and only by what they say: not by how they are indented, nor if
they were moved. A line is the last commit's that added it to its file, as `git blame` has it.
"""

import re
from base64 import urlsafe_b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import PurePosixPath

from analysis.diff.paths import Kind, kind_of_file
from analysis.importance.titles import ChangeType, parse_title
from analysis.models import Commit, FileChange, Patch, Sha
from analysis.storage.link import Link, instant_of

WINDOW = 30 * 86_400
"""Seconds between two commits after which the lines of the first are old."""
FEWEST = 3
"""Lines that one commit must have taken from another."""
MOST = 0.5
"""Of what a fix removed: it mends the commit that added it. Of what a commit added: that is undone."""
SOME = 0.1
"""Of what a commit removed, below which it only came by: it renames or formats everything."""
FILES = 40
"""Files of a commit that are looked at, those with the most changed lines."""
BULK = 20_000
"""Changed lines from which on a commit is nobody's work: it brings in, formats or generates."""
LINES = 1000
"""Lines added, and lines removed, that are kept of one file: of all, those that any commit would keep."""

_DATA = frozenset({".json", ".jsonl", ".csv", ".tsv", ".sql", ".txt", ".xml"})
"""Lists of things of which many a line is the same."""
_BYTES, _WIDTH = 6, 8
"""Of a fingerprint, and its characters: among a million lines, two that differ are hardly ever the same."""
_CHANGED = re.compile(r"^([-+])(.{1,300})$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_WORDS, _LETTERS = 3, 12
"""A line with fewer stands in many files: `else {`, `return None`."""
_DULL = re.compile(
    r"\s*(?://|#(?!\s*(?:define|if|elif|else|endif|pragma)\b)|/?\*|--|<!--|\"\"\"|'''|"
    r"(?:(?:pub(?:\([a-z]{1,9}\))?\s+)?(?:use|mod)|extern crate|import|using|package|require|include|"
    r"export \*|from\s+\S+\s+import)\b)"
)
"""A comment, or what brings in names."""


@dataclass(frozen=True)
class Lines:
    """The fingerprints of what one commit did to one file."""

    added: frozenset[str]
    removed: frozenset[str]


@dataclass(frozen=True)
class Trace:
    """One commit in one file."""

    sha: Sha
    instant: int
    """As `analysis.storage.link.instant_of`."""
    fix: bool
    """Its title says that it mends something."""
    added: int
    """Lines in all its files."""
    removed: int
    lines: Lines

    def text(self) -> str:
        """The trace without its sha, as it is stored: 8 bytes a line and about 20 beside."""
        counts = f"{self.instant} {int(self.fix)} {self.added} {self.removed}"
        return f"{counts} {''.join(sorted(self.lines.added))} {''.join(sorted(self.lines.removed))}"

    @classmethod
    def parse(cls, sha: Sha, text: str) -> "Trace":
        """What `text` gave."""
        instant, fix, added, removed, *lines = text.split(" ")
        split = [re.findall(f".{{{_WIDTH}}}", joined) for joined in lines]
        return cls(sha, int(instant), fix == "1", int(added), int(removed), Lines(*map(frozenset, split)))


def traces_of(commit: Commit) -> dict[str, Trace]:
    """The commit in each file of code that it changed, under the file's path and its former one.

    None of a merge, whose patch has more than two sides, nor of a change of style or in bulk.
    """
    title = parse_title(commit.subject).type
    files = {file.path: file for file in commit.files if _is_code(file)}
    if len(commit.parents) > 1 or title is ChangeType.STYLE or sum(map(_size, files.values())) > BULK:
        return {}
    patches = [patch for patch in commit.patches if patch.path in files]
    largest = sorted(patches, key=lambda patch: _size(files[patch.path]), reverse=True)[:FILES]
    sides = [(files[patch.path], _said(patch, "+"), _said(patch, "-")) for patch in largest]
    added = frozenset[str]().union(*(new for _, new, _ in sides))
    removed = frozenset[str]().union(*(old for _, _, old in sides))
    fix = title in {ChangeType.FIX, ChangeType.SECURITY}
    found: dict[str, Trace] = {}
    for file, new, old in sides:
        lines = Lines(_lowest(new - removed), _lowest(old - added))
        trace = Trace(commit.sha, instant_of(commit), fix, len(added - removed), len(removed - added), lines)
        found |= dict.fromkeys({file.path, file.old_path or file.path}, trace)
    return found


def undoings(sha: Sha, files: Mapping[str, Iterable[Trace]]) -> Iterator[Link]:
    """What a commit undid, and by whom it was undone.

    Args:
        sha: the commit.
        files: path -> the traces in that file, the commit's own among them.
    """
    known = {trace.sha: trace for traces in files.values() for trace in traces}
    taken: defaultdict[tuple[Sha, Sha], dict[str, str]] = defaultdict(dict)
    for path, traces in files.items():
        for earlier, later, line in _taken(sha, sorted(traces, key=lambda trace: trace.instant)):
            taken[earlier, later][line] = path
    for (earlier, later), lines in taken.items():
        if (link := _link(known[earlier], known[later], lines)) is not None:
            yield link


def _taken(sha: Sha, traces: Sequence[Trace]) -> Iterator[tuple[Sha, Sha, str]]:
    """The lines of one file that were taken from or by a commit: (earlier, later, line)."""
    own = {line for trace in traces if trace.sha == sha for line in trace.lines.added}
    for later in traces:
        lines = later.lines.removed if later.sha == sha else later.lines.removed & own
        for line in lines:
            earlier = _owner(line, later, traces)
            if earlier and sha in {earlier.sha, later.sha}:
                yield earlier.sha, later.sha, line


def _owner(line: str, later: Trace, traces: Sequence[Trace]) -> Trace | None:
    """The last commit that added a line before another removed it."""
    before = (trace for trace in reversed(traces) if 0 < later.instant - trace.instant <= WINDOW)
    return next((trace for trace in before if line in trace.lines.added), None)


def _link(earlier: Trace, later: Trace, lines: Mapping[str, str]) -> Link | None:
    """What the lines (line -> path) amount to, if that is anything; evidence is the file with most."""
    of_earlier, of_later = len(lines) / max(1, earlier.added), len(lines) / max(1, later.removed)
    fixes = later.fix and of_later >= MOST
    if len(lines) < FEWEST or not (fixes or (of_earlier >= MOST and of_later >= SOME)):
        return None
    ((path, _),) = Counter(sorted(lines.values())).most_common(1)
    return Link("fixes" if fixes else "undoes", earlier.sha, later.sha, path, said=False)


def _is_code(file: FileChange) -> bool:
    return kind_of_file(file) is Kind.CORE and PurePosixPath(file.path).suffix not in _DATA


def _size(file: FileChange) -> int:
    return (file.additions or 0) + (file.deletions or 0)


def _said(patch: Patch, mark: str) -> frozenset[str]:
    """The lines with a mark that say something, as fingerprints."""
    _, *hunks = patch.text.partition("\n@@")
    lines = (
        line for sign, line in _CHANGED.findall("".join(hunks)) if sign == mark and not _DULL.match(line)
    )
    return frozenset(_fingerprint(line) for line in lines if _telling(line))


def _telling(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= _WORDS and sum(map(len, words)) >= _LETTERS


def _fingerprint(line: str) -> str:
    digest = blake2b("".join(line.split()).encode(errors="surrogatepass"), digest_size=_BYTES)
    return urlsafe_b64encode(digest.digest()).decode()


def _lowest(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(sorted(lines)[:LINES])
