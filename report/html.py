"""Digests, commits and calendars as pages: they need neither a script nor any other request. Pure."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from analysis.models import Sha
from analysis.storage.entry import Entry, State
from analysis.words import Words
from report.addresses import without_addresses
from report.anchors import SHORT, Anchors
from report.digest import Digest
from report.files import file_rows
from report.first_screen import first_screen_of
from report.foot import foot_of
from report.frame import SOON, Frame, pause, read_to
from report.front import Front, highlights_of
from report.links import Links
from report.months import MonthPage
from report.piece import whole_piece_of
from report.roundup.around import spans_around
from report.roundup.span import LONGEST
from report.status import page_status, status_of
from report.story import chapters_of
from report.templating import render
from report.watch import EXAMPLE, Caught, WatchPage, foremost_in

ARTICLES = 150
"""Commits that a page tells of; of the rest of a long day, those that matter least, it has the headings."""


def render_html(digest: Digest, words: Words, links: Links, frame: Frame | None = None) -> str:
    """The page of a day.

    Args:
        digest: the day, or what was chosen of it.
        words: in its language.
        links: their base is the path of our pages, or the public URL for a file that is sent away.
        frame: what the site shows around it; None for a file that stands alone.
    """
    return render(
        "day.html.j2",
        words,
        links,
        on_site=frame is not None,
        digest=digest,
        frame=frame,
        spans=spans_around(frame.issue, words, links, frame.watch) if frame else {},
        pause=pause(digest, frame.today) if frame else 0,
        read=read_to(digest.date, frame.today) if frame and not digest.selection else None,
        anchors=Anchors(digest),
        zone=digest.zone,
        status=status_of(digest, words) if frame is None else page_status(digest, words),
        screen=first_screen_of(digest),
        brief=_brief(digest),
        foot=foot_of(digest, words),
    )


def render_commit(entry: Entry, words: Words, links: Links, zone: ZoneInfo) -> str:
    """The page of one commit: the analysis, the story, the files and what was seen of them, the facts."""
    entry = without_addresses(entry)
    return render(
        "commit.html.j2",
        words,
        links,
        entry=entry,
        zone=zone,
        anchor=f"c-{entry.sha[:SHORT]}",
        piece=whole_piece_of(entry.analysis, words, entry.landed.subject) if entry.analysis else None,
        chapters=chapters_of(entry, words),
        files=file_rows(entry, words),
        pause=SOON if entry.state is State.PENDING else 0,
    )


def render_front(front: Front, words: Words, links: Links) -> str:
    """The front page of one repository or of all."""
    pauses = [pause(digest, front.today) for digest in front.digests]
    return render(
        "front.html.j2",
        words,
        links,
        front=front,
        leads=[(digest, page_status(digest, words), highlights_of(digest)) for digest in front.digests],
        spans=spans_around(front.newest, words, links) if front.newest else {},
        most=LONGEST,
        pause=min(filter(None, pauses), default=0),
        today=front.today,
    )


def render_month(page: MonthPage, words: Words, links: Links) -> str:
    """The calendar of a month."""
    return render("month.html.j2", words, links, page=page, today=page.today)


def render_message(title: str, message: str, words: Words, links: Links, choices: Mapping[str, str]) -> str:
    """A page that says in one line what is wrong, and where to go from here: label -> URL."""
    return render("message.html.j2", words, links, title=title, message=message, choices=choices)


def render_watches(caught: Sequence[Caught], days: int, words: Words, links: Links) -> str:
    """All watches, with how much each has caught lately."""
    return render("watches.html.j2", words, links, caught=caught, days=days, example=EXAMPLE)


def render_watch(page: WatchPage, words: Words, links: Links) -> str:
    """The newest commits of a watch, day by day."""
    return render(
        "watch.html.j2",
        words,
        links,
        page=page,
        watch=page.watch,
        conditions=page.conditions(words),
        spans=spans_around(page.newest, words, links, page.watch) if page.newest else {},
        today=page.today,
    )


def caught_html(digest: Digest, words: Words, links: Links) -> str:
    """What a watch's feed shows of a day: its commits."""
    return render(
        "caught_feed.html.j2", words, links, on_site=False, digest=digest, entries=foremost_in(digest)
    )


def highlights_html(digest: Digest, words: Words, links: Links) -> str:
    """What a feed shows of a day: its highlights, and a link to the rest."""
    return render(
        "highlights.html.j2", words, links, on_site=False, digest=digest, highlights=highlights_of(digest)
    )


def _brief(digest: Digest) -> frozenset[tuple[str, Sha]]:
    """The commits of a long day of which the page has only the headings."""
    ranked = sorted(digest.shown, key=lambda entry: entry.importance.rank if entry.importance else 0)
    return frozenset((entry.repository, entry.sha) for entry in ranked[ARTICLES:])
