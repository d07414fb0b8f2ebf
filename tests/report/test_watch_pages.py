"""The pages and feeds of watches."""

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_entry, make_sha
from days import DAY
from flask import Flask
from flask.testing import FlaskClient
from reading import Page, read_markdown
from shelf import make_library

from analysis.models import FileChange, Importance
from analysis.settings import load_settings
from analysis.storage.entry import Entry
from analysis.watching import Mute, Watch
from report.pages import pages_blueprint
from report.pages.watches import LOOKED, SHOWN
from report.watch import EXAMPLE, MOST

HIGH, MEDIUM, LOW = Importance
RACES = Watch(name="races", title="并发 & races", words=("race",))
KERNELS = Watch(name="kernels", paths=("csrc/**",), importance=(HIGH, MEDIUM))
ATOM = {"a": "http://www.w3.org/2005/Atom"}
KERNEL = (FileChange(path="csrc/attention/kernel.cu", status="M"),)


def on(number: int, seed: object, **fields: Any) -> Entry:
    """A commit so many days before the builders' one."""
    day = DAY - timedelta(days=number)
    return make_entry(seed=seed, day=day, landed_at=NOON - timedelta(days=number), **fields)


ENTRIES = (
    on(0, "race", subject="fix: a race at the end", importance=MEDIUM),
    on(0, "kernel", subject="feat: a kernel", files=KERNEL),
    on(0, "low kernel", subject="style: a kernel", files=KERNEL, importance=LOW),
    on(1, "nothing", subject="docs: nothing of this"),
    on(2, "elsewhere", subject="fix: race elsewhere", repository="octo/other"),
)


def client_of(
    entries: Iterable[Entry] = ENTRIES, *watches: Watch, language: str = "en", **fields: Any
) -> FlaskClient:
    app = Flask(__name__)
    library = make_library(entries, watches=watches or (RACES, KERNELS), language=language, **fields)
    app.register_blueprint(pages_blueprint(library))
    return app.test_client()


def test_a_watch_shows_the_days_on_which_it_caught_something() -> None:
    text = client_of().get("/watches/races").text
    page = Page(text)
    assert [title for level, title in page.headings if level == 2][:-2] == [
        "Friday, 9 January 2026 1 commit",
        "Wednesday, 7 January 2026 1 commit",
    ]
    for seed, name in (("race", REPOSITORY), ("elsewhere", "octo/other")):
        assert f"/sub/commits/{name}/{make_sha(seed)}" in page.links
    own = {f"/sub/watches/races/{DAY}", "/sub/watches/races/feed.atom", "/sub/watches"}
    assert own <= set(page.links)
    assert 'title="Daily digest: 并发 &amp; races" href="/sub/watches/races/feed.atom"' in text
    assert "<code>race</code>" in text
    assert "nothing of this" not in text
    assert "a kernel" not in text


def test_the_calendar_of_a_watch_counts_what_it_caught_and_leads_to_its_weeks_and_months() -> None:
    entries = [
        *ENTRIES,
        *(on(day, (day, n), subject="fix: race") for day in (45, 80) for n in range(3)),
        on(46, "other", subject="docs: other"),
    ]
    page = client_of(entries, RACES, Watch(name="nothing", words=("nowhere",))).get("/watches/races")
    links, own = Page(page.text).links, "/sub/watches/races"
    week, month = f"{own}/2025-W48", f"{own}/2025-11"
    assert {f"{own}/2026-W02", f"{own}/2026-01", f"{own}/2025-11-25", week, month, f"{own}/2025-10"} <= set(
        links
    )
    assert f"{own}/2026-01-08" not in links
    assert f"{own}/2025-11-24" not in links
    captions = re.findall(r'<caption>.*?<span class="n">(.*?)</span>', page.text)
    assert captions == ["2 commits", "3 commits"]
    weekend, around = f"{DAY}..{DAY + timedelta(days=2)}", ("2026-W02", "2026-01")
    assert {f"{own}/{name}" for name in (weekend, *around)} <= set(links)
    empty = Page(client_of(entries, Watch(name="nothing", words=("nowhere",))).get("/watches/nothing").text)
    assert not [href for href in empty.links if "-W" in href or ".." in href]


def test_the_day_of_a_watch_has_its_commits_alone_in_every_form() -> None:
    client = client_of()
    page = client.get(f"/watches/kernels/{DAY}")
    assert (page.status_code, page.text.count("<article")) == (200, 1)
    assert f"/sub/watches/kernels/{DAY}.md" in Page(page.text).links
    assert "1 of 3 shown" in page.text
    assert client.get(f"/watches/kernels/{DAY}?importance=medium").text.count("<article") == 0
    data = client.get(f"/watches/kernels/{DAY}.json").get_json()
    assert data["selection"] == "watch=kernels"
    assert [commit["sha"] for part in data["repositories"] for commit in part["commits"]] == [
        make_sha("kernel")
    ]
    found = read_markdown(client.get(f"/watches/kernels/{DAY}.md").text)
    assert [title for level, title in found.headings if level == 4] == ["feat: a kernel"]
    assert found.dead_links() == []


@pytest.mark.parametrize("span", ["2026-W02", "2026-01", f"2026-01-07..{DAY}", "2025-12-01..2026-02-28"])
def test_a_range_of_a_watch_has_its_commits_alone_in_every_form(span: str) -> None:
    client, own = client_of(), f"/watches/races/{span}"
    data = client.get(f"{own}.json").get_json()
    assert (data["name"], data["selection"], data["counts"]["total"]) == (span, "watch=races", 2)
    assert [day["date"] for day in data["days"] if day["counts"]["total"]] == ["2026-01-09", "2026-01-07"]
    found = [(part["name"], each["sha"]) for part in data["repositories"] for each in part["commits"]]
    assert found == [(REPOSITORY, make_sha("race")), ("octo/other", make_sha("elsewhere"))]
    text = client.get(own).text
    assert ("a race at the end" in text, "race elsewhere" in text) == (True, True)
    assert ("nothing of this" in text, "a kernel" in text) == (False, False)
    markdown = client.get(f"{own}.md")
    assert (markdown.mimetype, "a kernel" in markdown.text) == ("text/markdown", False)
    assert read_markdown(markdown.text).dead_links() == []
    assert "race elsewhere" in client.get(f"{own}.md?part=1").text


def test_a_range_of_a_watch_leads_to_its_days_its_neighbours_and_all_that_landed() -> None:
    entries = [*ENTRIES, on(7, "before", subject="docs: before"), on(-7, "after", subject="docs: after")]
    client = client_of(entries, clock=lambda: NOON + timedelta(days=30))
    page = Page(client.get("/watches/races/2026-W02").text)
    title = (1, "并发 & races · Weekly digest (2026-W02)")
    assert page.headings[0] == title
    assert read_markdown(client.get("/watches/races/2026-W02.md").text).headings[0] == title
    assert "Filtered: importance=high" in client.get("/watches/races/2026-W02?importance=high").text
    assert "Filtered" not in client.get("/watches/races/2026-W02").text
    own = {f"/sub/watches/races{name}" for name in ("", f"/{DAY}", "/2026-W01", "/2026-W03", "/2026-W02.md")}
    assert own | {"/sub/reports/2026-W02"} <= set(page.links)
    assert f"/sub/reports/{DAY}" not in page.links
    data = client.get("/watches/races/2026-W02.json").get_json()
    pages = {day["page"] for part in (data, *data["repositories"]) for day in part["days"]}
    assert f"https://digest.example.org/sub/watches/races/{DAY}" in pages
    assert all("/watches/races/" in each for each in pages)
    long = Page(client.get("/watches/races/2025-12-01..2026-02-28?importance=medium").text)
    month = "/watches/races/2026-01?importance=medium"
    assert {f"/sub{month}", f"/sub/watches/races/{DAY}?importance=medium"} <= set(long.links)
    assert client.get(month).text.count("<article") == 1


def test_the_day_of_a_watch_leads_to_its_weekend_week_and_month() -> None:
    links = set(Page(client_of().get(f"/watches/races/{DAY}").text).links)
    names = {f"{DAY}..{DAY + timedelta(days=2)}", "2026-W02", "2026-01"}
    assert {f"/sub/watches/races/{name}" for name in names} <= links


@pytest.mark.parametrize(
    "name",
    f"2026-W54 2026-1 2026-01-09..2026-02-30 {DAY}..2026-01-08 2024-01-01..2026-01-09 yesterday "
    "2026-W10 2025-01 2025-01-01..2025-01-31 2025-01-01".split(),
)
def test_what_is_no_range_or_has_no_day_is_told_as_of_all(name: str) -> None:
    client = client_of()
    for form in ("", ".json", ".md"):
        own, all_of_it = (client.get(f"{place}/{name}{form}") for place in ("/watches/races", "/reports"))
        assert own.status_code == all_of_it.status_code in {400, 404}
    told = [client.get(f"{place}/{name}.json").get_json() for place in ("/watches/races", "/reports")]
    assert told[0] == told[1]
    pages = [Page(client.get(f"{place}/{name}").text) for place in ("/watches/races", "/reports")]
    own, others = (set(page.links) for page in pages)
    assert {href.replace("/watches/races/", "/reports/") for href in own} == others


def test_a_range_in_which_nothing_was_caught_says_so() -> None:
    client = client_of(ENTRIES, Watch(name="nothing", words=("nowhere",)))
    for span in ("2026-W02", "2025-12-01..2026-02-28"):
        for form in ("", ".md"):
            answer = client.get(f"/watches/nothing/{span}{form}")
            assert (answer.status_code, "No commit fits." in answer.text) == (200, True)
            assert "Nothing landed" not in answer.text


def test_who_reads_a_watch_has_not_read_the_day() -> None:
    client = client_of()
    for days in (DAY, f"{DAY - timedelta(days=2)}..{DAY}"):
        assert f'data-read="{DAY}"' in client.get(f"/reports/{days}").text
        assert "data-read" not in client.get(f"/watches/races/{days}").text


def test_a_watch_of_what_nothing_is_known_of_shows_nothing_else() -> None:
    client = client_of(ENTRIES, Watch(name="new", repositories=("octo/new",)))
    for form in ("", ".md", ".json"):
        answer = client.get(f"/watches/new/{DAY}{form}")
        assert (answer.status_code, REPOSITORY in answer.text) == (404, False)
        assert f"There is no digest for {DAY}." in answer.text
    for name, status in (("2026-W02", 404), ("2025-12-01..2026-02-28", 404), ("2026-W54", 400), ("x", 400)):
        answer = client.get(f"/watches/new/{name}")
        assert (answer.status_code, REPOSITORY in answer.text) == (status, False)
    assert "Nothing was caught" in client.get("/watches/new").text
    assert "<entry" not in client.get("/watches/new/feed.atom").text


def test_the_list_tells_how_much_each_caught() -> None:
    page = client_of().get("/watches").text
    assert "2 commits on the last 3 days with a digest" in page
    assert "1 commit on the last 3 days with a digest" in page
    assert {"/sub/watches/races", "/sub/watches/kernels/feed.atom"} <= set(Page(page).links)


def test_without_watches_the_list_says_how_to_write_one() -> None:
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(make_library(ENTRIES)))
    answer = app.test_client().get("/watches")
    assert answer.status_code == 200
    assert EXAMPLE.splitlines()[0] in answer.text
    assert "/sub/watches" not in Page(app.test_client().get("/").text).links


def test_the_example_is_one(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pushdigest.toml").write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [watch.name for watch in load_settings().watches] == ["kernels"]


def test_watches_are_linked_from_everywhere() -> None:
    client = client_of()
    assert {"/sub/watches", "/sub/watches/races", "/sub/watches/kernels"} <= set(
        Page(client.get("/").text).links
    )
    for address in (f"/reports/{DAY}", "/months/2026-01", "/reports/2026-W02", "/watches/nothing"):
        assert "/sub/watches" in Page(client.get(address).text).links
    own = Watch(name="other", words=("race",), repositories=("octo/other",))
    client = client_of(ENTRIES, own)
    assert "/sub/watches/other" in Page(client.get("/reports/octo/other").text).links
    assert "/sub/watches/other" not in Page(client.get(f"/reports/{REPOSITORY}").text).links


def test_the_feed_has_an_entry_for_each_day_that_keeps_its_id() -> None:
    def entries(client: FlaskClient) -> dict[str, str]:
        feed = ET.fromstring(client.get("/watches/races/feed.atom").text)  # noqa: S314 - our own output
        found = feed.findall("a:entry", ATOM)
        assert feed.findtext("a:title", "", ATOM) == "Daily digest: 并发 & races"
        return {each.findtext("a:id", "", ATOM): each.findtext("a:content", "", ATOM) for each in found}

    before = entries(client_of())
    after = entries(client_of([*ENTRIES, on(0, "later", subject="fix: another race <b>")]))
    tag = "tag:digest.example.org,2026-01-01:watches/races/"
    assert list(before) == list(after) == [f"{tag}2026-01-09", f"{tag}2026-01-07"]
    assert "a race at the end" in before[f"{tag}2026-01-09"]
    assert "another race &lt;b&gt;" in after[f"{tag}2026-01-09"]
    assert (
        f"https://digest.example.org/sub/commits/octo/other/{make_sha('elsewhere')}"
        in after[f"{tag}2026-01-07"]
    )


def test_a_watch_shows_so_much_and_no_more() -> None:
    days = [on(day, day, subject="fix: race") for day in range(LOOKED + 5)]
    page = client_of(days).get("/watches/races").text
    assert page.count('class="catch"') == SHOWN
    many = [
        on(0, seed, subject="fix: race", importance=HIGH if seed == 99 else LOW) for seed in range(MOST + 80)
    ]
    page = client_of(many).get("/watches/races").text
    assert page.count('class="headline"') == MOST
    assert "and 80 more" in page
    assert make_sha(99) in page
    old = [
        on(LOOKED + 1, "old", subject="fix: race"),
        *(on(day, day, subject="docs: x") for day in range(LOOKED)),
    ]
    assert f"on the last {LOOKED} days" in client_of(old).get("/watches/races").text


def test_what_is_watched_is_shown_though_it_is_muted() -> None:
    client = client_of(ENTRIES, KERNELS, mutes=(Mute(paths=("csrc",), importance=tuple(Importance)),))
    assert client.get(f"/watches/kernels/{DAY}").text.count("<article") == 1
    assert client.get("/watches/kernels/2026-W02").text.count("<article") == 1
    for address in ("/watches/kernels", "/watches/kernels/2025-12-01..2026-02-28"):
        assert "feat: a kernel" in client.get(address).text


def test_a_private_repository_does_not_leak_through_a_watch() -> None:
    only = Watch(name="secret", words=("race",), repositories=("octo/other",))
    both = Watch(name="both", words=("race",), repositories=(REPOSITORY, "octo/other"))
    client = client_of(ENTRIES, RACES, both, only, private=frozenset({"octo/Other"}))
    for address in ("", f"/{DAY}", "/2026-W02", "/2026-W54", "/feed.atom"):
        assert client.get(f"/watches/secret{address}").status_code == 404
    days = (DAY, "2026-01-07", "2026-W02", "2025-12-01..2026-02-28")
    forms = ("", "/feed.atom", *(f"/{name}{form}" for name in days for form in ("", ".md", ".json")))
    for address in (
        "/",
        "/watches",
        *(f"/watches/{name}{form}" for name in ("races", "both") for form in forms),
    ):
        text = client.get(address).text
        assert "octo/other" not in text.lower()
        assert "race elsewhere" not in text
        assert "secret" not in text
    assert "1 commit on the last 2 days with a digest" in client.get("/watches").text
    shown = client_of(ENTRIES, only, private=frozenset({"octo/Other"}), here=True)
    assert "race elsewhere" in shown.get("/watches/secret").text
    elsewhere = {"base_url": "https://digest.example.org"}
    assert shown.get("/watches/secret", **elsewhere).status_code == 404
    assert "/sub/watches" not in Page(shown.get("/", **elsewhere).text).links


def test_another_watch_of_that_name_makes_another_page() -> None:
    watches = (RACES, Watch(name="races", words=("kernel",)), Watch(name="races", words=("race",)))
    for name in ("", "/races", f"/races/{DAY}", "/races/2026-01", "/races/feed.atom"):
        tags = {client_of(ENTRIES, watch).get(f"/watches{name}").headers["ETag"] for watch in watches}
        assert len(tags) > 1


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_pages_are_well_made(language: str) -> None:
    analysis = make_analysis(summary="<img src=x> **race**")
    subject = "race </a><script>alert(1)</script>"
    hostile = on(0, "hostile", subject=subject, author="<b>", analysis=analysis)
    client = client_of([*ENTRIES, hostile], language=language)
    for name in (
        "",
        "/races",
        f"/races/{DAY}",
        "/races/2026-01",
        "/races/2025-12-01..2026-02-28",
        "/nothing",
    ):
        page = Page(client.get(f"/watches{name}").text)
        levels = [level for level, _ in page.headings]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert (page.tags.count("script"), "img" in page.tags) == (1, False)
        assert [each for each in page.requests if each] == ["data:,"]
        assert len(page.ids) == len(set(page.ids))
