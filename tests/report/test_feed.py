from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from atom import faults
from builders import NOON, REPOSITORY, make_analysis, make_entry
from days import CALENDAR, DAY, make_day
from filled import fill
from flask import Flask
from flask.testing import FlaskClient
from hostile import MARKDOWN
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.models import Importance
from analysis.storage.ledger import Ledger
from analysis.watching import Watch
from analysis.words import words_for
from report.feed import render_feed, render_watch_feed
from report.library import Library
from report.links import Links
from report.pages import pages_blueprint

LINKS = Links(base_url="https://digest.example.org/sub")
WORDS = words_for("zh-CN")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = (
    "a\x00\x0b\x1b[31m b",
    "\u202eevil\u2066 \u200bhidden\ufeff\ufffe",
    "]]> <![CDATA[ x ]]> <!-- --> <?xml ?>",
    "🧵👩‍👩‍👧 emoji \U0001f3f4\U000e0067\U000e007f",
    "<script>alert(1)</script><a href=/x onclick=y>&amp;&#0;&unknown;",
    "[x](/relative) ![y](relative.png) <img src=x> **open",
    "  ",
)


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own output


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("repository", [None, REPOSITORY])
@pytest.mark.parametrize(
    "base_url",
    ["https://digest.example.org/sub", "http://127.0.0.1:8000", "http://[::1]:8000", "https://例.example"],
)
def test_a_feed_is_valid_for_all_and_for_one_repository(
    language: Any, repository: str | None, base_url: str
) -> None:
    days = [
        make_day([make_entry(), make_entry(seed=2, facts=None, analysis=None)], day=DAY, language=language),
        make_day([], day=DAY - timedelta(days=1), language=language),
        make_day(
            [make_entry(seed=3, importance=Importance.LOW)], day=DAY - timedelta(days=2), language=language
        ),
    ]
    for shown in (days, days[:1], []):
        text = render_feed(shown, words_for(language), Links(base_url=base_url), repository)
        assert faults(text) == []
        assert parse(text).get("{http://www.w3.org/XML/1998/namespace}lang") == language


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_others_wrote_breaks_no_feed(text: str, language: Any) -> None:
    entries = [
        make_entry(seed=1, subject=text, author=text),
        make_entry(seed=2, subject=text, analysis=None),
        make_entry(seed=3, subject=text, analysis=make_analysis(summary=text, advice=(text,), risks=())),
    ]
    feed = render_feed([make_day(entries, language=language)], words_for(language), LINKS)
    assert faults(feed) == []
    assert not set("\u202e\u2066\u200b\ufeff\x1b") & set(feed)


@settings(max_examples=60, deadline=None)
@given(MARKDOWN, st.text(max_size=20))
def test_no_text_breaks_a_feed(markdown: str, subject: str) -> None:
    entry = make_entry(
        subject=subject + markdown, analysis=make_analysis(summary=markdown, advice=(markdown,))
    )
    assert faults(render_feed([make_day([entry])], WORDS, LINKS)) == []


VALID = render_feed([make_day([make_entry()]), make_day([], day=DAY - timedelta(days=1))], WORDS, LINKS)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("<title>", "<title>one</title><title>", "Extra element title"),
        ("</author>", "</author><born>1970</born>", "extra content: born"),
        ('type="html"', 'type="script"', "Invalid attribute type"),
        ("+00:00<", "<", "no date of RFC 3339"),
        ("<updated>2026-01-09T16", "<updated>2026-01-09 16", "doesn't allow value"),
        ("<updated>2026-01-08T16", "<updated>2027-01-08T16", "not updated with its newest entry"),
        ("<published>2026-01-08T16", "<published>2026-01-10T16", "updated before it was published"),
        ("<published>2026-01-09T16", "<published>2026-01-07T16", "newest entry is not the first"),
        ("reports/2026-01-08</id>", "reports/2026-01-09</id>", "two of the same id"),
        ("<id>tag:", "<id>", "no absolute IRI"),
        ('rel="self"', 'rel="related"', "not one link that is self"),
        (
            'href="https://digest.example.org/sub/reports/2026-01-09"',
            'href="/reports/2026-01-09"',
            "no absolute",
        ),
        ("https://digest.example.org/sub/commits", "/commits", "no absolute address in the content"),
        ("&lt;/ol&gt;", "", "never closed: ol"),
        ("&lt;ol&gt;", "&lt;ol onclick=x&gt;", "acts: ol"),
        ("<name>每日更新</name>", "<name/>", "nobody is the author"),
        (' xml:lang="zh-CN"', "", "its language"),
        ("</feed>", "", "no XML"),
    ],
)
def test_the_validator_sees_what_is_wrong(old: str, new: str, why: str) -> None:
    assert faults(VALID) == []
    assert old in VALID
    assert why in " ".join(faults(VALID.replace(old, new)))


def test_a_feed_has_what_rfc_4287_asks_for() -> None:
    feed = parse(render_feed([make_day([make_entry()])], WORDS, LINKS))
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in [feed, *feed.findall("a:entry", ATOM)]:
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"a:{name}", ATOM)
            assert found.text
        assert datetime.fromisoformat(element.findtext("a:updated", "", ATOM)).utcoffset() is not None
        assert element.find("a:link[@rel='alternate']", ATOM) is not None
    assert feed.findtext("a:author/a:name", None, ATOM)
    assert feed.find("a:link[@rel='self']", ATOM) is not None


def test_an_entry_keeps_its_id_when_its_day_changes() -> None:
    before = make_day([make_entry(seed=1)])
    after = make_day(
        [make_entry(seed=1), make_entry(seed=2)], closed_at=datetime(2026, 1, 9, 16, 10, tzinfo=UTC)
    )
    one, two = (parse(render_feed([day], WORDS, LINKS, "octo/engine")) for day in (before, after))
    expected = "tag:digest.example.org,2026-01-01:reports/octo/engine/2026-01-09"
    assert one.findtext("a:entry/a:id", None, ATOM) == two.findtext("a:entry/a:id", None, ATOM) == expected
    updated = [feed.findtext("a:entry/a:updated", "", ATOM) for feed in (one, two)]
    assert updated == ["2026-01-09T16:00:00+00:00", "2026-01-09T16:10:00+00:00"]
    published = [feed.findtext("a:entry/a:published", "", ATOM) for feed in (one, two)]
    assert published == ["2026-01-09T16:00:00+00:00"] * 2


def test_a_feed_of_no_days_is_valid_too() -> None:
    feed = parse(render_feed([], WORDS, LINKS))
    assert feed.findtext("a:updated", None, ATOM) == "1970-01-01T00:00:00+00:00"


def test_the_same_days_give_the_same_bytes() -> None:
    days = [make_day([make_entry()])]
    assert render_feed(days, WORDS, LINKS) == render_feed(days, WORDS, LINKS)


def test_an_address_without_a_name_gives_a_valid_tag() -> None:
    feed = parse(render_feed([], WORDS, Links(base_url="http://[::1]:8000")))
    assert feed.findtext("a:id", None, ATOM) == "tag:localhost,2026-01-01:feed"


def test_the_content_is_the_highlights_as_clean_html() -> None:
    entry = make_entry(subject="<script>alert(1)</script>")
    feed = parse(render_feed([make_day([entry])], WORDS, LINKS))
    content = feed.findtext("a:entry/a:content", "", ATOM)
    assert "<ol>" in content
    assert "<script" not in content
    assert f"https://digest.example.org/sub/commits/octo/engine/{entry.sha}" in content


def client_of(ledger: Ledger, **fields: Any) -> FlaskClient:
    app = Flask(__name__)
    defaults: dict[str, Any] = {
        "public_url": "https://d.example/sub",
        "clock": lambda: NOON + timedelta(days=3),
    }
    app.register_blueprint(pages_blueprint(Library(ledger, CALENDAR, **defaults | fields)))
    return app.test_client()


@pytest.mark.parametrize("path", ["/feed.atom", f"/reports/{REPOSITORY}/feed.atom"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_new_revision_of_a_day_updates_its_entry_in_place(ledger: Ledger, path: str, language: str) -> None:
    later = {"day": DAY + timedelta(days=1), "landed_at": NOON + timedelta(days=1)}
    fill(ledger, [make_entry(seed=1), make_entry(seed=2, **later)])
    client = client_of(ledger, language=language)
    assert ledger.close(ledger.day_record(REPOSITORY, DAY), "as it was", NOON + timedelta(days=1)) == 1
    before = client.get(path)
    assert faults(before.text) == []
    unchanged = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    fill(ledger, [make_entry(seed=3)])
    assert ledger.close(ledger.day_record(REPOSITORY, DAY), "and one more", NOON + timedelta(days=2)) == 2
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, faults(after.text)) == (200, [])
    kept, moved = ("a:id", "a:published", "a:title"), ("a:updated", "a:summary", "a:content")
    old, new = (parse(each.text).findall("a:entry", ATOM)[1] for each in (before, after))
    assert [old.findtext(name, "", ATOM) for name in kept] == [new.findtext(name, "", ATOM) for name in kept]
    assert all(old.findtext(name, "", ATOM) != new.findtext(name, "", ATOM) for name in moved)
    assert new.findtext("a:updated", "", ATOM) == (NOON + timedelta(days=2)).isoformat()
    assert (
        len(parse(before.text).findall("a:entry", ATOM))
        == len(parse(after.text).findall("a:entry", ATOM))
        == 2
    )


def test_a_feed_leads_to_the_days_and_to_what_it_is_the_feed_of(ledger: Ledger) -> None:
    fill(ledger, [make_entry()])
    feed = parse(client_of(ledger).get(f"/reports/{REPOSITORY}/feed.atom").text)
    base = f"https://d.example/sub/reports/{REPOSITORY}"
    hrefs = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert hrefs == {"self": f"{base}/feed.atom", "alternate": base}
    link = feed.find("a:entry/a:link", ATOM)
    assert link is not None
    assert link.get("href") == f"{base}/{DAY}"


def test_the_title_of_an_entry_is_the_first_highlight_of_its_day() -> None:
    days = [
        make_day([make_entry(analysis=make_analysis(summary="Drops `--old` *for* good. More."))]),
        make_day([make_entry(seed=2, importance=Importance.LOW)], day=DAY - timedelta(days=1)),
    ]
    titles = [each.text for each in parse(render_feed(days, WORDS, LINKS)).findall("a:entry/a:title", ATOM)]
    assert titles == [f"{DAY} 🔴 Drops --old *for* good", f"每日更新报告（{DAY - timedelta(days=1)}）"]


def test_the_title_of_a_watch_s_entry_is_the_commit_that_matters_most() -> None:
    watch = Watch(name="all", repositories=(REPOSITORY,))
    low = make_entry(seed=2, subject="docs: `x`", importance=Importance.LOW)
    days = [
        make_day([low, make_entry(seed=1, subject="fix: one")]),
        make_day([make_entry(analysis=None, facts=None)]),
    ]
    titles = [
        each.text
        for each in parse(render_watch_feed(days, WORDS, LINKS, watch)).findall("a:entry/a:title", ATOM)
    ]
    assert titles == [f"{DAY} 🔴 fix: one", f"all（{DAY}）"]
