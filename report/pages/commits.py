"""The pages of single commits, in their forms."""

import re
from http import HTTPStatus

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from analysis.models import Sha
from analysis.watching import mute_of
from report.commit_markdown import render_commit_markdown
from report.data import commit_data, to_text
from report.html import render_commit
from report.library import Library
from report.pages.desk import MIMETYPES, Desk, form_of
from report.refusals import Refused

FORMS = ("html", "md", "json")
SHA_PREFIX = re.compile(r"[0-9a-f]{7,40}")


def add_commits(pages: Blueprint, desk: Desk) -> None:
    """`/commits/OWNER/NAME/SHA`."""

    @pages.get("/commits/<owner>/<repository>/<name>")
    def commit(owner: str, repository: str, name: str) -> Response:
        return _commit(desk, f"{owner}/{repository}", name)


def _commit(desk: Desk, repository: str, name: str) -> Response:
    library = desk.library
    stem, form = form_of(name, FORMS)
    prefix = stem.lower()
    if not SHA_PREFIX.fullmatch(prefix):
        raise Refused(HTTPStatus.BAD_REQUEST, "sha", {"value": stem})
    owner, sha, day = library.find(repository, prefix)
    if stem != sha:
        return redirect(library.page_links.page(owner, sha) + name[len(stem) :])
    key = ("commit", owner, sha, library.ledger.almanac.states(owner, [day]))
    return desk.answer(MIMETYPES[form], key, lambda: _render(library, owner, sha, form))


def _render(library: Library, repository: str, sha: Sha, form: str) -> str:
    entry = library.commit(repository, sha)
    if form == "json":
        return to_text(commit_data(entry, library.links, mute_of(entry, library.mutes)))
    if form == "md":
        return render_commit_markdown(entry, library.words, library.links)
    return render_commit(entry, library.words, library.page_links, library.calendar.zone)
