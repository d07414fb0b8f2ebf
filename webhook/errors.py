"""What went wrong with a request: a line of JSON for programs, a small page for people, never a traceback."""

import structlog
from flask import Flask, Response, json, render_template, request
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from analysis.words import Language, words_for
from webhook.health import reason_of

RETRY_AFTER = 30
"""Seconds: about what a restart of Redis takes."""

log = structlog.get_logger(__name__)


def install_error_handlers(app: Flask, *, language: Language, home: str) -> None:
    """Answer every error that no blueprint answers itself.

    Args:
        app: the application.
        language: of the page.
        home: where the page leads to.
    """

    @app.errorhandler(HTTPException)
    def tell(error: HTTPException) -> Response:
        answer = Response(headers=error.get_headers(), status=error.code)
        if _asked_by_people():
            answer.set_data(_page(error, language, home))
        else:
            answer.set_data(json.dumps({"error": _first_sentence(error)}) + "\n")
            answer.content_type = "application/json"
        return answer

    @app.errorhandler(RedisError)
    def wait(error: RedisError) -> Response:
        log.error("redis unavailable", path=request.path, exc_info=error)
        return tell(ServiceUnavailable(reason_of(error), retry_after=RETRY_AFTER))


def _asked_by_people() -> bool:
    offered = ["application/json", "text/html"]
    return request.method in {"GET", "HEAD"} and request.accept_mimetypes.best_match(offered) == "text/html"


def _page(error: HTTPException, language: Language, home: str) -> str:
    words = words_for(language)
    key = f"web.error.{error.code}"
    title = words(key if words.has(key) else "web.error.other")
    return render_template(
        "error.html", language=language, code=error.code, title=title, words=words, home=home
    )


def _first_sentence(error: HTTPException) -> str:
    return (error.description or error.name).partition(". ")[0]
