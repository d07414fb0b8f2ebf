import gzip
import json
import re
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import pytest
from builders import make_entry
from days import DAY
from flask import Flask
from flask.testing import FlaskClient
from reading import Page, read_markdown
from shelf import make_library

from analysis.models import Importance
from analysis.storage.entry import DayRecord, Entry, State
from analysis.watching import Watch
from report.pages import pages_blueprint
from report.templating import SCRIPT_HASH, STYLE_HASH

ENTRIES = (make_entry(), make_entry(seed=2, importance=Importance.LOW), make_entry(repository="octo/other"))
SHA = ENTRIES[0].sha
ADDRESSES = [
    "/",
    f"/reports/{DAY}",
    f"/reports/{DAY}.md",
    f"/reports/{DAY}.json",
    f"/reports/octo/engine/{DAY}",
    f"/reports/octo/engine/{DAY}.md",
    f"/reports/octo/engine/{DAY}.json",
    "/reports/2026-W02",
    "/reports/2026-W02.md",
    "/reports/2026-01-07..2026-01-09.json",
    "/reports/octo/engine/2026-01",
    "/reports/octo/engine/2026-01.md",
    "/reports/octo/engine/2025-03-01..2026-02-28",
    f"/commits/octo/engine/{SHA}",
    f"/commits/octo/engine/{SHA}.md",
    f"/commits/octo/engine/{SHA}.json",
    "/reports/octo/engine",
    "/months/2026-01",
    "/months/octo/engine/2026-01",
    "/search",
    "/search?q=client",
    "/search?q=client&before=2026-01-01",
    "/search.json?q=client&importance=low",
    "/feed.atom",
    "/reports/octo/engine/feed.atom",
    "/watches",
    "/watches/late",
    f"/watches/late/{DAY}",
    f"/watches/late/{DAY}.md",
    f"/watches/late/{DAY}.json",
    "/watches/late/feed.atom",
]
WATCHES = (Watch(name="late", words=("client",), repositories=("octo/engine", "octo/other")),)


def client_of(entries: Iterable[Entry] = ENTRIES, **fields: Any) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(make_library(entries, **{"watches": WATCHES} | fields)))
    return app.test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_answers_and_is_not_sent_twice(address: str) -> None:
    client = client_of()
    answer = client.get(address)
    assert answer.status_code == 200
    tag = answer.headers["ETag"]
    assert not tag.startswith("W/")
    assert client.get(address).headers["ETag"] == tag
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers_that_protect_it(address: str) -> None:
    headers = client_of().get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"style-src '{STYLE_HASH}'" in policy
    assert f"script-src '{SCRIPT_HASH}'" in policy
    assert "connect-src 'self'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Accept" in headers["Vary"]


def test_the_etag_changes_with_the_content() -> None:
    before, after = (
        client_of(entries).get(f"/reports/{DAY}").headers["ETag"] for entries in (ENTRIES[:1], ENTRIES)
    )
    assert before != after


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("text/markdown, */*;q=0.1", "text/markdown"),
        ("image/png", "text/html"),
        (None, "text/html"),
    ],
)
def test_the_accept_header_chooses_the_form(accept: str | None, mimetype: str) -> None:
    headers = {"Accept": accept} if accept else {}
    assert client_of().get(f"/reports/{DAY}", headers=headers).mimetype == mimetype


def test_a_suffix_is_stronger_than_the_accept_header() -> None:
    answer = client_of().get(f"/reports/{DAY}.md", headers={"Accept": "application/json"})
    assert answer.mimetype == "text/markdown"
    assert read_markdown(answer.text).dead_links() == []


def test_filters_choose_commits_and_the_answer_says_so() -> None:
    client = client_of()
    data = client.get(f"/reports/{DAY}.json?importance=low").get_json()
    assert [part["counts"]["total"] for part in data["repositories"]] == [1, 0]
    assert [part["landed"] for part in data["repositories"]] == [2, 1]
    assert data["selection"] == "importance=low"
    assert "已筛选：importance=low" in client.get(f"/reports/{DAY}.md?importance=low").text
    page = client.get(f"/reports/{DAY}?importance=low&q=client").text
    assert "共 3 个提交，显示 1 个" in page
    assert page.count("<article") == 1
    links = Page(page).links
    assert {
        f"/sub/reports/{DAY}",
        f"/sub/reports/{DAY}?q=client",
        f"/sub/reports/{DAY}?importance=low",
    } <= set(links)
    assert f"/sub/reports/{DAY}.md?importance=low&q=client" in links
    assert 'value="low" checked' in page
    assert "没有符合条件的提交" in client.get(f"/reports/{DAY}?q=nothing").text
    assert client.get(f"/reports/{DAY}?importance=low&importance=high&page=1").status_code == 200


@pytest.mark.parametrize("form", ["", ".md"])
def test_a_filter_does_not_say_that_nothing_landed(form: str) -> None:
    client = client_of()
    some, none = (
        client.get(f"/reports/{DAY}{form}?{query}").text for query in ("importance=low", "q=nothing")
    )
    assert "octo/other" not in re.sub(r"<nav.*?</nav>", "", some, flags=re.DOTALL)
    assert ("没有符合条件的提交" in some, "没有符合条件的提交" in none) == (False, True)
    assert "本日没有提交" not in some + none


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/reports/yesterday", 400),
        ("/reports/2026-1-9", 400),
        ("/reports/2026-02-30", 400),
        ("/reports/2026-01-09.txt", 400),
        ("/reports/2026-1", 400),
        ("/reports/2026-13", 400),
        ("/reports/2026-W54", 400),
        ("/reports/2026-01-09..2026-02-30", 400),
        ("/reports/2026-01-09..", 400),
        ("/reports/2026-01-09..2026-01-08", 400),
        ("/reports/2024-01-01..2026-01-09", 400),
        ("/reports/octo/engine/2026-01-09..%0Ab", 400),
        ("/reports/2026-W02?importance=huge", 400),
        ("/reports/2025-01", 404),
        ("/reports/2026-W10", 404),
        ("/reports/2025-01-01..2025-01-31", 404),
        ("/reports/octo/nothing/2026-W02", 404),
        (f"/reports/{DAY}?importance=huge", 400),
        (f"/reports/{DAY}?q={'x' * 300}", 400),
        ("/reports/2025-01-01", 404),
        ("/reports/2027-01-01", 404),
        (f"/reports/octo/nothing/{DAY}", 404),
        ("/reports/octo/nothing/feed.atom", 404),
        ("/watches/early", 404),
        ("/watches/early/feed.atom", 404),
        (f"/watches/early/{DAY}", 404),
        ("/watches/late/2026-13-01", 400),
        ("/watches/late/2026-W54", 400),
        ("/watches/late/2025-01", 404),
        ("/watches/early/2026-W02", 404),
        ("/watches/late/2025-01-01", 404),
        (f"/watches/late/{DAY}?importance=huge", 400),
        ("/months/2026", 400),
        ("/months/2026-13", 400),
        ("/months/2025-01", 404),
        ("/months/octo/nothing/2026-01", 404),
        ("/reports/octo/nothing", 404),
        ("/commits/octo/engine/xyz", 400),
        ("/commits/octo/engine/abcdef", 400),
        ("/commits/octo/engine/" + "f" * 40, 404),
        ("/commits/octo/nothing/" + SHA, 404),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_line(address: str, status: int) -> None:
    client = client_of()
    page = client.get(address)
    told = client.get(address, headers={"Accept": "application/json"})
    assert (page.status_code, told.status_code) == (status, status)
    assert list(told.get_json()) == ["error"]
    assert told.get_json()["error"] in page.get_data(as_text=True).replace("&#34;", '"')
    assert "\n" not in told.get_json()["error"]


def test_a_query_that_is_no_text_is_refused_whatever_is_asked_for() -> None:
    raw = {"QUERY_STRING": "q=\xff"}
    for address in (f"/reports/{DAY}", f"/reports/octo/engine/{DAY}.json"):
        answer = client_of().get(address, environ_overrides=raw)
        assert (answer.status_code, "UTF-8" in answer.text) == (400, True)


def test_markdown_and_json_addresses_refuse_in_their_own_form() -> None:
    client = client_of()
    assert client.get("/reports/2025-01-01.md").mimetype == "text/plain"
    assert client.get("/reports/2025-01-01.json").mimetype == "application/json"


def test_a_day_that_does_not_exist_leads_to_those_that_do() -> None:
    page = Page(client_of().get("/reports/2026-01-02").text)
    assert f"/sub/reports/{DAY}" in page.links


@pytest.mark.parametrize(
    ("address", "choices"),
    [
        ("/months/2025-01", {"/sub/months/2026-01", "/sub/"}),
        ("/reports/octo/engin", {"/sub/reports/octo/engine", "/sub/"}),
        ("/watches/lat", {"/sub/watches/late", "/sub/watches", "/sub/"}),
        (f"/reports/octo/engin/{DAY}", {"/sub/reports/octo/engine", "/sub/"}),
        (
            "/commits/octo/engine/fffffff",
            {"/sub/reports/octo/engine", "https://github.com/octo/engine/commit/fffffff", "/sub/"},
        ),
    ],
)
def test_what_is_not_there_leads_to_what_is(address: str, choices: set[str]) -> None:
    answer = client_of().get(address)
    assert answer.status_code == 404
    assert choices <= set(Page(answer.text).links)


def test_an_abbreviated_sha_leads_to_the_full_one() -> None:
    client = client_of()
    for suffix in ("", ".md", ".json"):
        answer = client.get(f"/commits/OCTO/engine/{SHA[:9].upper()}{suffix}")
        assert (answer.status_code, answer.location) == (302, f"/sub/commits/octo/engine/{SHA}{suffix}")


def test_links_follow_the_public_url_and_its_sub_path() -> None:
    client = client_of()
    for address in ADDRESSES:
        answer = client.get(address)
        links = Page(answer.text).links if answer.mimetype == "text/html" else ["/sub/"]
        assert links
        assert all(href.startswith(("/sub/", "#", "https://github.com/")) for href in links)
    data = client.get(f"/reports/{DAY}.json").get_json()
    assert data["repositories"][0]["commits"][0]["links"]["page"].startswith(
        "https://digest.example.org/sub/"
    )


def test_the_page_of_a_day_leads_to_its_neighbours() -> None:
    days = [DAY.replace(day=number) for number in (7, 9, 10)]
    client = client_of([make_entry(seed=day, day=day) for day in days])
    links = Page(client.get(f"/reports/{DAY}").text).links
    assert {f"/sub/reports/{days[0]}", f"/sub/reports/{days[2]}"} <= set(links)
    links = Page(client.get(f"/reports/OCTO/engine/{DAY}").text).links
    assert {f"/sub/reports/octo/engine/{days[0]}", f"/sub/reports/octo/engine/{days[2]}"} <= set(links)


def test_the_repositories_of_a_day_are_a_click_apart() -> None:
    client = client_of()
    addresses = [f"/sub/reports/{DAY}", f"/sub/reports/octo/engine/{DAY}", f"/sub/reports/octo/other/{DAY}"]
    for here in addresses:
        text = client.get(here.removeprefix("/sub")).text
        assert set(addresses) <= set(Page(text).links)
        assert re.findall(r'href="([^"]+)" aria-current="page"', text) == [here]


def test_a_browser_gets_a_page_packed_and_its_tag_says_so() -> None:
    client = client_of()
    plain = client.get(f"/reports/{DAY}")
    packed = client.get(f"/reports/{DAY}", headers={"Accept-Encoding": "br, gzip"})
    assert (packed.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert plain.headers["ETag"] != packed.headers["ETag"]
    for answer, accepted in ((plain, "identity"), (packed, "gzip")):
        for tag in (
            answer.headers["ETag"],
            f"W/{answer.headers['ETag']}",
            '"other", ' + answer.headers["ETag"],
        ):
            again = client.get(f"/reports/{DAY}", headers={"Accept-Encoding": accepted, "If-None-Match": tag})
            assert (again.status_code, again.data) == (304, b"")
    unpacked = client.get(f"/reports/{DAY}", headers={"Accept-Encoding": "gzip;q=0"})
    assert unpacked.data == plain.data


def test_the_markdown_of_a_commit_stands_by_itself() -> None:
    answer = client_of().get(f"/commits/octo/engine/{SHA}.md")
    assert answer.mimetype == "text/markdown"
    found = read_markdown(answer.text)
    assert found.headings == [(1, "fix: answer before the client gives up")]
    assert found.html == found.dead_links() == []
    assert "慢请求会被提前切断" in answer.text


def basic(password: str) -> str:
    return "Basic " + b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_token_guards_every_address(address: str) -> None:
    client = client_of(report_token="sésame")
    assert client.get(address, headers={"Authorization": "Bearer sésame"}).status_code == 200
    assert client.get(address, headers={"Authorization": basic("sésame")}).status_code == 200
    for wrong in ("Bearer no", "Bearer", basic("no"), basic(""), "Digest x", "Bearer s\xe9same "):
        answer = client.get(address, headers={"Authorization": wrong})
        assert answer.status_code in {200, 401}
        assert (answer.status_code == 200) == (wrong.strip() == "Bearer sésame")
    refused = client.get(address)
    assert refused.status_code == 401
    assert refused.headers["Cache-Control"] == "private, no-cache"
    assert [value.split()[0] for value in refused.headers.getlist("WWW-Authenticate")] == ["Basic", "Bearer"]
    assert "octo" not in refused.text


def test_a_private_repository_is_hidden_without_a_token() -> None:
    private = frozenset({"octo/other"})
    client = client_of(private=private)
    assert client.get(f"/reports/octo/other/{DAY}").status_code == 404
    assert client.get(f"/commits/octo/other/{ENTRIES[2].sha}").status_code == 404
    assert all("octo/other" not in client.get(address).text for address in ADDRESSES)
    locked = client_of(private=private, report_token="token")
    headers = {"Authorization": "Bearer token"}
    assert locked.get(f"/reports/octo/other/{DAY}", headers=headers).status_code == 200


def test_today_and_closed_days_are_empty_digests() -> None:
    closed = DayRecord(repository="octo/engine", day=DAY, revision=1)
    client = client_of([], closed=[closed])
    for address in (f"/reports/{DAY}", "/reports/2026-01-10", f"/reports/octo/engine/{DAY}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "本日没有提交。" in answer.text


def test_a_library_without_days_has_an_index_and_a_feed() -> None:
    client = client_of([])
    assert "还没有任何报告" in client.get("/").text
    assert client.get("/feed.atom").status_code == 200


def test_a_waiting_commit_is_served_in_every_form() -> None:
    entry = make_entry(facts=None, analysis=None, state=State.PENDING)
    client = client_of([entry])
    for address in (f"/reports/{DAY}", f"/reports/{DAY}.md", f"/commits/octo/engine/{entry.sha}"):
        assert "尚未读取" in client.get(address).text
    commit = json.loads(client.get(f"/commits/octo/engine/{entry.sha}.json").text)
    assert commit["state"] == "pending"
