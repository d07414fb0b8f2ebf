"""What is muted is counted like everything else, folded into one line, and shown to who asks for it."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from builders import NOON, make_entry, make_sha
from days import DAY
from flask import Flask
from flask.testing import FlaskClient
from hostile import MARKDOWN
from hypothesis import given, settings
from reading import Page, read_markdown
from roundups import LONG, make_roundup, on
from shelf import make_library

from analysis.models import FileChange, Importance
from analysis.storage.entry import DayRecord, Entry
from analysis.storage.highlights import Highlights, Told
from analysis.watching import Mute
from analysis.words import words_for
from report.data import render_json
from report.feed import render_feed
from report.highlights import basis_of
from report.html import render_html
from report.links import Links
from report.markdown import render_markdown, render_parts
from report.muting import muted_text
from report.pages import pages_blueprint
from report.parts import LIMIT, size
from report.roundup.data import render_data
from report.roundup.page import render_page
from report.roundup.text import render_text

HIGH, MEDIUM, LOW = Importance
ENGLISH, LINKS = words_for("en"), Links(base_url="https://digest.example.org")
ROBOTS = Mute(name="robots", authors=("dependabot[bot]",))
DOCS = Mute(name="docs", paths=("docs",))
ENTRIES = (
    make_entry(seed="high", subject="fix: the one thing", importance=HIGH),
    make_entry(seed="bump 1", subject="build: bump one", author="dependabot[bot]", importance=MEDIUM),
    make_entry(seed="bump 2", subject="build: bump two", author="dependabot[bot]", importance=LOW),
    make_entry(
        seed="docs",
        subject="docs: a guide",
        importance=LOW,
        files=(FileChange(path="docs/guide.md", status="M"),),
    ),
    make_entry(seed="low", subject="chore: tidy", importance=LOW),
)
MUTED = {make_sha("bump 1"): "robots", make_sha("bump 2"): "robots", make_sha("docs"): "docs"}


def day_of(entries: Any = ENTRIES, mutes: Any = (ROBOTS, DOCS), **fields: Any) -> Any:
    return make_library(entries, mutes=mutes, **fields).digest(DAY)


def client_of(entries: Any = ENTRIES, **fields: Any) -> FlaskClient:
    app = Flask(__name__)
    library = make_library(entries, **{"mutes": (ROBOTS, DOCS), "language": "en"} | fields)
    app.register_blueprint(pages_blueprint(library))
    return app.test_client()


def test_the_totals_count_what_is_muted() -> None:
    loud, quiet = day_of(mutes=()), day_of()
    assert quiet.counts == loud.counts
    assert (quiet.counts.total, quiet.counts.medium, quiet.counts.low) == (5, 1, 3)
    assert quiet.commits == loud.commits
    assert [(each.name, len(each.shas)) for each in quiet.repositories[0].folded] == [
        ("robots", 2),
        ("docs", 1),
    ]
    assert len(quiet.shown) == 2


def test_what_is_muted_takes_no_part_in_highlights_nor_in_what_can_be_skipped() -> None:
    loud, quiet = (day_of(mutes=mutes).repositories[0] for mutes in ((), (ROBOTS, DOCS)))
    spoken = {sha for item in loud.highlights for sha in item.shas}
    assert make_sha("bump 1") in spoken
    for part in (quiet.highlights, quiet.skippable):
        assert MUTED.keys().isdisjoint(sha for item in part for sha in item.shas)
    assert [sha for each in quiet.skippable for sha in each.shas] == [make_sha("low")]


def test_what_a_model_told_of_a_muted_commit_is_left_out() -> None:
    told = Highlights(
        basis=basis_of(ENTRIES),
        language="zh-CN",
        items=(
            Told(shas=(make_sha("bump 1"), make_sha("high")), headline="muted"),
            Told(shas=(make_sha("high"), make_sha("bump 1")), headline="told"),
        ),
        made_at=NOON,
        model="a/big",
    )
    record = DayRecord(repository="octo/engine", day=DAY, revision=1, highlights=told)
    (part,) = day_of(closed=[record]).repositories
    assert [(item.headline, item.shas) for item in part.highlights] == [("told", (make_sha("high"),))]
    assert part.told


def test_where_a_model_told_of_nothing_else_the_rules_speak() -> None:
    items = (Told(shas=(make_sha("bump 1"),), headline="muted"),)
    told = Highlights(basis=basis_of(ENTRIES), language="zh-CN", items=items, made_at=NOON, model="a/big")
    record = DayRecord(repository="octo/engine", day=DAY, revision=1, highlights=told)
    (part,) = day_of(closed=[record]).repositories
    assert (part.told, [item.sha for item in part.highlights]) == (None, [make_sha("high")])


def test_what_is_of_high_importance_is_not_folded_unless_that_is_asked_for() -> None:
    entries = [make_entry(seed=seed, author="bot", importance=HIGH) for seed in range(3)]
    assert day_of(entries, [Mute(authors=("bot",))]).repositories[0].folded == ()
    assert len(day_of(entries, [Mute(authors=("bot",), importance=(HIGH,))]).shown) == 0


def test_the_page_folds_it_into_one_line_that_opens() -> None:
    page = client_of().get(f"/reports/{DAY}").text
    (fold,) = re.findall(r'<details class="muted">.*?</details>', page, re.DOTALL)
    assert "3 muted: robots 2, docs 1" in fold
    for sha in MUTED:
        assert f'href="/sub/commits/octo/engine/{sha}"' in fold
        assert page.count(f'id="c-{sha[:7]}"') == 1
    assert page.count("<article") == 2
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count("<tr>") == 5
    assert dead(Page(page)) == []


def test_a_filter_shows_what_it_matches() -> None:
    page = client_of().get(f"/reports/{DAY}?author=dependabot").text
    assert (page.count("<article"), "muted" in page.partition("<main")[2]) == (2, False)
    data = client_of().get(f"/reports/{DAY}.json?author=dependabot").get_json()
    assert [commit["muted"] for commit in data["repositories"][0]["commits"]] == ["robots", "robots"]


def test_the_json_names_the_mute_of_each_commit() -> None:
    (part,) = json.loads(render_json(day_of(), LINKS))["repositories"]
    assert {commit["sha"]: commit["muted"] for commit in part["commits"] if commit["muted"]} == MUTED
    assert len(part["commits"]) == part["landed"] == 5
    client = client_of()
    for entry in ENTRIES:
        data = client.get(f"/commits/octo/engine/{entry.sha}.json").get_json()
        assert data["muted"] == MUTED.get(entry.sha)


def test_the_markdown_folds_it_as_github_does() -> None:
    text = render_markdown(day_of(), ENGLISH, LINKS)
    assert "<details>\n<summary>3 muted: robots 2, docs 1</summary>\n\n- <a id=" in text
    assert text.index("<details>") > text.index("chore: tidy")
    found = read_markdown(text)
    assert [title for level, title in found.headings if level == 4] == ["fix: the one thing", "chore: tidy"]
    assert found.dead_links() == []
    assert "> Commits: 5 | 🔴 High 1 | 🟡 Medium 1 | 🟢 Low 3" in text
    assert "<details>" not in render_markdown(day_of(mutes=()), ENGLISH, LINKS)


def test_a_day_of_nothing_but_what_is_muted() -> None:
    digest = day_of(ENTRIES[1:4])
    assert digest.repositories[0].highlights == ()
    page = render_html(digest, ENGLISH, LINKS)
    assert ("3 muted" in page, page.count("<article"), 'class="highlights"' in page) == (True, 0, False)
    assert read_markdown(render_markdown(digest, ENGLISH, LINKS)).dead_links() == []


def test_the_feed_folds_it_too() -> None:
    feed = ET.fromstring(render_feed([day_of()], ENGLISH, LINKS))  # noqa: S314 - our own output
    content = feed.findtext(".//{http://www.w3.org/2005/Atom}content", "")
    assert "3 muted: robots 2, docs 1" in content
    assert "<ol>" in content
    assert "bump" not in content.partition("</ol>")[0]


@settings(max_examples=60, deadline=None)
@given(MARKDOWN)
def test_hostile_subjects_and_names_stay_text(text: str) -> None:
    mute = Mute.model_construct(name=f"x {text}", authors=("bot",))
    digest = day_of([make_entry(), make_entry(seed=2, author="bot", subject=text, importance=LOW)], [mute])
    found = read_markdown(render_markdown(digest, ENGLISH, LINKS))
    assert [level for level, _ in found.headings] == [1, 2, 3, 3, 3, 4]
    assert (len(found.html), found.active, found.images) == (2, [], 0)
    assert found.dead_links() == []
    page = Page(render_html(digest, ENGLISH, LINKS))
    assert page.tags.count("script") == 0
    assert dead(page) == page.requests[1:] == []


def dead(page: Page) -> list[str]:
    return [href for href in page.links if href.startswith("#") and href[1:] not in page.ids]


def test_a_name_in_the_line_pings_nobody() -> None:
    mute = Mute(name="@team & <b> #12", authors=("bot",))
    text = render_markdown(day_of([make_entry(author="bot", importance=LOW)], [mute]), ENGLISH, LINKS)
    assert "<summary>1 muted: <code>@team</code> &amp; &lt;b&gt; <code>#12</code> 1</summary>" in text


# Ranges


def spread() -> list[Entry]:
    return [
        on(0, "high", subject="fix: the one thing", importance=HIGH),
        *(on(day, ("bump", day), author="dependabot[bot]", importance=MEDIUM) for day in range(3)),
        on(1, "docs", importance=LOW, files=(FileChange(path="docs/a.md", status="M"),)),
    ]


def test_a_range_counts_and_folds_it() -> None:
    loud, quiet = (make_roundup(spread(), mutes=mutes) for mutes in ((), (ROBOTS, DOCS)))
    assert (quiet.counts, quiet.days) == (loud.counts, loud.days)
    assert {sha for item in quiet.highlights for sha in item.shas} == {make_sha("high")}
    page = render_page(quiet, ENGLISH, LINKS)
    assert ("4 muted: robots 3, docs 1" in page, page.count("<article")) == (True, 1)
    text = render_text(quiet, ENGLISH, LINKS)
    assert "<summary>4 muted: robots 3, docs 1</summary>" in text
    assert read_markdown(text).dead_links() == dead(Page(page)) == []
    commits = json.loads(render_data(quiet, LINKS))["repositories"][0]["commits"]
    assert sorted(filter(None, (commit["muted"] for commit in commits))) == ["docs", *["robots"] * 3]


def test_a_filtered_range_shows_what_it_matches() -> None:
    roundup = make_roundup(spread(), mutes=(ROBOTS, DOCS), query={"author": "dependabot"})
    page = render_page(roundup, ENGLISH, LINKS)
    assert ("muted" in page.partition("<main")[2], page.count("<article")) == (False, 3)
    commits = json.loads(render_data(roundup, LINKS))["repositories"][0]["commits"]
    assert [commit["muted"] for commit in commits] == ["robots"] * 3


def test_of_a_long_range_what_would_be_listed_is_folded() -> None:
    entries = [on(day, day, author="bot" if day else "Ada", importance=HIGH) for day in range(4)]
    roundup = make_roundup(
        entries, span=LONG, mutes=[Mute(name="loud", authors=("bot",), importance=(HIGH,))]
    )
    text = render_text(roundup, ENGLISH, LINKS)
    assert (roundup.counts.high, "<summary>3 muted: loud 3</summary>" in text) == (4, True)
    assert "more in 2026-01" not in text
    assert {sha for item in roundup.highlights for sha in item.shas} == {make_sha(0)}
    assert read_markdown(text).dead_links() == []


@pytest.mark.parametrize("form", ["", ".md", ".json"])
@pytest.mark.parametrize("place", [f"{DAY}", "2026-W02"])
def test_another_mute_makes_another_page(place: str, form: str) -> None:
    clients = [client_of(mutes=mutes) for mutes in ((), (ROBOTS,), (DOCS,))]
    assert len({client.get(f"/reports/{place}{form}").headers["ETag"] for client in clients}) == 3


def test_the_line_reads_well_in_both_languages() -> None:
    (part,) = day_of().repositories
    assert muted_text(part.muted, ENGLISH) == "3 muted: robots 2, docs 1"
    assert muted_text(part.muted, words_for("zh-CN")) == "已静音 3 个：robots 2、docs 1"


def test_many_muted_commits_are_folded_so_that_github_takes_them_in_parts() -> None:
    subjects = ("*" * 400, "build: bump", "@octocat " * 60)
    entries = [
        make_entry(seed=n, subject=subjects[n % 3], author="dependabot[bot]", importance=LOW)
        for n in range(500)
    ]
    digest = day_of((ENTRIES[0], *entries), mutes=(ROBOTS,))
    parts = render_parts(digest, ENGLISH, LINKS)
    assert max(map(size, parts)) <= LIMIT
    folds = [
        fold for part in parts for fold in re.findall(r"<summary>(\d+) muted: robots \1</summary>", part)
    ]
    assert sum(map(int, folds)) == len(entries)
    found = [sha for part in parts for sha in re.findall(r"^- <a id=.*\[`(\w{7})`\]", part, re.MULTILINE)]
    assert sorted(found) == sorted(entry.sha[:7] for entry in entries)
