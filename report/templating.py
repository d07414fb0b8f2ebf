"""The templates, what they are filled with, and what of others' words may stand in a page.

Templates escape what others wrote; a model's Markdown is tamed, rendered without HTML and then cleaned.
"""

import re
from base64 import b64encode
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from analysis.models import Analysis
from analysis.text.unseen import many_lines, one_line
from analysis.words import Words
from report.anchors import SHORT
from report.bar import shares, tiers_in
from report.dates import common_offset, local_time, long_date, long_month, machine_time, short_time
from report.first_screen import calm_of, details_of, kind_text, left_text, named, read_at_once
from report.links import Links
from report.muting import muted_text
from report.navigation import site_links
from report.notes import correction_text, notes_on
from report.piece import piece_of
from report.prose import tame, tame_line
from report.roundup.span import month_of, week_of
from report.status import repository_status
from report.story import story_of
from report.tongue import tongue
from report.watch import foremost_in, gist_of

TEMPLATES = Path(__file__).with_name("templates")
COMMENT = re.compile(r"//.*|/\*.*\*/")
TAGS = {"p", "ul", "ol", "li", "code", "pre", "em", "strong", "br"}
"""The elements that a model's Markdown may bring."""


def _inlined(name: str) -> str:
    """A file as every page carries it: without indents and without lines of comment."""
    lines = map(str.strip, (TEMPLATES / name).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not COMMENT.fullmatch(line))


def _hash_of(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
STYLE = "\n".join(map(_inlined, ("style.css", "roundup.css")))
SCRIPT = _inlined("page.js")
STYLE_HASH, SCRIPT_HASH = _hash_of(STYLE), _hash_of(SCRIPT)
"""For the page's Content-Security-Policy: the only style that applies, and the only script that runs."""


def render(template: str, words: Words, links: Links, *, on_site: bool = True, **values: object) -> str:
    """A whole page, or a part of one.

    Args:
        template: its file in `templates/`.
        words: in the language of the page.
        links: what its links follow.
        on_site: whether it is served by us, with the site's navigation and script.
        values: what else the template names.
    """
    return _environment().get_template(template).render(words=words, links=links, on_site=on_site, **values)


@lru_cache(maxsize=4_000)
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
        auto_reload=False,
    )
    environment.filters |= {
        "prose": lambda text: prose_html(tame(text)),
        "line": line_html,
        "headline": _headline_html,
        "markdown": prose_html,
        "plain": one_line,
        "spans": _spans_html,
        "lines": many_lines,
        "short": lambda sha: sha[:SHORT],
        "machine_time": machine_time,
        "local_time": local_time,
        "short_time": short_time,
    }
    environment.globals |= {"STYLE": Markup(STYLE), "SCRIPT": Markup(SCRIPT)}  # noqa: S704 - our own files
    environment.globals |= {"site_links": site_links, "long_date": long_date, "long_month": long_month}
    environment.globals |= {"common_offset": common_offset}
    environment.globals |= {"shares": shares, "tiers_in": tiers_in, "tongue": tongue, "tongue_of": _tongue_of}
    environment.globals |= {
        "piece_of": piece_of,
        "notes_on": notes_on,
        "correction_text": correction_text,
        "story_of": story_of,
    }
    environment.globals |= {"muted_text": muted_text, "gist_of": gist_of, "foremost_in": foremost_in}
    environment.globals |= {"repository_status": repository_status, "details_of": details_of}
    environment.globals |= {"read_at_once": read_at_once, "calm_of": calm_of}
    environment.globals |= {"week_of": week_of, "span_of_month": month_of}
    environment.globals |= {"left_text": left_text, "kind_text": kind_text, "named": named}
    return environment


def _spans_html(text: str) -> Markup:
    """Plain text in which what stands between backticks is code, and nothing else is marked up."""
    shown = _SPAN.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(shown)  # noqa: S704 - escaped before the tags came in


def _headline_html(markdown: str, words: Words) -> Markup | str:
    """A line that says something, whatever is left of it."""
    return line_html(markdown) or words("digest.no-subject")


def _tongue_of(analysis: Analysis, words: Words) -> Markup:
    """The attribute for texts of an analysis that was made in another language than the page's."""
    other = analysis.language
    return Markup("") if other == words.language else Markup(' lang="{}"').format(other)
