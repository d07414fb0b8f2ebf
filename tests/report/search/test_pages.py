"""The search as readers meet it, over the real ledger."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from builders import NOON, make_analysis, make_entry
from days import CALENDAR, DAY
from filled import fill
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from reading import Page
from shelf import TODAY

from analysis.models import Importance
from analysis.storage.ledger import Ledger
from report.library import Library
from report.pages import pages_blueprint
from report.search.reader import MOST

OLD = {"day": DAY.replace(day=2), "landed_at": NOON.replace(day=2)}
HOSTILE = '"><script>alert(1)</script>\u202e{{7*7}}&amp; \\u0041'
ENTRIES = (
    make_entry(seed=1, subject=f"one {HOSTILE}", author=f"Ada {HOSTILE}", body=HOSTILE),
    make_entry(
        seed=2,
        subject="quiet",
        author="Bo",
        importance=Importance.LOW,
        analysis=make_analysis(importance=Importance.LOW, summary=f"Says `one` {HOSTILE}."),
    ),
    make_entry(seed=3, subject="of another", author="Bo", repository="octo/other"),
)


def client_of(ledger: Ledger, **fields: Any) -> FlaskClient:
    app = Flask(__name__)
    library = Library(
        ledger, CALENDAR, **{"clock": lambda: TODAY, "public_url": "https://d.example/sub"} | fields
    )
    app.register_blueprint(pages_blueprint(library))
    return app.test_client()


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    fill(ledger, ENTRIES)
    return client_of(ledger)


def unbroken(day: date) -> str:
    """A date that no line ends in."""
    return f'<span class="unbroken">{day}</span>'


def shown(text: str) -> list[str]:
    """The shas on a page, in order."""
    return re.findall(r'<article.*?/commits/octo/\w+/(\w{40})"', text, re.DOTALL)


def test_a_page_shows_what_was_found_marked_and_leads_to_it(client: FlaskClient) -> None:
    page = client.get("/search?q=ONE").text
    assert set(shown(page)) == {ENTRIES[0].sha, ENTRIES[1].sha}
    assert "找到 2 个提交" in page
    assert f"已搜索 {unbroken(DAY)} 以来的全部 3 个提交。" in page
    assert "<mark>one</mark>" in page
    links = Page(page).links
    assert {f"/sub/commits/octo/engine/{ENTRIES[0].sha}", f"/sub/reports/{DAY}?q=ONE"} <= set(links)
    assert 'value="ONE"' in page


def test_the_day_that_a_result_leads_to_shows_the_same(client: FlaskClient) -> None:
    for query in ("q=one+says", "author=ada", "importance=low&path=engine/"):
        found = client.get(f"/search?{query}").text
        day = client.get(f"/reports/{DAY}?{query}").text
        assert len(shown(found)) == day.count("<article")
        assert f"/sub/search?{query}" in Page(day).links


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_others_wrote_stays_text(ledger: Ledger, language: str) -> None:
    fill(ledger, ENTRIES)
    client = client_of(ledger, language=language)
    for query in (
        "q=one",
        "author=ada",
        "q=script",
        "q=%3Cscript%3E",
        'q="',
        "q=%7B%7B7*7",
        "q=amp;",
        "q=%5Cu0041",
    ):
        page = client.get(f"/search?{query}").text
        assert len(shown(page)) >= 1
        assert page.count("<script") == 1
        assert "\u202e" not in page
        assert "{{7*7}}&amp;amp;" in re.sub("</?mark>", "", page)
    asked = client.get("/search", query_string={"q": HOSTILE, "author": HOSTILE}).text
    assert asked.count("<script") == 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("query", ["", "?q=one", "?q=nowhere&importance=high", "?q=one&before=2026-01-01"])
def test_a_page_has_one_heading_of_the_first_level_and_skips_none(
    ledger: Ledger, language: str, query: str
) -> None:
    fill(ledger, ENTRIES)
    page = client_of(ledger, language=language).get(f"/search{query}").text
    levels = [int(level) for level in re.findall(r"<h(\d)", page.partition("<dialog")[0])]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.count('role="search"') == 1


def test_nothing_is_read_where_nothing_is_asked(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("report.search.reader.Searcher.search", None)
    for address in ("/search", "/search?q=", "/search?q=%20&author=&path=", "/search?before=2026-01-01"):
        page = client.get(address)
        assert page.status_code == 200
        assert "写提交号的开头" in page.text
    assert client.get("/search.json").get_json()["days"] == []


def test_where_nothing_is_found_it_says_how_far_it_looked_and_what_may_help(client: FlaskClient) -> None:
    page = client.get("/search?q=nowhere&importance=high&repository=OCTO/engine").text
    assert "没有符合条件的提交。" in page
    assert f"已搜索 {unbroken(DAY)} 以来的全部 2 个提交" in page
    assert "所有词须出现在同一个提交里" in page
    links = Page(page).links
    assert "/sub/search?importance=high&q=nowhere" in links
    assert "/sub/search?q=nowhere&repository=octo/engine" in links
    assert "在此之前没有报告" in client.get("/search?q=one&before=2001-01-01").text


def test_the_json_says_the_same(client: FlaskClient) -> None:
    data = client.get("/search.json?q=quiet&repository=octo/engine").get_json()
    assert data["query"] == {"q": "quiet", "repository": "octo/engine"}
    assert (data["complete"], data["ended"], data["next"], data["found"]) == (True, "all", None, 1)
    assert data["searched"] == {"commits": 2, "back_to": str(DAY)}
    (day,) = data["days"]
    assert (day["date"], day["more"]) == (str(DAY), 0)
    assert day["digest"] == f"https://d.example/sub/reports/octo/engine/{DAY}.json?q=quiet"
    (commit,) = day["commits"]
    assert (commit["sha"], commit["importance"], commit["field"]) == (ENTRIES[1].sha, "low", "analysis")
    assert commit["line"].startswith("Says one")
    assert commit["links"]["page"] == f"https://d.example/sub/commits/octo/engine/{ENTRIES[1].sha}"
    accepted = client.get("/search?q=quiet&repository=octo/engine", headers={"Accept": "application/json"})
    assert accepted.get_json() == data


def test_a_full_page_leads_on_to_older_days(ledger: Ledger) -> None:
    fill(ledger, [make_entry(seed=n, subject="the same") for n in range(MOST + 5)])
    fill(ledger, [make_entry(seed="old", subject="the same", **OLD)])
    client = client_of(ledger)
    page = client.get("/search?q=same").text
    assert len(shown(page)) == MOST
    assert "当天另有 5 个" in page
    assert f"搜索到 {unbroken(DAY)}（" in page
    onward = f"/search?q=same&before={DAY}"
    assert f"/sub{onward}" in Page(page).links
    assert len(shown(client.get(onward).text)) == 1
    data = client.get("/search.json?q=same").get_json()
    assert (data["complete"], data["ended"], data["found"]) == (False, "most", MOST + 5)
    assert data["next"] == f"https://d.example/sub/search.json?q=same&before={DAY}"


def test_a_search_that_is_cut_off_says_so(
    client: FlaskClient, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ledger, [make_entry(seed="old", subject="one of old", **OLD)])
    monkeypatch.setattr("report.search.reader.AT_ONCE", 1)
    ticks = iter([0.0, 5.0] * 2)
    monkeypatch.setattr("report.pages.search.monotonic", lambda: next(ticks))
    page = client.get("/search?q=old").text
    assert f"在限定时间内搜索到 {unbroken(DAY)}（3 个提交）" in page
    assert "目前没有找到提交" in page
    assert f"/sub/search?q=old&before={DAY}" in Page(page).links
    assert client.get("/search.json?q=old").get_json()["ended"] == "time"


@pytest.mark.parametrize(
    ("query", "status", "line"),
    [
        ("importance=huge", 400, "importance 的值 “huge” 无效"),
        ("q=x&before=soon", 400, "“soon” 不是日期"),
        ("q=x&repository=octo/nothing", 404, "这里没有 octo/nothing 的报告"),
    ],
)
def test_what_cannot_be_searched_is_told_in_one_line(
    client: FlaskClient, query: str, status: int, line: str
) -> None:
    answer = client.get(f"/search?{query}")
    assert (answer.status_code, line in answer.text) == (status, True)
    data = client.get(f"/search.json?{query}")
    assert (data.status_code, line in data.get_json()["error"]) == (status, True)


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("zh-CN", "q", "没有搜索：“文字”最多 200 个字符，现在有 243 个。"),
        ("en", "q", "Nothing was searched: “Text” takes at most 200 characters, and these are 243."),
        ("en", "author", "Nothing was searched: “Author” takes at most 200 characters, and these are 243."),
        ("en", "repository", "Nothing was searched: “Repository” takes at most 200 characters,"),
    ],
)
def test_what_is_too_long_stands_in_the_form_again_as_it_was_typed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, language: str, name: str, said: str
) -> None:
    fill(ledger, ENTRIES)
    monkeypatch.setattr("report.search.reader.Searcher.search", None)
    given = {"q": "one", "author": "Bo", "repository": "octo/other", "importance": "LOW, huge"}
    asked = given | {name: '<b>"' + "x" * 239}
    answer = client_of(ledger, language=language).get("/search", query_string=asked)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert answer.text.count(said) == 1
    form = answer.text[answer.text.index('<form class="search"') : answer.text.rindex("</form>")]
    for field in ("q", "author"):
        assert f'name="{field}" value="{escape(asked[field])}"' in form
    assert (f'name="{name}" value="{escape(asked[name])}"' in form) == (name != "repository")
    assert ("<option selected>octo/other" in form) == (name != "repository")
    assert re.findall(r'value="(\w+)" checked', form) == ["low"]
    assert form.count('aria-invalid="true" aria-describedby="refused" autofocus>') == (name != "repository")
    assert shown(answer.text) == []


def test_what_is_too_long_is_told_in_one_line_of_json(client: FlaskClient) -> None:
    for name in ("q", "author", "path", "importance", "repository", "before"):
        data = client.get(f"/search.json?{name}=" + "x" * 201)
        assert (data.status_code, data.get_json()) == (400, {"error": f"参数 {name} 过长；最多 200 个字符。"})
        accepted = client.get(f"/search?{name}=" + "x" * 201, headers={"Accept": "application/json"})
        assert (accepted.status_code, accepted.text) == (400, data.text)


def test_a_text_of_the_greatest_length_is_searched(client: FlaskClient) -> None:
    answer = client.get("/search?q=+" + "x" * 200)
    assert (answer.status_code, "没有符合条件的提交。" in answer.text) == (200, True)


def test_a_private_repository_is_not_searched_by_those_who_may_not_read_it(ledger: Ledger) -> None:
    fill(ledger, ENTRIES)
    client = client_of(ledger, private=frozenset({"octo/other"}))
    assert "octo/other" not in client.get("/search").text
    assert client.get("/search.json?q=another").get_json()["found"] == 0
    assert client.get("/search.json?q=a").get_json()["searched"]["commits"] == 2
    assert client.get("/search.json?q=another&repository=octo/other").status_code == 404
    here = client_of(ledger, private=frozenset({"octo/other"}), here=True)
    local = {"base_url": "http://127.0.0.1"}
    assert here.get("/search.json?q=another", **local).get_json()["found"] == 1
    passed_on = here.get("/search.json?q=another", headers={"Via": "1.1 proxy"}, **local)
    assert passed_on.get_json()["found"] == 0


def test_every_page_of_the_site_leads_to_the_search(client: FlaskClient) -> None:
    for address in (
        "/",
        f"/reports/{DAY}",
        f"/commits/octo/engine/{ENTRIES[0].sha}",
        "/months/2026-01",
        "/reports/2026-W02",
    ):
        page = client.get(address).text
        assert '<form class="find" role="search" action="/sub/search">' in page
        assert "/sub/search" in Page(page).links
