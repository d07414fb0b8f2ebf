"""Digest -> HTML by Jinja2: plain pages that need neither scripts nor any other request; pure.

Templates escape what others wrote; a model's Markdown is tamed, rendered without HTML and then cleaned.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from analysis.storage.entry import Entry
from analysis.text.unseen import many_lines, one_line
from analysis.words import Words
from report.addresses import without_addresses
from report.anchors import SHORT, Anchors
from report.digest import Digest
from report.fields import fields_of, importance_line
from report.first_screen import details_of, first_screen_of, kind_text, left_text, named
from report.foot import foot_of
from report.highlights import join_highlights
from report.links import Links
from report.notes import notes_on, seen_text
from report.prose import tame, tame_line
from report.status import repository_status, status_of
from report.story import story_of

TEMPLATES = Path(__file__).with_name("templates")
STYLE = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "roundup.css"))
STYLE_HASH = f"sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}"
"""For the page's Content-Security-Policy: the only style that may apply."""
TAGS = {"p", "ul", "ol", "li", "code", "pre", "em", "strong", "br"}


def render_html(
    digest: Digest, words: Words, links: Links, navigation: Mapping[str, str] | None = None
) -> str:
    """A whole page that stands alone.

    Args:
        digest: the day.
        words: in its language.
        links: their base is the path of our pages, or the public URL for a file that is sent away.
        navigation: label -> URL of neighbouring pages.
    """
    return render(
        "digest.html.j2",
        words,
        links,
        digest=digest,
        anchors=Anchors(digest),
        zone=digest.zone,
        status=status_of(digest, words),
        screen=first_screen_of(digest),
        foot=foot_of(digest, words),
        navigation=navigation or {},
    )


def render_commit(entry: Entry, words: Words, links: Links, zone: ZoneInfo) -> str:
    """The page of one commit: facts, files, what the analysis saw, the analysis."""
    return render("commit.html.j2", words, links, entry=without_addresses(entry), zone=zone)


def render_index(days: Sequence[tuple[Any, Sequence[str]]], words: Words, links: Links) -> str:
    """The list of days, each with the repositories that have something on it."""
    return render("index.html.j2", words, links, days=days)


def render_message(title: str, message: str, words: Words, links: Links, choices: Mapping[str, str]) -> str:
    """A page that says in one line what is wrong, and where to go from here: label -> URL."""
    return render("message.html.j2", words, links, title=title, message=message, choices=choices)


def highlights_html(digest: Digest, words: Words, links: Links) -> str:
    """What a feed shows of a day: its highlights, and a link to the rest."""
    highlights = join_highlights([repository.highlights for repository in digest.repositories])
    return render("highlights.html.j2", words, links, digest=digest, highlights=highlights)


@lru_cache(maxsize=20_000)
def prose_html(markdown: str) -> Markup:
    """A tamed text as HTML; links, images and raw HTML cannot be in it, and are taken out if they are."""
    return Markup(nh3.clean(_parser().render(markdown), tags=TAGS, attributes={}))  # noqa: S704 - cleaned just now


def line_html(markdown: str) -> Markup:
    """One line of a model's Markdown, without a paragraph around it."""
    rendered = prose_html(tame_line(markdown)).strip()
    return Markup(re.sub(r"^<p>|</p>$", "", rendered))  # noqa: S704 - cleaned by prose_html


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(
        ["link", "image", "autolink", "html_inline", "html_block"]
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "prose": lambda text: prose_html(tame(text)),
        "line": line_html,
        "headline": _headline_html,
        "markdown": prose_html,
        "plain": one_line,
        "lines": many_lines,
        "short": lambda sha: sha[:SHORT],
        "local": _local,
    }
    environment.globals |= {"STYLE": Markup(STYLE)}  # noqa: S704 - our own file
    environment.globals |= {"fields_of": fields_of, "notes_on": notes_on, "importance_line": importance_line}
    environment.globals |= {"repository_status": repository_status, "details_of": details_of}
    environment.globals |= {"seen_text": seen_text}
    environment.globals |= {"story_of": story_of}
    environment.globals |= {"left_text": left_text, "kind_text": kind_text, "named": named}
    return environment


def _headline_html(markdown: str, words: Words) -> Markup | str:
    """A line that says something, whatever is left of it."""
    return line_html(markdown) or words("digest.no-subject")


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def render(template: str, words: Words, links: Links, **values: object) -> str:
    """A template with what it names."""
    return _environment().get_template(template).render(words=words, links=links, **values)
