"""What is wrong with an Atom feed: by the grammar of RFC 4287, and by the rules that it only has in words.

The grammar is `fixtures/atom.rng`. Entries hold HTML as text, which RFC 4287 wants to be such that it could
stand inside a `div`; so it is read as a browser does: every element has to be closed, every link absolute.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
GRAMMAR = etree.RelaxNG(file=Path(__file__).parent / "fixtures" / "atom.rng")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""RFC 3339, as RFC 4287, 3.3 asks for: with `T` and `Z` as capitals and an offset."""
VOID = frozenset({"br", "hr", "img", "wbr"})
ACTIVE = frozenset({"script", "style", "iframe", "object", "embed", "form", "link", "meta", "base"})


def faults(text: str) -> list[str]:
    """One line for each fault of a feed; none for a valid one."""
    try:
        feed = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as wrong:
        return [f"no XML: {wrong}"]
    found = [] if GRAMMAR.validate(feed) else [str(error.message) for error in GRAMMAR.error_log]
    entries = feed.findall(f"{ATOM}entry")
    found += [*_of_feed(feed), *_of_ids([feed, *entries]), *_of_dates(feed, entries)]
    for entry in entries:
        found += [*_of_entry(entry), *(_of_html(entry.findtext(f"{ATOM}content") or ""))]
    return found


def _of_feed(feed: etree._Element) -> Iterator[str]:
    if not feed.get(LANGUAGE):
        yield "the feed does not say its language"
    if not (feed.findtext(f"{ATOM}author/{ATOM}name") or "").strip():
        yield "4.1.1: nobody is the author"
    for rel in ("self", "alternate"):
        if len(_links(feed, rel)) != 1:
            yield f"4.1.1: not one link that is {rel}"
    yield from _of_addresses(feed)


def _of_entry(entry: etree._Element) -> Iterator[str]:
    if len(_links(entry, "alternate")) != 1:
        yield "4.1.2: an entry without a page of its own"
    content = entry.find(f"{ATOM}content")
    if content is None or content.get("type") != "html":
        yield "the content of an entry is not HTML"
    yield from _of_addresses(entry)


def _of_addresses(element: etree._Element) -> Iterator[str]:
    for link in element.findall(f"{ATOM}link"):
        if not _is_absolute(link.get("href", "")):
            yield f"no absolute address: {link.get('href')}"


def _of_ids(elements: list[etree._Element]) -> Iterator[str]:
    ids = [element.findtext(f"{ATOM}id") or "" for element in elements]
    yield from (f"4.2.6: no absolute IRI: {each!r}" for each in ids if not urlsplit(each).scheme)
    yield from (f"4.2.6: an id with blanks: {each!r}" for each in ids if re.search(r"\s", each))
    yield from (f"4.1.1: two of the same id: {each}" for each, count in Counter(ids).items() if count > 1)


def _of_dates(feed: etree._Element, entries: list[etree._Element]) -> Iterator[str]:
    texts = [each.text or "" for name in ("updated", "published") for each in feed.iter(f"{ATOM}{name}")]
    yield from (f"3.3: no date of RFC 3339: {text!r}" for text in texts if not DATE.fullmatch(text))
    if len(texts) != 1 + 2 * len(entries):
        yield "an entry that does not say when it was published and updated"
    if len(texts) != 1 + 2 * len(entries) or not all(map(DATE.fullmatch, texts)) or not entries:
        return
    updated = [_date(entry, "updated") for entry in entries]
    published = [_date(entry, "published") for entry in entries]
    if _date(feed, "updated") != max(updated):
        yield "4.2.15: the feed was not updated with its newest entry"
    if any(before > after for before, after in zip(published, updated, strict=True)):
        yield "4.2.9: an entry that was updated before it was published"
    if published != sorted(published, reverse=True):
        yield "the newest entry is not the first"


def _of_html(content: str) -> list[str]:
    reader = _Html()
    reader.feed(content)
    reader.close()
    return reader.faults + [f"never closed: {name}" for name in reader.open]


class _Html(HTMLParser):
    """Every element has to be closed by itself; nothing may act, and every address is absolute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE or any(name.startswith("on") for name, _ in attrs):
            self.faults.append(f"acts: {tag}")
        for name, value in attrs:
            if name in {"href", "src", "action"} and not _is_absolute(value or ""):
                self.faults.append(f"3.1.1.2: no absolute address in the content: {value}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"closed where it is not open: {tag}")


def _links(element: etree._Element, rel: str) -> list[etree._Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == rel]


def _is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _date(element: etree._Element, name: str) -> datetime:
    return datetime.fromisoformat(element.findtext(f"{ATOM}{name}") or "")
