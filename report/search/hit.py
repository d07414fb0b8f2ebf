"""One commit that was found, as it is told; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from analysis.matching import paths_of, told_by
from analysis.storage.entry import Entry
from analysis.text.quoting import unmarked
from analysis.text.sentences import first_sentence
from analysis.text.unseen import one_line
from report.search.excerpt import LONGEST, Run, beginning, excerpt, runs

Field = Literal["analysis", "message", "path"]


@dataclass(frozen=True)
class Hit:
    """With what was searched marked in each of its texts."""

    entry: Entry
    subject: tuple[Run, ...]
    author: tuple[Run, ...]
    field: Field
    """What the line is from."""
    line: tuple[Run, ...]
    """Around the first place that was found in the analysis, else in the message or the paths; else how the
    analysis begins. Empty when there is none."""

    @classmethod
    def of(cls, entry: Entry, words: Sequence[str]) -> Self:
        """A commit and the folded words that it was found by."""
        field, line = _line(entry, words)
        landed = entry.landed
        subject, author = (runs(one_line(text), words) for text in (landed.subject, landed.author))
        return cls(entry, subject, author, field, line)


def _line(entry: Entry, words: Sequence[str]) -> tuple[Field, tuple[Run, ...]]:
    """The message and the paths only where the subject does not show it already."""
    analysis = entry.analysis
    told = [unmarked(text) for text in told_by(analysis)] if analysis else []
    if line := excerpt(told, words):
        return "analysis", line
    in_subject = all(word in entry.landed.subject.casefold() for word in words)
    body = one_line(entry.facts.body) if entry.facts else ""
    if not in_subject and (line := excerpt([body], words)):
        return "message", line
    if not in_subject and (line := excerpt([one_line(path) for path in paths_of(entry)], words)):
        return "path", line
    return "analysis", beginning(unmarked(first_sentence(analysis.summary, LONGEST))) if analysis else ()


def text_of(line: Sequence[Run]) -> str:
    """The line without its marks."""
    return "".join(run.text for run in line)
