"""What went wrong with a request: one line as JSON or text, or a small page for people, never a traceback."""

from typing import Literal

import structlog
from flask import Flask, Response, json, request
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from analysis.storage.outage import outage_of
from report.access import protect
from report.html import render_message
from report.library import Library
from webhook.health import RETRY_AFTER

Form = Literal["application/json", "text/plain", "text/html"]
BY_SUFFIX: dict[str, Form] = {"json": "application/json", "md": "text/plain", "atom": "text/plain"}
"""What is answered in place of what was asked for by its suffix; any other address has it by `Accept`."""

log = structlog.get_logger(__name__)


def install_error_handlers(app: Flask, library: Library) -> None:
    """Answer every error that no blueprint answers itself.

    Args:
        app: the application.
        library: gives the page its language and links.
    """

    @app.errorhandler(HTTPException)
    def tell(error: HTTPException) -> Response:
        answer = Response(headers=error.get_headers(), status=error.code)
        form = _form()
        if form == "text/html":
            answer.set_data(_page(error, library))
            return protect(answer, library.report_token)
        line = _first_sentence(error)
        answer.set_data(f"{json.dumps({'error': line}) if form == 'application/json' else line}\n")
        answer.mimetype = form
        return answer

    @app.errorhandler(RedisError)
    def wait(error: RedisError) -> Response:
        log.error("redis unavailable", path=request.path, exc_info=error)
        return tell(ServiceUnavailable(str(outage_of(error)), retry_after=RETRY_AFTER))


def _form() -> Form:
    """What the client can read: people have a browser, programs mostly say nothing."""
    if request.method not in {"GET", "HEAD"}:
        return "application/json"
    if form := BY_SUFFIX.get(request.path.rpartition(".")[2]):
        return form
    people = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    return "text/html" if people else "application/json"


def _page(error: HTTPException, library: Library) -> str:
    words, links = library.words, library.page_links
    key = f"web.error.{error.code}"
    line = words(key if words.has(key) else "web.error.other")
    return render_message(str(error.code), line, words, links, {words("web.home"): links.index()})


def _first_sentence(error: HTTPException) -> str:
    return (error.description or error.name).partition(". ")[0]
