"""What the script does to a page, in a real Chromium and under the policy that we send."""

import re
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from browser import CHROMIUM, Listener, show, words_of
from builders import make_entry
from days import DAY
from flask import Flask
from shelf import make_library

from analysis.models import Importance
from analysis.storage.entry import Entry, State
from report.pages import pages_blueprint

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"),
]
READ = [make_entry(), make_entry(seed=2, importance=Importance.LOW)]
WAITING = make_entry(seed="w", analysis=None, facts=None, state=State.PENDING)
ADDRESS = f"/reports/{DAY}"
OPEN = re.compile(r'<article id="(c-\w{7})"(?:(?!</article>).)*?<details[^>]* open=""', re.DOTALL)


class Site:
    """A day whose waiting commit is read once the page has been sent so often."""

    def __init__(self, *entries: Entry, after: int = 1) -> None:
        self.library = make_library(entries, public_url="")
        self.app = Flask(__name__)
        self.app.register_blueprint(pages_blueprint(self.library))
        self.sent, self.after = 0, after

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == ADDRESS:
            self.sent += 1
            if self.sent > self.after:
                self.library.ledger.kept[-1] = make_entry(seed="w")  # type: ignore[attr-defined]
        return self.app(environ, start_response)


def test_a_page_is_one_request_and_says_the_same_with_the_script(tmp_path: Path) -> None:
    site = Site(*READ)
    with Listener(site, headers={}) as listener:
        shown = show(listener, ADDRESS, tmp_path)
        assert listener.asked == [f"127.0.0.1:{listener.port}{ADDRESS}"]
    assert "data-script" in shown.partition("<head")[0]
    assert words_of(shown) == words_of(site.app.test_client().get(ADDRESS).text)
    assert OPEN.findall(shown) == []


def test_a_link_to_a_commit_opens_it(tmp_path: Path) -> None:
    anchor = f"c-{READ[1].sha[:7]}"
    with Listener(Site(*READ), headers={}) as listener:
        assert OPEN.findall(show(listener, f"{ADDRESS}#{anchor}", tmp_path)) == [anchor]


def test_a_day_in_progress_is_brought_up_to_date_and_what_is_open_stays_open(tmp_path: Path) -> None:
    anchor = f"c-{READ[1].sha[:7]}"
    with Listener(Site(*READ, WAITING), headers={}) as listener:
        shown = show(listener, f"{ADDRESS}#{anchor}", tmp_path, seconds=15)
        assert listener.asked == [f"127.0.0.1:{listener.port}{ADDRESS}"] * 2
    assert "data-poll" not in shown
    assert "等待分析" not in shown
    assert OPEN.findall(shown) == [anchor]
    assert '<p id="news" class="skip" role="status">尚未定稿 · 3/3 已分析 · 0 等待</p>' in shown


def test_a_day_that_is_complete_is_not_asked_for_again(tmp_path: Path) -> None:
    with Listener(Site(*READ), headers={}) as listener:
        show(listener, ADDRESS, tmp_path, seconds=120)
        assert len(listener.asked) == 1
