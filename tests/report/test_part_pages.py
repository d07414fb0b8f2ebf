"""`?part=2`: a digest in parts over the web."""

import re

import pytest
from builders import make_analysis, make_entry
from days import DAY
from flask import Flask
from flask.testing import FlaskClient
from github_reading import read_as_github
from shelf import make_library

from analysis.models import Importance
from report.pages import pages_blueprint
from report.pages.desk import Desk
from report.pages.parts import answer_part
from report.parts import LIMIT, size
from report.press import Press

SITE = "https://digest.example.org/sub"
ENTRIES = [
    make_entry(
        seed=number,
        subject=f"feat: {number}",
        analysis=make_analysis(summary="字" * 6_000, importance=list(Importance)[number % 2]),
    )
    for number in range(30)
]
ADDRESSES = [f"/reports/{DAY}.md", f"/reports/octo/engine/{DAY}.md", "/reports/2026-W02.md"]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(make_library(ENTRIES)))
    return app.test_client()


def links_of(header: str | None) -> dict[str, str]:
    return {relation: url for url, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', header or "")}


@pytest.mark.parametrize("address", ADDRESSES)
def test_parts_lead_from_one_to_the_next(client: FlaskClient, address: str) -> None:
    found, query = [], "?part=1"
    while query:
        answer = client.get(address + query)
        assert (answer.status_code, answer.mimetype) == (200, "text/markdown")
        found.append(answer.text)
        links = links_of(", ".join(answer.headers.getlist("Link")))
        assert ("prev" in links) == (len(found) > 1)
        query = links.get("next", "")
    assert len(found) > 2
    assert max(map(size, found)) <= LIMIT
    headings = [text for part in found for level, text in read_as_github(part).headings if level == 4]
    assert sorted(headings) == sorted(entry.landed.subject for entry in ENTRIES)


def test_a_part_has_a_tag_of_its_own(client: FlaskClient) -> None:
    one, two = (client.get(f"/reports/{DAY}.md?part={number}") for number in (1, 2))
    assert one.headers["ETag"] != two.headers["ETag"]
    again = client.get(f"/reports/{DAY}.md?part=2", headers={"If-None-Match": two.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_all_parts_are_of_one_text_though_the_day_changes_meanwhile() -> None:
    desk = Desk(make_library(ENTRIES), Press())
    texts = iter([("one", "two"), ("all",)])
    with Flask(__name__).test_request_context("/"):
        found = [answer_part(desk, number, "state", lambda: next(texts)).data for number in (1, 2)]
    assert found == [b"one", b"two"]


def test_a_filter_stays_with_the_links(client: FlaskClient) -> None:
    answer = client.get(f"/reports/{DAY}.md?importance=high&part=1")
    assert links_of(answer.headers["Link"]) == {"next": "?importance=high&part=2"}
    assert "🟡 中重要度变更" not in answer.text


def test_links_of_a_part_are_to_be_followed_anywhere(client: FlaskClient) -> None:
    text = client.get(f"/reports/{DAY}.md?part=1").text
    hrefs = [href for _, href in read_as_github(text).links if not href.startswith("#")]
    ours = [href for href in hrefs if href.startswith(SITE)]
    assert ours
    assert all(href.startswith((SITE, "https://github.com/")) for href in hrefs)
    for address in {href.partition("#")[0].removeprefix(SITE) for href in ours}:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1.5", "²", "99999999999999999999", "1,2"])
def test_what_is_no_part_is_refused(client: FlaskClient, value: str) -> None:
    answer = client.get(f"/reports/{DAY}.md", query_string={"part": value})
    assert answer.status_code == 400
    assert "?part=2" in answer.text


def test_a_part_that_there_is_not_is_not_found(client: FlaskClient) -> None:
    answer = client.get(f"/reports/{DAY}.md?part=99")
    assert answer.status_code == 404
    assert "99" in answer.text


@pytest.mark.parametrize("form", ["html", "json"])
def test_only_markdown_has_parts(client: FlaskClient, form: str) -> None:
    assert client.get(f"/reports/{DAY}.{form}?part=1").status_code == 400


def test_the_whole_is_as_it_was(client: FlaskClient) -> None:
    answer = client.get(f"/reports/{DAY}.md")
    assert size(answer.text) > LIMIT
    assert "Link" not in answer.headers
