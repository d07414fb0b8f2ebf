"""What went wrong with a request: a line of JSON for programs, a small page for people, never a traceback."""

import structlog
from flask import Flask, Response, json, request
from gunicorn.http.errors import ParseException
from redis.exceptions import RedisError
from werkzeug.exceptions import BadRequest, HTTPException, ServiceUnavailable

from report.access import protect
from report.html import render_message
from report.library import Library
from report.refusals import Refused
from webhook.health import reason_of

RETRY_AFTER = 30
"""Seconds: about what a restart of Redis takes."""

JSON = "application/json"

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
        if _asked_by_people():
            answer.set_data(_page(error, library))
            protect(answer, library.report_token)
        else:
            answer.set_data(_line_of_json(_first_sentence(error)))
            answer.content_type = JSON
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
        return tell(ServiceUnavailable(reason_of(error), retry_after=RETRY_AFTER))


def _line_of_json(told: str) -> str:
    return json.dumps({"error": told}) + "\n"


def _asked_by_people() -> bool:
    offered = [JSON, "text/html"]
    return request.method in {"GET", "HEAD"} and request.accept_mimetypes.best_match(offered) == "text/html"


def _page(error: HTTPException, library: Library) -> str:
    words, links = library.words, library.page_links
    key = f"web.error.{error.code}"
    line = words(key if words.has(key) else "web.error.other")
    return render_message(str(error.code), line, words, links, {words("web.home"): links.index()})


def _first_sentence(error: HTTPException) -> str:
    return (error.description or error.name).partition(". ")[0]
