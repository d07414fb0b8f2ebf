"""The pages: fronts, months, digests, commits, the search, watches and feeds, rendered when asked for.

A page has several forms; the suffix of its address names one, else the Accept header chooses. Each answer has
a strong ETag, which is a hash of its bytes: what is shown depends on what is stored, never on the moment. It
is rendered once for each state of what it shows, and after that comes from the press.
"""

from flask import Blueprint, Response, request

from report.access import protect, require_token
from report.library import Library
from report.pages.commits import add_commits
from report.pages.days import add_days
from report.pages.desk import Desk
from report.pages.feeds import add_feeds
from report.pages.fronts import add_fronts
from report.pages.refusal import answer_refusal
from report.pages.search import add_search
from report.pages.watches import add_watches
from report.press import Press
from report.refusals import Refused

PARTS = (add_fronts, add_days, add_commits, add_search, add_feeds, add_watches)
"""What adds its addresses to the blueprint."""


def pages_blueprint(library: Library) -> Blueprint:
    """Everything that people read; the whole of it behind the token when there is one."""
    pages = Blueprint("pages", __name__)
    _add_gate(pages, library)
    desk = Desk(library, Press())
    for add in PARTS:
        add(pages, desk)
    return pages


def _add_gate(pages: Blueprint, library: Library) -> None:
    @pages.before_request
    def check_token() -> None:
        require_token(request, library.report_token)

    @pages.after_request
    def add_headers(response: Response) -> Response:
        return protect(response, library.report_token)

    @pages.errorhandler(Refused)
    def refuse(refusal: Refused) -> Response:
        return answer_refusal(refusal, library)
