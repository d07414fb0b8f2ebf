"""Reads Markdown as GitHub does: CommonMark with its extensions, its ids, and what it makes of text then.

Written against GitHub's documentation, since its last steps have no published code. What acts on rendered
text (mentions, references, bare URLs, pictures) is looked for outside code; what acts on the source
(footnotes, tasks, alerts) in characters that no backslash stands before.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from report.anchors import github_slug

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
"""Without `text_join`, escaped characters are tokens of their own."""
AFTERWARDS = re.compile(
    r"""
      (?<![A-Za-z0-9_]) @ [A-Za-z0-9]                              # a person, a team
    | (?<![A-Za-z0-9_]) (?: \# | [Gg][Hh]- ) \d+ \b                # an issue
    | (?<=[\w.-]) (?: \# \d+ | @ [0-9a-f]{7,40} ) \b               # the same elsewhere, a commit
    | (?<![A-Za-z0-9]) (?= [0-9]*[a-f] ) (?= [a-f]*[0-9] ) [0-9a-f]{7,40} (?![A-Za-z0-9])
    | (?: https? | ftp ) :// | (?<![A-Za-z0-9]) www\. | mailto: | xmpp:
    | : (?: [a-z][a-z0-9_+-]* | [+-]1 | 100 ) :                    # a picture
    | \$ [^$]+ \$
    """,
    re.VERBOSE | re.ASCII,
)
IN_SOURCE = re.compile(r"\[\^[^\]\s]+\]|^\[[ xX]\]\s|^\[!(?i:note|tip|important|warning|caution)\]")
"""Footnotes; at the beginning of a block also tasks and alerts."""
BACKLINK = re.compile(r"https?://(?:www\.)?github\.com/[^/]+/[^/]+/(?:issues|pull|discussions)/\d+")
ALLOWED = {"a", "details", "summary", "br"}
"""Of what GitHub lets through, what a digest may use."""
PREFIX = "user-content-"


@dataclass
class GitHubReading:
    """What GitHub would show and do."""

    tables: list[list[tuple[str, ...]]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    """In order, headings' own among them."""
    acting: list[str] = field(default_factory=list)
    """What pings, refers, links, or is shown as another thing than it was written as."""
    stripped: list[str] = field(default_factory=list)
    """HTML that would not be let through."""
    languages: list[str] = field(default_factory=list)
    """Of blocks of code: `math` and `mermaid` would be drawn."""

    def dead_links(self) -> list[str]:
        """Fragments that lead nowhere, or elsewhere than to the anchor that was meant."""
        fragments = [href[1:] for _, href in self.links if href.startswith("#")]
        return [name for name in fragments if self.ids.count(PREFIX + name.removeprefix(PREFIX)) != 1]


def read_as_github(markdown: str) -> GitHubReading:
    """Read one document."""
    reading, slugs, place = GitHubReading(), Counter[str](), ""
    for token in PARSER.parse(markdown):
        if token.type in {"heading_open", "th_open", "td_open"}:
            place = token.tag
        elif token.type in {"heading_close", "th_close", "td_close"}:
            place = ""
        elif token.type == "table_open":
            reading.tables.append([])
        elif token.type == "tr_open":
            reading.tables[-1].append(())
        elif token.type == "inline":
            said = _inline(token.children or (), reading)
            _place(said, place, reading, slugs)
        elif token.type == "html_block":
            _html(token.content, reading)
        elif token.type == "fence" and token.info:
            reading.languages.append(token.info)
    return reading


def _place(said: str, place: str, reading: GitHubReading, slugs: Counter[str]) -> None:
    if place in {"td", "th"}:
        reading.tables[-1][-1] += (said,)
    elif place:
        slug = github_slug(said)
        reading.headings.append((int(place[1:]), said))
        reading.ids.append(PREFIX + (f"{slug}-{slugs[slug]}" if slugs[slug] else slug))
        slugs[slug] += 1


def _inline(children: Sequence[Token], reading: GitHubReading) -> str:
    said, start = "", 0
    for child in children:
        if child.type == "link_open":
            start = len(said)
            reading.links.append(("", str(child.attrs["href"])))
            reading.acting += BACKLINK.findall(reading.links[-1][1])
        elif child.type == "link_close":
            reading.links[-1] = said[start:], reading.links[-1][1]
        elif child.type == "html_inline":
            _html(child.content, reading)
        elif child.type == "image":
            reading.acting.append("image")
        elif child.type in {"text", "text_special", "code_inline"}:
            said += child.content
        elif child.type.endswith("break"):
            said += "\n"
    for text, beginning in _texts(children):
        reading.acting += [match[0] for match in AFTERWARDS.finditer(text)]
        reading.acting += [match[0] for match in IN_SOURCE.finditer(beginning)]
    return said


def _texts(children: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Each run of text outside code, and the same with a mark for each escaped character."""
    text = raw = ""
    for child in children:
        if child.type in {"text", "text_special"}:
            text += child.content
            raw += child.content if child.type == "text" else "\\"
        else:
            yield text, raw
            text = raw = ""
            raw = "\\"  # no longer at the beginning of the block
    yield text, raw


def _html(content: str, reading: GitHubReading) -> None:
    _Tags(content, reading).close()


class _Tags(HTMLParser):
    """Ids of what is let through, and the rest."""

    def __init__(self, html: str, reading: GitHubReading) -> None:
        super().__init__()
        self.reading = reading
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag not in ALLOWED or not names <= {"id", "open"}:
            self.reading.stripped.append(tag)
        self.reading.ids += [PREFIX + (value or "") for name, value in attrs if name == "id"]

    def handle_comment(self, data: str) -> None:
        self.reading.stripped.append(data)
