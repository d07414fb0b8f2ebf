"""The Atom feeds."""

from flask import Blueprint
from werkzeug.wrappers import Response

from report.feed import render_feed
from report.pages.desk import Desk

FEED_DAYS = 20


def add_feeds(pages: Blueprint, desk: Desk) -> None:
    """`/feed.atom` and `/reports/OWNER/NAME/feed.atom`."""

    @pages.get("/feed.atom")
    def feed() -> Response:
        return _feed(desk)

    @pages.get("/reports/<owner>/<repository>/feed.atom")
    def repository_feed(owner: str, repository: str) -> Response:
        return _feed(desk, desk.library.repository(f"{owner}/{repository}"))


def _feed(desk: Desk, *repository: str) -> Response:
    library = desk.library
    issues = library.recent(FEED_DAYS, repository)
    key = ("feed", repository, issues, library.states(issues))

    def render() -> str:
        digests = [library.read(issue) for issue in issues]
        return render_feed(digests, library.words, library.links, *repository)

    return desk.answer("application/atom+xml", key, render)
