from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from builders import make_entry
from days import make_day

from analysis.words import words_for
from report.feed import render_feed
from report.links import Links

LINKS = Links(base_url="https://digest.example.org/sub")
WORDS = words_for("zh-CN")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own output


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
    assert updated == ["2026-01-09T04:00:00+00:00", "2026-01-09T16:10:00+00:00"]


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
