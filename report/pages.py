"""The pages: digests, commits and feeds, rendered when they are asked for.

A page has several forms; the suffix of its address names one, else the Accept header chooses. Each answer has
a strong ETag, which is a hash of its bytes: what is shown depends on what is stored, never on the moment.
"""

import re
from datetime import date
from hashlib import sha256
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from analysis.calendar import InvalidDate, parse_date
from report.access import protect, require_token
from report.data import commit_data, render_json, to_text
from report.digest import Digest
from report.feed import render_feed
from report.html import render_commit, render_html, render_index, render_message
from report.library import Library
from report.markdown import render_markdown
from report.refusals import Refused
from report.roundup.pages import answer_span, spans_around
from report.roundup.span import is_day
from report.selection import Selection

FEED_DAYS = 20
MIMETYPES = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
SHA_PREFIX = re.compile(r"[0-9a-f]{7,40}")


def pages_blueprint(library: Library) -> Blueprint:
    """Everything that people read; the whole of it behind the token when there is one."""
    pages = Blueprint("pages", __name__)
    _add_gate(pages, library)

    @pages.get("/")
    def index() -> AnyResponse:
        days = list(library.days().items())
        return _answer(render_index(days, library.words, library.page_links), "text/html")

    @pages.get("/reports/<name>")
    def digest(name: str) -> AnyResponse:
        return _digest(library, name)

    @pages.get("/reports/<owner>/<repository>/<name>")
    def repository_digest(owner: str, repository: str, name: str) -> AnyResponse:
        return _digest(library, name, f"{owner}/{repository}")

    @pages.get("/commits/<owner>/<repository>/<name>")
    def commit(owner: str, repository: str, name: str) -> AnyResponse:
        return _commit(library, f"{owner}/{repository}", name)

    @pages.get("/feed.atom")
    def feed() -> AnyResponse:
        return _feed(library)

    @pages.get("/reports/<owner>/<repository>/feed.atom")
    def repository_feed(owner: str, repository: str) -> AnyResponse:
        return _feed(library, library.repository(f"{owner}/{repository}"))

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
        return _refusal(refusal, library)


def _digest(library: Library, name: str, *repositories: str) -> AnyResponse:
    stem, form = _form(name, ("html", "md", "json"))
    if not is_day(stem):
        return _answer(answer_span(library, stem, form, repositories, _parameters()), MIMETYPES[form])
    day = _day(stem)
    digest = library.digest(day, repositories, selection=Selection.parse(_parameters()))
    return _answer(_render(digest, form, library, repositories), MIMETYPES[form])


def _render(digest: Digest, form: str, library: Library, repositories: tuple[str, ...]) -> str:
    if form == "json":
        return render_json(digest, library.links)
    if form == "md":
        return render_markdown(digest, library.words, library.links)
    navigation = _navigation(library, digest.date, repositories)
    return render_html(digest, library.words, library.page_links, navigation)


def _commit(library: Library, repository: str, name: str) -> AnyResponse:
    stem, form = _form(name, ("html", "json"))
    prefix = stem.lower()
    if not SHA_PREFIX.fullmatch(prefix):
        raise Refused(HTTPStatus.BAD_REQUEST, "sha", {"value": stem})
    entry = library.commit(repository, prefix)
    if stem != entry.sha:
        suffix = name[len(stem) :]
        return redirect(library.page_links.page(entry.repository, entry.sha) + suffix)
    if form == "json":
        return _answer(to_text(commit_data(entry, library.links)), MIMETYPES[form])
    page = render_commit(entry, library.words, library.page_links, library.calendar.zone)
    return _answer(page, MIMETYPES[form])


def _feed(library: Library, *repository: str) -> AnyResponse:
    digests = library.recent(FEED_DAYS, repository)
    text = render_feed(digests, library.words, library.links, *repository)
    return _answer(text, "application/atom+xml")


def _form(name: str, forms: tuple[str, ...]) -> tuple[str, str]:
    """`2026-01-09.md` -> (`2026-01-09`, `md`); without a suffix the form that the client prefers."""
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix in forms:
        return stem, suffix
    best = request.accept_mimetypes.best_match([MIMETYPES[form] for form in forms], MIMETYPES["html"])
    return name, next(form for form in forms if MIMETYPES[form] == best)


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except InvalidDate:
        raise Refused(HTTPStatus.BAD_REQUEST, "date", {"value": text}) from None
    if str(day) != text:  # 2026-1-9: one address for one page
        raise Refused(HTTPStatus.BAD_REQUEST, "date", {"value": text})
    return day


def _parameters() -> dict[str, str]:
    """The query; of a parameter that is given several times, all values with commas between."""
    return {name: ",".join(values) for name, values in request.args.lists()}


def _navigation(library: Library, day: date, repositories: tuple[str, ...]) -> dict[str, str]:
    links, words = library.page_links, library.words
    repository = library.repository(repositories[0]) if repositories else None
    before, after = library.neighbours(day, [repository] if repository else [])
    navigation = {}
    if before:
        navigation[words("pages.previous", date=before)] = links.digest(before, repository)
    if after:
        navigation[words("pages.next", date=after)] = links.digest(after, repository)
    if repository:
        navigation[words("pages.day-all", date=day)] = links.digest(day)
    days = library.days([repository] if repository else [])
    navigation |= spans_around(library, day, days, repository)
    own = links.digest(day, repository)
    return navigation | {"Markdown": f"{own}.md", "JSON": f"{own}.json"}


def _answer(body: str, mimetype: str) -> AnyResponse:
    """With a strong ETag; 304 when the client has these very bytes."""
    response = Response(body, mimetype=mimetype)
    response.set_etag(sha256(response.get_data()).hexdigest()[:32])
    return response.make_conditional(request)


def _refusal(refusal: Refused, library: Library) -> Response:
    """One clear line, as a page for people and as JSON for scripts."""
    words = library.words
    line = refusal.line(words)
    form = _form(request.path, ("html", "md", "json"))[1]
    if form == "json":
        return Response(to_text({"error": line}), refusal.status, mimetype=MIMETYPES[form])
    if form == "md":
        return Response(f"{line}\n", refusal.status, mimetype="text/plain")
    page = render_message(refusal.title(words), line, words, library.page_links, refusal.choices)
    return Response(page, refusal.status, mimetype="text/html")
