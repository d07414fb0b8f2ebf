"""What a request gets that cannot be answered as asked."""

from flask import Response, request

from report.data import to_text
from report.html import render_message
from report.library import Library
from report.pages.desk import MIMETYPES, form_of
from report.refusals import Refused


def answer_refusal(refusal: Refused, library: Library) -> Response:
    """One clear line, as a page for people and as JSON for scripts."""
    words = library.words
    line = refusal.line(words)
    form = form_of(request.path, ("html", "md", "json"))[1]
    if form == "json":
        return Response(to_text({"error": line}), refusal.status, mimetype=MIMETYPES[form])
    if form == "md":
        return Response(f"{line}\n", refusal.status, mimetype="text/plain")
    page = render_message(refusal.title(words), line, words, library.page_links, refusal.choices)
    return Response(page, refusal.status, mimetype="text/html")
