"""The files of a commit as its page lists them: how large each is, and what the analysis saw of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from analysis.models import FileChange, FileCoverage
from analysis.storage.entry import Entry
from analysis.words import Words
from report.notes import seen_text

MOST = 500
"""Files that are listed."""


@dataclass(frozen=True)
class FileRow:
    """One file."""

    file: FileChange
    plus: int
    """Added lines, in hundredths of the largest change among those listed."""
    minus: int
    seen: str
    """Plain text; empty when nobody says what was seen."""


def file_rows(entry: Entry, words: Words) -> tuple[FileRow, ...]:
    """The first files of a commit; none while it has not been read."""
    return tuple(islice(_rows(entry, words), MOST))


def _rows(entry: Entry, words: Words) -> Iterator[FileRow]:
    files = entry.facts.files if entry.facts else ()
    coverage = {file.path: file for file in entry.analysis.coverage.files} if entry.analysis else {}
    largest = max((_lines(file) for file in files[:MOST]), default=0) or 1
    for file in files:
        plus, minus = ((count or 0) * 100 // largest for count in (file.additions, file.deletions))
        yield FileRow(file, plus, minus, _seen(coverage.get(file.path), words))


def _lines(file: FileChange) -> int:
    return (file.additions or 0) + (file.deletions or 0)


def _seen(file: FileCoverage | None, words: Words) -> str:
    if file is None:
        return ""
    text = words(f"pages.commit.seen-{file.seen}")
    why = seen_text(file, words) if file.why else ""
    return words("digest.note.detail", reason=text, detail=why) if why else text
