"""Reads Markdown and HTML back as a reader's program would, for tests that compare it with what went in."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANCHOR = re.compile(r'<a id="([^"]+)">|</a>')
PINGS = re.compile(
    r"(?<![A-Za-z0-9_])@[A-Za-z0-9]|(?<![A-Za-z0-9_])(#|GH-)\d+\b|https?://|(?<![A-Za-z0-9])www\."
)
"""What GitHub would act upon in text that is neither code nor a link."""
UNHEARD = frozenset({"style", "script", "template"})


@dataclass
class Reading:
    """What a document says."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    """Text of every block that is neither a heading nor a table's cell, in order."""
    active: list[str] = field(default_factory=list)
    """Text that GitHub would turn into a mention or a link."""
    html: list[str] = field(default_factory=list)
    """HTML that is not one of our anchors."""
    rules: int = 0
    images: int = 0

    def dead_links(self) -> list[str]:
        """Fragments that lead nowhere in the document."""
        return [href for _, href in self.links if href.startswith("#") and href[1:] not in self.anchors]


def read_markdown(text: str) -> Reading:
    """Parse CommonMark with GitHub's tables and strikethrough."""
    reading = Reading()
    place = ""
    for token in PARSER.parse(text):
        if token.type in {"heading_open", "th_open", "td_open"}:
            place = token.tag
        elif token.type in {"heading_close", "th_close", "td_close"}:
            place = ""
        elif token.type == "tr_open":
            reading.rows.append(())
        elif token.type == "inline":
            _put(_read_inline(token, reading), place, reading)
        else:
            _read_block(token, reading)
    return reading


def _put(said: str, place: str, reading: Reading) -> None:
    if place in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        reading.headings.append((int(place[1:]), said))
    elif place:
        reading.rows[-1] += (said,)
    elif said:
        reading.paragraphs.append(said)


def _read_block(token: Token, reading: Reading) -> None:
    if token.type == "hr":
        reading.rules += 1
    elif token.type == "html_block":
        reading.html.append(token.content)
    elif token.type in {"fence", "code_block"}:
        reading.paragraphs.append(token.content)


def _read_inline(token: Token, reading: Reading) -> str:
    said: list[str] = []
    outside: list[str] = []
    link: tuple[int, str] | None = None
    for child in token.children or ():
        if child.type == "link_open":
            link = len(said), str(child.attrs["href"])
        elif child.type == "link_close" and link:
            reading.links.append(("".join(said[link[0] :]), link[1]))
            link = None
        elif child.type == "html_inline":
            _read_html(child.content, reading)
        elif child.type == "image":
            reading.images += 1
        elif child.type in {"text", "code_inline", "softbreak", "hardbreak"}:
            text = child.content if child.type in {"text", "code_inline"} else "\n"
            said.append(text)
            outside.append(text if child.type == "text" and link is None else "`")
        else:
            outside.append("`")  # to GitHub, text on both sides of a mark is two texts
    reading.active += [match[0] for match in PINGS.finditer("".join(outside))]
    return "".join(said)


def _read_html(content: str, reading: Reading) -> None:
    match = ANCHOR.fullmatch(content)
    if match is None:
        reading.html.append(content)
    elif match[1]:
        reading.anchors.append(match[1])


class Page(HTMLParser):
    """What an HTML page says: its ids, links, headings, and what it would ask the network for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.requests: list[str] = []
        self.forms: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.attributes: list[str] = []
        self._heading: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += values
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" and "href" in values else []
        self.forms += [values["action"]] if "action" in values else []
        self.requests += [values[name] for name in ("src", "data", "poster") if name in values]
        if tag == "link" and values.get("rel") in {"stylesheet", "preload", "icon"}:
            self.requests.append(values.get("href", ""))
        if re.fullmatch("h[1-6]", tag):
            self._heading = []

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag) and self._heading is not None:
            self.headings.append((int(tag[1]), "".join(self._heading).strip()))
            self._heading = None

    def handle_data(self, data: str) -> None:
        if self._heading is not None:
            self._heading.append(data)


class _Said(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unheard = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unheard += tag in UNHEARD

    def handle_endtag(self, tag: str) -> None:
        self._unheard -= tag in UNHEARD

    def handle_data(self, data: str) -> None:
        if not self._unheard:
            self.words += data.split()


def words_of(html: str) -> list[str]:
    """What a document says, word by word."""
    return _Said(html).words
