from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from reading import Page, read_markdown
from roundups import LATER, MONDAY, on
from shelf import make_library

from analysis.models import Importance
from report.issue import Issue
from report.pages import pages_blueprint
from report.roundup.around import spans_around

WEEKS = [on(day, day) for day in range(-10, 10)]


def client_of(entries: Any = WEEKS, **fields: Any) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(make_library(entries, **{"clock": lambda: LATER} | fields)))
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "total"),
    [("2026-W03", 7), ("2026-01", 20), ("2026-01-10..2026-01-12", 3), ("2026-01-12..2026-01-12", 1)],
)
def test_every_form_has_the_same_range(name: str, total: int) -> None:
    client = client_of()
    data = client.get(f"/reports/{name}.json").get_json()
    assert (data["name"], data["counts"]["total"]) == (name, total)
    assert client.get(f"/reports/{name}", headers={"Accept": "application/json"}).get_json() == data
    markdown = client.get(f"/reports/{name}.md")
    assert markdown.mimetype == "text/markdown"
    assert read_markdown(markdown.text).headings[0] == (
        1,
        Page(client.get(f"/reports/{name}").text).headings[0][1],
    )


def test_a_week_has_one_page_whatever_it_is_called() -> None:
    client = client_of()
    assert client.get("/reports/2026-W03").data == client.get("/reports/2026-01-12..2026-01-18").data


def test_filters_choose_commits_and_stay_in_the_links() -> None:
    entries = [on(day, day, importance=Importance.LOW if day else Importance.HIGH) for day in range(3)]
    client = client_of(entries)
    data = client.get("/reports/2026-W03.json?importance=low&page=2").get_json()
    assert (data["counts"]["total"], data["selection"]) == (2, "importance=low")
    page = Page(client.get("/reports/octo/engine/2026-W03?importance=low&page=2").text)
    assert "/sub/reports/octo/engine/2026-01-13?importance=low" in page.links


def test_a_range_leads_to_its_neighbours_its_forms_and_all_repositories() -> None:
    client = client_of()
    links = set(Page(client.get("/reports/octo/engine/2026-W03").text).links)
    place = "/sub/reports/octo/engine"
    expected = {f"{place}/2026-W02", f"{place}/2026-W04", f"{place}/2026-W03.md", f"{place}/2026-W03.json"}
    assert expected | {"/sub/reports/2026-W03"} <= links
    edge = set(Page(client.get("/reports/2026-01").text).links)
    assert not {"/sub/reports/2025-12", "/sub/reports/2026-02"} & edge


def test_backwards_leads_to_what_was_meant() -> None:
    answer = client_of().get("/reports/octo/engine/2026-01-14..2026-01-12")
    assert answer.status_code == 400
    assert "/sub/reports/octo/engine/2026-01-12..2026-01-14" in Page(answer.text).links


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (0, {"2026-01-09..2026-01-11", "2026-W03", "2026-01"}),
        (1, {"2026-W03", "2026-01"}),
        (4, {"2026-01-16..2026-01-18", "2026-W03", "2026-01"}),
        (6, {"2026-01-16..2026-01-18", "2026-W03", "2026-01"}),
    ],
)
def test_the_page_of_a_day_leads_to_its_weekend_week_and_month(day: int, names: set[str]) -> None:
    client = client_of()
    for place in ("/reports", "/reports/octo/engine"):
        links = set(Page(client.get(f"{place}/{MONDAY + timedelta(days=day)}").text).links)
        assert {f"/sub{place}/{name}" for name in names} <= links
        assert sum(".." in href for href in links) == len(names) - 2


def test_no_link_leads_to_a_range_with_nothing_in_it() -> None:
    library = make_library([])
    assert spans_around(Issue(date(2026, 1, 12)), library.words, library.page_links) == {
        library.words("range.nav.week", number=3): "/sub/reports/2026-W03",
        library.words("range.nav.month", month="2026年1月"): "/sub/reports/2026-01",
    }
