"""The first screen of a digest as Markdown; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.storage.highlights import Group
from analysis.words import Words
from report.anchors import SHORT, Anchors
from report.digest import Digest
from report.escape import escape
from report.first_screen import FirstScreen, details_of, first_screen_of, kind_text, left_text, named
from report.highlight import Highlight
from report.links import Links
from report.prose import tame_line
from report.skippable import Skippable


@dataclass(frozen=True)
class Opening:
    """The blocks between the title and the first repository."""

    digest: Digest
    words: Words
    links: Links
    anchors: Anchors

    def blocks(self) -> Iterator[str]:
        """Highlights, the same thing, what can be skipped; each only if there is something to say."""
        screen = first_screen_of(self.digest)
        if screen.highlights or screen.calm:
            yield from self.highlights(screen)
        if screen.groups:
            yield f"## {self.words('digest.groups.heading')}"
            yield "\n".join(f"- {self.of(name)}{self.group(name, group)}" for name, group in screen.groups)
        if screen.skippable:
            yield f"## {self.words('digest.skippable.heading', count=screen.skipped)}"
            yield "\n".join(
                f"{self.of(name, mark='- ')}{self.skippable(name, kinds)}" for name, kinds in screen.skippable
            )

    def highlights(self, screen: FirstScreen) -> Iterator[str]:
        """Heading, a word when nothing is of high importance, the list, and what is left out."""
        several = len(self.digest.repositories) > 1
        heading = "digest.highlights.heading" if several else "digest.highlights.heading-one"
        yield f"## {self.words(heading, repository=escape(self.digest.repositories[0].name))}"
        if screen.calm:
            yield self.words(f"digest.highlights.{screen.calm}")
        if screen.highlights:
            yield "\n".join(f"{n}. {self.highlight(item)}" for n, item in enumerate(screen.highlights, 1))
        if left := left_text(screen, self.words):
            yield left

    def highlight(self, item: Highlight) -> str:
        """A headline with its commits, and up to three lines below it."""
        mark = self.words(f"digest.mark.{item.importance}")
        where = f" · {escape(item.repository)}" if len(self.digest.repositories) > 1 else ""
        headline = self.strong(item.headline)
        lines = [f"{mark} {headline} {self.commits(item.repository, item.shas)}{where}"]
        for later in item.corrections:
            said = self.words(f"digest.highlights.{later.kind}", date=later.day)
            page = self.links.page(item.repository, later.sha)
            lines.append(f"   - {said} [`{later.sha[:SHORT]}`]({page})")
        lines += [f"   - {tame_line(text)}" for text in details_of(item, self.words)]
        return "\n".join(lines)

    def group(self, repository: str, group: Group) -> str:
        """Title, then each commit with its share."""
        title = self.words("digest.groups.title", title=self.strong(group.title))
        said = [
            f"{self.commits(repository, (part.sha,))} {tame_line(part.text)}".rstrip() for part in group.parts
        ]
        return title + self.words("digest.list-semicolon").join(said)

    def skippable(self, repository: str, kinds: Iterable[Skippable]) -> str:
        """Kinds with their commits."""
        return " · ".join(
            f"{kind_text(each.kind, self.words)} {self.commits(repository, each.shas)}" for each in kinds
        )

    def strong(self, text: str) -> str:
        """Nothing but a mark of Markdown may be left of a text."""
        return f"**{tame_line(text, emphasis=False) or self.words('digest.no-subject')}**"

    def of(self, repository: str, mark: str = "") -> str:
        """The repository a line is of, when there are several."""
        return f"{mark}{escape(repository)} · " if len(self.digest.repositories) > 1 else ""

    def commits(self, repository: str, shas: tuple[str, ...]) -> str:
        """Links into the digest; of many the first, and a number."""
        first, more = named(shas, self.words)
        links = (self.anchors.link(f"`{sha[:SHORT]}`", self.anchors.of(repository, sha)) for sha in first)
        return " ".join(links) + more
