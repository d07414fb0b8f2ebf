"""Digest -> Markdown for GitHub and any CommonMark reader with tables; pure.

Contents links lead to explicit anchors: readers make different ids of headings, and GitHub's leave out emoji.
Text of others passes through `escape` (subjects, authors) or `prose` (a model's words).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.text.unseen import one_line
from analysis.words import Words
from report.anchors import SHORT, Anchors
from report.digest import Digest, RepositoryDigest
from report.escape import escape
from report.fields import Field, fields_of
from report.foot import foot_of
from report.links import Links
from report.notes import notes_on
from report.opening import Opening
from report.status import repository_status, status_of
from report.story import Line, story_of

LONGEST = 60
"""Characters of a subject in the contents; a longer one is cut to 57 and three dots."""


def render_markdown(digest: Digest, words: Words, links: Links) -> str:
    """The whole day in the digest's form: status, highlights, then each repository, then how it was made."""
    return "\n\n".join(_Form(digest, words, links, Anchors(digest)).blocks()) + "\n"


def commit_blocks(
    entry: Entry, digest: Digest, words: Words, links: Links, anchors: Anchors
) -> Iterator[str]:
    """One commit with all that is said of it, from its anchor to the rule that ends it."""
    return _Form(digest, words, links, anchors).commit(entry)


def contents_text(subject: str) -> str:
    """A subject as the contents show it, not yet escaped."""
    return subject if len(subject) <= LONGEST else f"{subject[: LONGEST - 3]}..."


@dataclass(frozen=True)
class _Form:
    """The parts of one day's Markdown; a block is what stands between blank lines."""

    digest: Digest
    words: Words
    links: Links
    anchors: Anchors

    def blocks(self) -> Iterator[str]:
        title = self.words("digest.title", date=self.digest.date)
        yield f"# {title}\n{quote(status_of(self.digest, self.words))}"
        yield from Opening(self.digest, self.words, self.links, self.anchors).blocks()
        for repository in self.digest.repositories:
            yield anchor_of(self.anchors.repository(repository.name))
            yield f"## {escape(repository.name)}"
            if len(self.digest.repositories) > 1:
                yield quote(repository_status(repository, self.words))
            yield from self.repository(repository)
        if not self.digest.repositories:
            yield self.words("digest.empty")
        yield quote((self.words("digest.foot.heading"), *foot_of(self.digest, self.words)))

    def repository(self, repository: RepositoryDigest) -> Iterator[str]:
        if not repository.commits:
            yield self.words("digest.empty")
            return
        yield self.table(repository)
        yield anchor_of(self.anchors.statistics(repository.name))
        yield self.statistics(repository)
        yield f"### {self.words('digest.contents.heading')}"
        yield self.contents(repository)
        for importance, tier in repository.tiers():
            yield anchor_of(self.anchors.tier(repository.name, importance))
            yield f"### {self.tier_text(importance, tier)}"
            for entry in tier:
                yield from self.commit(entry)

    def table(self, repository: RepositoryDigest) -> str:
        columns = [self.words(f"digest.table.{column}") for column in ("time", "author", "subject")]
        rows = [f"| {' | '.join(columns)} |", "|----------|------|----------|"]
        zone = self.digest.zone
        for entry in repository.commits:
            time = entry.landed.authored_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
            rows.append(f"| {time} | {escape(entry.landed.author)} | {self.subject(entry)} |")
        return "\n".join(rows)

    def statistics(self, repository: RepositoryDigest) -> str:
        counts = repository.counts
        line = self.words("digest.statistics.line", **counts.model_dump())
        unread = self.words("digest.statistics.unread", count=counts.unread) if counts.unread else ""
        return f"### {self.words('digest.statistics.heading')}\n> {line}{unread}"

    def contents(self, repository: RepositoryDigest) -> str:
        name = repository.name
        lines = [
            f"- [{escape(name)}](#{self.anchors.repository(name)})",
            f"  - [{self.words('digest.statistics.heading')}](#{self.anchors.statistics(name)})",
        ]
        for importance, tier in repository.tiers():
            lines.append(f"  - [{self.tier_text(importance, tier)}](#{self.anchors.tier(name, importance)})")
            lines += [f"    - [{self.short_subject(entry)}](#{self.anchors.commit(entry)})" for entry in tier]
        return "\n".join(lines)

    def commit(self, entry: Entry) -> Iterator[str]:
        lines = [f"#### {self.subject(entry)}", self.places(entry)]
        yield anchor_of(self.anchors.commit(entry))
        yield "\n".join([*lines, *_quoted(self.notes(entry))])
        for field in fields_of(entry.analysis, self.words) if entry.analysis else ():
            yield self.field(field)
        yield "---"

    def notes(self, entry: Entry) -> Iterator[str]:
        """What corrects the analysis, what must be known of it, and which commits belong to it."""
        story = story_of(entry, self.words)
        yield from (self.told(entry, line) for line in story if line.correction)
        if notes := notes_on(entry, self.words):
            yield _row(notes)
        yield from (self.told(entry, line) for line in story if not line.correction)

    def told(self, entry: Entry, line: Line) -> str:
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
        label = self.words("digest.label", name=field.label)
        return f"{label.rstrip()}\n\n{field.markdown}" if field.below else label + field.markdown

    def tier_text(self, importance: Importance | None, entries: tuple[Entry, ...]) -> str:
        return self.words(f"digest.section.{importance or 'unread'}", count=len(entries))

    def subject(self, entry: Entry) -> str:
        return escape(entry.landed.subject) or self.words("digest.no-subject")

    def short_subject(self, entry: Entry) -> str:
        return escape(contents_text(one_line(entry.landed.subject))) or self.words("digest.no-subject")


def quote(items: tuple[str, ...]) -> str:
    """Plain text items in one quoted line."""
    return f"> {_row(items)}"


def _quoted(lines: Iterable[str]) -> Iterator[str]:
    """Lines of Markdown in one quotation, each on a line of its own for the reader as well."""
    joined = "\\\n> ".join(lines)
    if joined:
        yield f"> {joined}"


def _row(items: tuple[str, ...]) -> str:
    """Plain text items in one line."""
    return " · ".join(map(escape, items))


def anchor_of(name: str) -> str:
    """What a link of the contents leads to."""
    return f'<a id="{name}"></a>'
