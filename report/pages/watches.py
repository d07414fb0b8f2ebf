"""The pages of watches: all of them, each with its newest commits, single days, ranges of them, and feeds."""

from collections.abc import Sequence
from http import HTTPStatus
from itertools import islice

from flask import Blueprint
from werkzeug.wrappers import Response

from analysis.storage.entry import Entry
from analysis.watching import Watch
from report.choice import chosen_sizes
from report.digest import Digest
from report.feed import render_watch_feed
from report.front import split_months
from report.html import render_watch, render_watches
from report.issue import Issue
from report.library import Library
from report.months import month_of, within
from report.pages.days import FORMS, answer_days
from report.pages.desk import Desk, day_of, form_of, parameters
from report.pages.feeds import FEED_DAYS
from report.refusals import Refused
from report.roundup.reader import span_named
from report.roundup.span import is_day
from report.selection import Selection
from report.watch import WatchPage, caught_by

LOOKED = 31
"""Days that are looked through for what a watch caught."""
SHOWN = 14
"""Of them those that are shown."""
LATELY = 7
"""Days whose catch is counted beside each watch."""


def add_watches(pages: Blueprint, desk: Desk) -> None:
    """`/watches`, `/watches/NAME`, `/watches/NAME/DATE`, ranges beside it, and `/watches/NAME/feed.atom`."""

    @pages.get("/watches")
    def watches() -> Response:
        return _watches(desk)

    @pages.get("/watches/<name>")
    def watch(name: str) -> Response:
        return _watch(desk, desk.library.watch(name))

    @pages.get("/watches/<name>/<days>")
    def watch_days(name: str, days: str) -> Response:
        return _days(desk, desk.library.watch(name), days)

    @pages.get("/watches/<name>/feed.atom")
    def watch_feed(name: str) -> Response:
        return _feed(desk, desk.library.watch(name))


def _watches(desk: Desk) -> Response:
    library = desk.library
    watched = library.watched
    issues = library.issues()[:LATELY] if watched else ()

    def render() -> str:
        days = [(issue.day, _entries(library, issue)) for issue in issues]
        caught = [caught_by(watch, days) for watch in watched]
        return render_watches(caught, len(issues), library.words, library.page_links)

    return desk.answer("text/html", ("watches", watched, issues, library.states(issues)), render)


def _watch(desk: Desk, watch: Watch) -> Response:
    library = desk.library
    names = library.watched_in(watch)
    issues = library.issues(names) if names else ()
    looked, (shown, older) = issues[:LOOKED], split_months(issues)
    counted = within(issues, shown)

    def render() -> str:
        sizes = chosen_sizes(library.ledger, counted, Selection(watch=watch))
        worth = [issue for issue in looked if issue.day in sizes or issue not in counted]
        digests = _caught(library, watch, worth, SHOWN)
        months = tuple(month_of(first, sizes) for first in shown)
        page = WatchPage(watch, names, len(looked), digests, library.today, months, older)
        return render_watch(page, library.words, library.page_links)

    key = ("watch", watch, names, issues, library.today, library.states({*looked, *counted}))
    return desk.answer("text/html", key, render)


def _days(desk: Desk, watch: Watch, name: str) -> Response:
    library = desk.library
    names = library.watched_in(watch)
    if not names:
        raise _unknown(library, watch, form_of(name, FORMS)[0])
    return answer_days(desk, name, names, Selection.parse(parameters(), watch))


def _unknown(library: Library, watch: Watch, name: str) -> Refused:
    """Of none of its repositories is anything known, so there is no day and no range."""
    own = {watch.heading: library.page_links.watch(watch.name)} | library.home()
    if is_day(name):
        return Refused(HTTPStatus.NOT_FOUND, "day", {"date": day_of(name)}, own)
    span = span_named(library, name, watch=watch)
    return Refused(HTTPStatus.NOT_FOUND, "span-empty", {"span": span}, own)


def _feed(desk: Desk, watch: Watch) -> Response:
    library = desk.library
    names = library.watched_in(watch)
    issues = library.recent(LOOKED, names) if names else ()
    key = ("watch-feed", watch, issues, library.states(issues))

    def render() -> str:
        digests = _caught(library, watch, issues, FEED_DAYS)
        return render_watch_feed(digests, library.words, library.links, watch)

    return desk.answer("application/atom+xml", key, render)


def _caught(library: Library, watch: Watch, issues: Sequence[Issue], most: int) -> tuple[Digest, ...]:
    """The first so many days on which something was caught, as digests of that alone."""
    selection = Selection(watch=watch)
    digests = (library.read(issue, selection) for issue in issues)
    return tuple(islice((digest for digest in digests if digest.commits), most))


def _entries(library: Library, issue: Issue) -> list[Entry]:
    return [entry for name in issue.names for entry in library.ledger.day(name, issue.day)]
