"""Digest -> Markdown for GitHub and any CommonMark reader with tables; pure.

Contents links lead to explicit anchors: readers make different ids of headings, and GitHub's leave out emoji.
Text of others passes through `escape` (subjects, authors) or `prose` (a model's words).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from analysis.models import Importance
from analysis.storage.entry import Entry
from analysis.text.unseen import one_line
from analysis.words import Words
from report.anchors import SHORT, Anchors
from report.commit_markdown import CommitMarkdown, line_of, row
from report.dates import common_offset, local_time
from report.digest import Digest, RepositoryDigest
from report.escape import escape, in_html
from report.foot import foot_of
from report.links import Links
from report.muting import joined_muted, muted_text
from report.opening import Opening
from report.parts import BLANK, COMMIT, LooseAnchors, public, split
from report.status import repository_status, status_of

FOLD = 80
"""Lines that a fold of what is muted may have: it is never cut, and must fit into a part."""
LONGEST = 60
"""Characters of a subject in the contents; a longer one is cut to 57 and three dots."""


def render_markdown(digest: Digest, words: Words, links: Links) -> str:
    """The whole day in the digest's form: status, highlights, then each repository, then how it was made."""
    form = _Form(digest, words, links, Anchors(digest), CommitMarkdown(words, links))
    return BLANK.join(form.blocks()) + "\n"


def render_parts(digest: Digest, words: Words, links: Links) -> tuple[str, ...]:
    """The same in parts that GitHub takes."""
    posted = replace(links, base_url=public(links.base_url))
    commits = CommitMarkdown(words, posted, COMMIT)
    form = _Form(digest, words, posted, LooseAnchors(digest), commits)
    names = [repository.name for repository in digest.repositories]
    return split(form.blocks(), words, posted.digest(digest.date, names[0] if len(names) == 1 else None))


def commit_block(entry: Entry, commits: CommitMarkdown, anchors: Anchors) -> str:
    """One commit with all that is said of it, from its anchor to the rule that ends it."""
    return BLANK.join([anchors.target(anchors.commit(entry)), *commits.blocks(entry, "####"), "---"])


def muted_blocks(repository: RepositoryDigest, words: Words, links: Links, anchors: Anchors) -> Iterator[str]:
    """What is muted, in one line that opens; nothing is said when nothing is."""
    for start in range(0, len(repository.silent), FOLD):
        entries = repository.silent[start : start + FOLD]
        muted = joined_muted([repository.folded], {entry.sha for entry in entries})
        opening = f"<details>\n<summary>{in_html(muted_text(muted, words))}</summary>"
        lines = (_muted_line(entry, words, links, anchors) for entry in entries)
        yield BLANK.join([opening, "\n".join(lines), "</details>"])


def _muted_line(entry: Entry, words: Words, links: Links, anchors: Anchors) -> str:
    mark = f"{words(f'digest.mark.{entry.importance}')} " if entry.importance else ""
    subject = escape(contents_text(one_line(entry.landed.subject))) or words("digest.no-subject")
    page = links.page(entry.repository, entry.sha)
    return f"- {anchors.target(anchors.commit(entry))}{mark}{subject} [`{entry.sha[:SHORT]}`]({page})"


def contents_text(subject: str) -> str:
    """A subject as the contents show it, not yet escaped."""
    return subject if len(subject) <= LONGEST else f"{subject[: LONGEST - 3]}..."


@dataclass(frozen=True)
class _Form:
    """The parts of one day's Markdown; a block is what stands between blank lines, or a whole commit."""

    digest: Digest
    words: Words
    links: Links
    anchors: Anchors
    commits: CommitMarkdown

    def blocks(self) -> Iterator[str]:
        title = self.words("digest.title", date=self.digest.date)
        yield f"# {title}\n{quote(status_of(self.digest, self.words))}"
        yield from Opening(self.digest, self.words, self.links, self.anchors).blocks()
        for repository in self.digest.listed:
            yield self.anchors.target(self.anchors.repository(repository.name))
            yield f"## {escape(repository.name)}"
            if len(self.digest.repositories) > 1:
                yield quote(repository_status(repository, self.words))
            yield from self.repository(repository)
        if not self.digest.listed:
            yield self.words("pages.filter.none" if self.digest.selection else "digest.empty")
        yield quote((self.words("digest.foot.heading"), *foot_of(self.digest, self.words), *self.times()))

    def repository(self, repository: RepositoryDigest) -> Iterator[str]:
        if not repository.commits:
            yield self.words("digest.empty")
            return
        yield self.table(repository)
        yield self.anchors.target(self.anchors.statistics(repository.name))
        yield self.statistics(repository)
        yield f"### {self.words('digest.contents.heading')}"
        yield self.contents(repository)
        for importance, tier in repository.tiers():
            yield self.anchors.target(self.anchors.tier(repository.name, importance))
            yield f"### {self.tier_text(importance, tier)}"
            for entry in tier:
                yield commit_block(entry, self.commits, self.anchors)
        yield from muted_blocks(repository, self.words, self.links, self.anchors)

    def table(self, repository: RepositoryDigest) -> str:
        columns = [self.words(f"digest.table.{column}") for column in ("time", "author", "subject")]
        rows = [f"| {' | '.join(columns)} |", "|----------|------|----------|"]
        for entry in repository.commits:
            time = local_time(entry.landed.authored_at, self.digest.zone, offset=not self.offset)
            rows.append(f"| {time} | {line_of(entry.landed.author)} | {self.commits.subject(entry)} |")
        return "\n".join(rows)

    @cached_property
    def offset(self) -> str:
        """From UTC, of all times in the tables; empty when they have several, so that each shows its own."""
        return common_offset((entry.landed.authored_at for entry in self.digest.commits), self.digest.zone)

    def times(self) -> Iterator[str]:
        """The offset, once: the tables have no room for it."""
        if self.offset:
            yield self.words("digest.foot.times", offset=self.offset, zone=self.digest.timezone)

    def statistics(self, repository: RepositoryDigest) -> str:
        counts = repository.counts
        line = self.words("digest.statistics.line", **counts.model_dump())
        unread = self.words("digest.statistics.unread", count=counts.unread) if counts.unread else ""
        return f"### {self.words('digest.statistics.heading')}\n> {line}{unread}"

    def contents(self, repository: RepositoryDigest) -> str:
        name, anchors = repository.name, self.anchors
        statistics = anchors.link(self.words("digest.statistics.heading"), anchors.statistics(name))
        lines = [f"- {anchors.link(escape(name), anchors.repository(name))}", f"  - {statistics}"]
        for importance, tier in repository.tiers():
            place = anchors.tier(name, importance)
            lines.append(f"  - {anchors.link(self.tier_text(importance, tier), place)}")
            lines += [
                f"    - {anchors.link(self.short_subject(entry), anchors.commit(entry))}" for entry in tier
            ]
        return "\n".join(lines)

    def tier_text(self, importance: Importance | None, entries: tuple[Entry, ...]) -> str:
        return self.words(f"digest.section.{importance or 'unread'}", count=len(entries))

    def short_subject(self, entry: Entry) -> str:
        return escape(contents_text(one_line(entry.landed.subject))) or self.words("digest.no-subject")


def quote(items: tuple[str, ...]) -> str:
    """Plain text items in one quoted line."""
    return f"> {row(items)}"
