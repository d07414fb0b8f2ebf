"""One commit as Markdown: a part of its day's digest, or a text that stands by itself. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.models import Analysis
from analysis.storage.entry import Entry
from analysis.text.sentences import cut
from analysis.text.unseen import one_line
from analysis.words import Words
from report.addresses import without_addresses
from report.anchors import SHORT, like_a_commit
from report.escape import escape
from report.fields import Field, fields_of
from report.links import Links
from report.notes import correction_text, notes_on
from report.parts import BLANK, size
from report.shortening import shortened
from report.story import Line, story_of

LONGEST_LINE = 1_000
"""Characters of a subject or a name; git sets no limit."""
BOUNDS = ((3_000, 30), (1_500, 15), (600, 8), (200, 4), (80, 1))
"""Characters of each text and items of each list, of an analysis that must be shorter."""


def render_commit_markdown(entry: Entry, words: Words, links: Links) -> str:
    """A commit to be pasted elsewhere: what its day's digest says of it, under a title of its own."""
    blocks = CommitMarkdown(words, links).blocks(without_addresses(entry), "#")
    return "\n\n".join(blocks) + "\n"


@dataclass(frozen=True)
class CommitMarkdown:
    """The blocks of one commit; a block is what stands between blank lines."""

    words: Words
    links: Links
    room: int | None = None
    """Characters of one commit by `size`, if there is a limit; beyond it, its page says more."""

    def blocks(self, entry: Entry, heading: str) -> tuple[str, ...]:
        """Heading, places and notes in the first, then a block for each field."""
        lines = [f"{heading} {self.heading(entry)}", self.places(entry)]
        top = "\n".join([*lines, *_quoted(self.notes(entry))])
        if entry.analysis is None:
            return (top,)
        whole = (top, *self.fields(entry.analysis))
        return whole if self._fits(whole) else self._short(entry, entry.analysis, top)

    def fields(self, analysis: Analysis) -> Iterator[str]:
        """A block for each."""
        return map(self.field, fields_of(analysis, self.words))

    def heading(self, entry: Entry) -> str:
        """The subject; with its sha if GitHub would make another commit's anchor of it."""
        subject = self.subject(entry)
        like = like_a_commit(one_line(entry.landed.subject))
        return f"{subject} · `{entry.sha[:SHORT]}`" if like else subject

    def subject(self, entry: Entry) -> str:
        """One line, never empty."""
        return line_of(entry.landed.subject) or self.words("digest.no-subject")

    def _fits(self, blocks: Iterable[str]) -> bool:
        return self.room is None or size(BLANK.join(blocks)) <= self.room

    def _short(self, entry: Entry, analysis: Analysis, top: str) -> tuple[str, ...]:
        """As much as there is room for, and where all of it is."""
        page = self.links.page(entry.repository, entry.sha)
        note = f"> {self.words('parts.shortened', url=page)}"
        tries = ((top, note, *self.fields(shortened(analysis, *bounds))) for bounds in BOUNDS)
        return next((blocks for blocks in tries if self._fits(blocks)), (top, note))

    def notes(self, entry: Entry) -> Iterator[str]:
        """What corrects the analysis, what must be known of it, and which commits belong to it."""
        story = story_of(entry, self.words)
        if correction := correction_text(entry, self.words):
            yield escape(correction)
        yield from (self.told(entry, line) for line in story if line.correction)
        if notes := notes_on(entry, self.words):
            yield row(notes)
        yield from (self.told(entry, line) for line in story if not line.correction)

    def told(self, entry: Entry, line: Line) -> str:
        """One line of its story."""
        named = (
            f"[`{other.sha[:SHORT]}`]({self.links.page(entry.repository, other.sha)}) {escape(other.text)}"
            for other in line.others
        )
        return line.before + self.words("digest.list-comma").join(named) + line.after

    def places(self, entry: Entry) -> str:
        """The sha, and where the commit and its pull request can be read."""
        url = self.links.commit(entry.repository, entry.sha)
        line = f"**SHA**: `{entry.sha[:SHORT]}` | 🔗 [{self.words('digest.link-commit')}]({url})"
        if entry.pull_request is None:
            return line
        number = entry.pull_request.number
        return f"{line} | [PR {number}]({self.links.quiet_pull_request(entry.repository, number)})"

    def field(self, field: Field) -> str:
        """A label with what it stands for beside or below it."""
        label = self.words("digest.label", name=field.label)
        return f"{label.rstrip()}\n\n{field.markdown}" if field.below else label + field.markdown


def line_of(text: str) -> str:
    """A line that somebody wrote, and may have written without end."""
    return escape(cut(one_line(text), LONGEST_LINE))


def row(items: Iterable[str]) -> str:
    """Plain text items in one line."""
    return " · ".join(map(escape, items))


def _quoted(lines: Iterable[str]) -> Iterator[str]:
    """Lines of Markdown in one quotation, each on a line of its own for the reader as well."""
    joined = "\\\n> ".join(lines)
    if joined:
        yield f"> {joined}"
