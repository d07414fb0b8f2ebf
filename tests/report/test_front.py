import re
from datetime import date, timedelta

import pytest
from builders import make_entry
from days import DAY, make_day
from flask import Flask
from flask.testing import FlaskClient
from shelf import TODAY, make_library

from analysis.language import Language
from analysis.models import Importance
from analysis.storage.entry import Entry
from report.frame import read_to
from report.front import highlights_of, leading, split_months
from report.issue import Issue
from report.pages import pages_blueprint
from report.roundup.span import month_of, week_of

THIS_DAY = TODAY.date()


def client(*entries: Entry) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(make_library(entries or [make_entry()])))
    return app.test_client()


def test_yesterday_opens_the_page_beside_a_day_that_is_not_over() -> None:
    issues = [Issue(DAY - timedelta(days=number)) for number in range(3)]
    assert leading(issues, today=DAY) == tuple(issues[:2])
    assert leading(issues, today=DAY + timedelta(days=1)) == (issues[0],)
    assert leading([], today=DAY) == ()


def test_the_newest_months_are_shown_and_the_others_listed() -> None:
    issues = [Issue(day) for day in (date(2026, 4, 2), date(2026, 4, 1), date(2026, 1, 9), date(2025, 7, 7))]
    shown, older = split_months(issues)
    assert (shown, older) == ((date(2026, 4, 1), date(2026, 1, 1)), (date(2025, 7, 1),))


def test_a_single_commit_is_the_highlight_of_its_day() -> None:
    assert [item.sha for item in highlights_of(make_day([make_entry()]))] == [make_entry().sha]


@pytest.mark.parametrize(
    ("importance", "said"),
    [
        (Importance.HIGH, ""),
        (Importance.MEDIUM, "没有必须知道的改动。以下值得了解："),
        (Importance.LOW, "没有必须知道的改动，全部可以跳过。"),
    ],
)
def test_the_front_page_says_when_nothing_must_be_known(importance: Importance, said: str) -> None:
    html = client(make_entry(importance=importance)).get("/").text
    assert re.findall(r'<p class="calm">(.*?)</p>', html) == ([said] if said else [])
    assert ('<ol class="highlights">' in html) == (importance is not Importance.LOW)


def test_the_front_page_leads_to_the_week_and_the_month_of_its_newest_day() -> None:
    for repository in ("", f"/{make_entry().repository}"):
        html = client().get(f"/reports{repository}" if repository else "/").text
        for name in (week_of(DAY), month_of(DAY)):
            assert f'href="/sub/reports{repository}/{name}"' in html
        assert f'data-from="/sub/reports{repository}/" data-to="{DAY}"' in html


def test_a_calendar_leads_to_the_weeks_that_have_something() -> None:
    html = client().get(f"/months/{DAY:%Y-%m}").text
    weeks = re.findall(r'href="/sub/reports/(\d{4}-W\d\d)"', html)
    assert str(week_of(DAY)) in weeks
    assert set(weeks) <= {str(week_of(DAY)), str(week_of(THIS_DAY))}
    assert f'href="/sub/reports/{DAY:%Y-%m}"' in html


def test_what_was_read_to_its_end_is_no_filtered_day_and_not_today() -> None:
    site = client()
    assert f'data-read="{DAY}" data-of=""' in site.get(f"/reports/{DAY}").text
    assert f'data-read="{DAY}"' in site.get(f"/reports/{week_of(DAY)}").text
    assert "data-read" not in site.get(f"/reports/{DAY}?importance=high").text
    assert read_to(THIS_DAY, THIS_DAY) == THIS_DAY - timedelta(days=1)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_with_nothing_yet_says_what_to_do_first(language: Language) -> None:
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(make_library([], language=language)))
    page = app.test_client().get("/").text
    assert "<code>pushdigest backfill OWNER/NAME --since DATE</code>" in page
    assert "<code>pushdigest doctor</code>" in page
