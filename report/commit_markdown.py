"""One commit as Markdown: a part of its day's digest, or a text that stands by itself. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.storage.entry import Entry
from analysis.words import Words
from report.addresses import without_addresses
from report.anchors import SHORT
from report.escape import escape
from report.fields import Field, fields_of
from report.links import Links
from report.notes import correction_text, notes_on
from report.story import Line, story_of


def render_commit_markdown(entry: Entry, words: Words, links: Links) -> str:
    """A commit to be pasted elsewhere: what its day's digest says of it, under a title of its own."""
    blocks = CommitMarkdown(words, links).blocks(without_addresses(entry), "#")
    return "\n\n".join(blocks) + "\n"


@dataclass(frozen=True)
class CommitMarkdown:
    """The blocks of one commit; a block is what stands between blank lines."""

    words: Words
    links: Links

    def blocks(self, entry: Entry, heading: str) -> Iterator[str]:
        """Heading, places and notes in the first, then a block for each field."""
        lines = [f"{heading} {self.subject(entry)}", self.places(entry)]
        yield "\n".join([*lines, *_quoted(self.notes(entry))])
        for field in fields_of(entry.analysis, self.words) if entry.analysis else ():
            yield self.field(field)

    def subject(self, entry: Entry) -> str:
        """One line, never empty."""
        return escape(entry.landed.subject) or self.words("digest.no-subject")

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
        return f"{line} | [PR {number}]({self.links.pull_request(entry.repository, number)})"

    def field(self, field: Field) -> str:
        """A label with what it stands for beside or below it."""
        label = self.words("digest.label", name=field.label)
        return f"{label.rstrip()}\n\n{field.markdown}" if field.below else label + field.markdown


def row(items: Iterable[str]) -> str:
    """Plain text items in one line."""
    return " · ".join(map(escape, items))


def _quoted(lines: Iterable[str]) -> Iterator[str]:
    """Lines of Markdown in one quotation, each on a line of its own for the reader as well."""
    joined = "\\\n> ".join(lines)
    if joined:
        yield f"> {joined}"
