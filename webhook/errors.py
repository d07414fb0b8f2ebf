"""What went wrong with a request: one line as JSON or text, or a small page for people, never a traceback."""

from typing import Literal

import structlog
from flask import Flask, Response, json, request
from gunicorn.http.errors import ParseException
from redis.exceptions import RedisError
from werkzeug.exceptions import BadRequest, HTTPException, ServiceUnavailable

from analysis.storage.outage import outage_of
from report.access import protect
from report.html import render_message
from report.library import Library
from report.refusals import Refused
from webhook.health import RETRY_AFTER

JSON: Literal["application/json"] = "application/json"
Form = Literal["application/json", "text/plain", "text/html"]
BY_SUFFIX: dict[str, Form] = {"json": JSON, "md": "text/plain", "atom": "text/plain"}
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
        answer.set_data(_line_of_json(line) if form == JSON else f"{line}\n")
        answer.mimetype = form
        return answer

    @app.errorhandler(Refused)
    def refuse(refusal: Refused) -> Response:
        answer = Response(_line_of_json(refusal.line(library.words)), refusal.status, mimetype=JSON)
        return protect(answer, library.report_token)

    @app.errorhandler(ParseException)
    def complain(_error: ParseException) -> Response:
        return tell(BadRequest("The body is not sent as its headers announce."))

    @app.errorhandler(RedisError)
    def wait(error: RedisError) -> Response:
        log.error("redis unavailable", path=request.path, exc_info=error)
        return tell(ServiceUnavailable(str(outage_of(error)), retry_after=RETRY_AFTER))


def _line_of_json(told: str) -> str:
    return json.dumps({"error": told}) + "\n"


def _form() -> Form:
    """What the client can read: people have a browser, programs mostly say nothing."""
    if request.method not in {"GET", "HEAD"}:
        return JSON
    if form := BY_SUFFIX.get(request.path.rpartition(".")[2]):
        return form
    people = request.accept_mimetypes.best_match([JSON, "text/html"]) == "text/html"
    return "text/html" if people else JSON


def _page(error: HTTPException, library: Library) -> str:
    words, links = library.words, library.page_links
    key = f"web.error.{error.code}"
    line = words(key if words.has(key) else "web.error.other")
    return render_message(str(error.code), line, words, links, {words("web.home"): links.index()})


def _first_sentence(error: HTTPException) -> str:
    return (error.description or error.name).partition(". ")[0]
