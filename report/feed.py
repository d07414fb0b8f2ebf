"""Days -> Atom (RFC 4287): one entry a day, under an id that never changes so that it is updated in place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from analysis.calendar import Calendar
from analysis.models import Importance
from analysis.text.quoting import unmarked
from analysis.text.unseen import one_line
from analysis.watching import Watch
from analysis.words import Words
from report.digest import Digest
from report.front import highlights_of
from report.html import caught_html, highlights_html
from report.links import Links
from report.status import status_of
from report.watch import foremost_in

ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""`updated` of a feed without entries: an instant is required."""
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold in any way."""


@dataclass(frozen=True)
class Channel:
    """What a feed is of; its addresses are absolute."""

    place: str
    """Tells it from others, for its id."""
    title: str
    own: str
    """The address of the feed."""
    page: str
    """Where people read the same."""


@dataclass(frozen=True)
class Item:
    """One day of it."""

    place: str
    title: str
    page: str
    summary: str
    content: str
    """HTML."""
    published: datetime
    updated: datetime


def render_feed(digests: Sequence[Digest], words: Words, links: Links, repository: str | None = None) -> str:
    """The feed of one repository or of all; `links` must be absolute, `digests` newest first."""
    title = words("pages.feed.title-one", repository=repository) if repository else words("pages.feed.title")
    place = f"feed/{repository}" if repository else "feed"
    channel = Channel(place, title, links.feed(repository), links.repository(repository))
    items = [
        Item(
            place=f"reports/{repository}/{digest.date}" if repository else f"reports/{digest.date}",
            title=_headline(digest, words) or words("digest.title", date=digest.date),
            page=links.digest(digest.date, repository),
            summary=" · ".join(one_line(part) for part in status_of(digest, words)),
            content=highlights_html(digest, words, links),
            published=_published(digest),
            updated=_updated(digest),
        )
        for digest in digests
    ]
    return _render(channel, items, words, links)


def render_watch_feed(digests: Sequence[Digest], words: Words, links: Links, watch: Watch) -> str:
    """The feed of a watch; `links` and `digests` as above, each day with what was caught alone."""
    title = words("watches.feed-title", title=watch.heading)
    page = links.watch(watch.name)
    channel = Channel(f"watches/{watch.name}", title, links.watch_feed(watch.name), page)
    items = [
        Item(
            place=f"watches/{watch.name}/{digest.date}",
            title=_first(digest, words) or words("watches.day", title=watch.heading, date=digest.date),
            page=links.digest(digest.date, watch=watch),
            summary=words("watches.caught", count=digest.counts.total),
            content=caught_html(digest, words, links),
            published=_published(digest),
            updated=_updated(digest),
        )
        for digest in digests
    ]
    return _render(channel, items, words, links)


def _headline(digest: Digest, words: Words) -> str:
    """What a list of entries shows of a day: its first highlight; empty when it has none."""
    told = next(iter(highlights_of(digest)), None)
    return _titled(digest, told.importance, unmarked(told.headline), words) if told else ""


def _first(digest: Digest, words: Words) -> str:
    """The same of what a watch caught: the commit that matters most, once somebody has judged it."""
    entry = next(iter(foremost_in(digest)), None)
    if entry is None or entry.importance is None:
        return ""
    return _titled(digest, entry.importance, one_line(entry.landed.subject), words)


def _titled(digest: Digest, importance: Importance, headline: str, words: Words) -> str:
    mark = words(f"digest.mark.{importance}")
    return headline and words("pages.feed.entry", date=digest.date, mark=mark, headline=headline)


def _render(channel: Channel, items: Sequence[Item], words: Words, links: Links) -> str:
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": words.language})
    updated = max((item.updated for item in items), default=NEVER)
    _add(feed, "id", _tag(links, channel.place))
    _add(feed, "title", channel.title)
    _add(feed, "updated", updated.isoformat())
    _add(feed, "link", rel="self", type="application/atom+xml", href=channel.own)
    _add(feed, "link", rel="alternate", type="text/html", href=channel.page)
    _add(_add(feed, "author"), "name", words("pages.site"))
    for item in items:
        _add_entry(feed, item, links)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _add_entry(feed: ET.Element, item: Item, links: Links) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", _tag(links, item.place))
    _add(entry, "title", item.title)
    _add(entry, "published", item.published.isoformat())
    _add(entry, "updated", item.updated.isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=item.page)
    _add(entry, "summary", item.summary)
    _add(entry, "content", item.content, type="html")


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
