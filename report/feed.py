"""Days -> Atom (RFC 4287): one entry a day, under an id that never changes so that it is updated in place."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from analysis.calendar import Calendar
from analysis.text.unseen import one_line
from analysis.words import Words
from report.digest import Digest
from report.html import highlights_html
from report.links import Links
from report.status import status_of

ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""`updated` of a feed without entries: an instant is required."""
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold in any way."""


def render_feed(digests: Sequence[Digest], words: Words, links: Links, repository: str | None = None) -> str:
    """The feed of one repository or of all; `links` must be absolute, `digests` newest first."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": words.language})
    title = words("pages.feed.title-one", repository=repository) if repository else words("pages.feed.title")
    own, page = links.feed(repository), links.repository(repository)
    updated = max(map(_updated, digests), default=NEVER)
    _add(feed, "id", _tag(links, f"feed/{repository}" if repository else "feed"))
    _add(feed, "title", title)
    _add(feed, "updated", updated.isoformat())
    _add(feed, "link", rel="self", type="application/atom+xml", href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    _add(_add(feed, "author"), "name", words("pages.site"))
    for digest in digests:
        _add_entry(feed, digest, words, links, repository)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _add_entry(feed: ET.Element, digest: Digest, words: Words, links: Links, repository: str | None) -> None:
    entry = _add(feed, "entry")
    place = f"{repository}/{digest.date}" if repository else str(digest.date)
    page = links.digest(digest.date, repository)
    _add(entry, "id", _tag(links, f"reports/{place}"))
    _add(entry, "title", words("digest.title", date=digest.date))
    _add(entry, "published", _published(digest).isoformat())
    _add(entry, "updated", _updated(digest).isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=page)
    _add(entry, "summary", " · ".join(one_line(part) for part in status_of(digest, words)))
    _add(entry, "content", highlights_html(digest, words, links), type="html")


def _published(digest: Digest) -> datetime:
    """When the day was over, which no revision changes."""
    return Calendar(digest.zone).bounds(digest.date)[1]


def _updated(digest: Digest) -> datetime:
    """When anything of it changed last, as readers could see it: no day is in a feed before it is over."""
    return max(digest.generated_at, _published(digest))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = NOT_XML.sub("", text) if text else text
    return element


def _tag(links: Links, place: str) -> str:
    """A tag URI (RFC 4151) of the host that publishes; its date is fixed, so the id is stable."""
    host = urlsplit(links.base_url).hostname or ""
    authority = host if re.fullmatch(r"[a-z0-9.-]+", host) else "localhost"
    return f"tag:{authority},2026-01-01:{place}"
