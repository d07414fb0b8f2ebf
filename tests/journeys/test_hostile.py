"""More than thirty hostile commits, end to end: what they want happens nowhere, whatever a model answers."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from chromium import tab
from hostile_commits import CANARY, HOSTILE
from hostile_town import DATA, DAY, NAME, Town, Village, obeying, settled, texts_in
from loopback_model import valid
from planted import PLANTED
from playwright.sync_api import Browser
from reading import Page, read_markdown, words_of
from serving import serving

from analysis.importance.triage import floor, triage
from analysis.models import Importance
from analysis.storage.entry import State
from analysis.text.addresses import hide_addresses
from analysis.words import words_for
from report.anchors import SHORT
from report.templating import SCRIPT_HASH, TAGS
from workers.checkout import read_commit

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings(
        "ignore::pytest.PytestUnraisableExceptionWarning"
    ),  # sockets that litellm keeps
]
NAMES = [hostile.name for hostile in HOSTILE]
TWINS = [hostile.name for hostile in HOSTILE if hostile.neutral_text is not None]
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""What may stand in nothing that is read; joiners apart, which emoji need."""
PATIENCE = 60
"""Seconds for one commit, on a machine with other things to do."""
DIGEST = f"/reports/{NAME}/{DAY}"
FRAME = {
    *("html", "head", "meta", "title", "link", "style", "body", "a", "nav", "main", "section", "article"),
    *("h1", "h2", "h3", "h4", "table", "caption", "thead", "tbody", "tr", "th", "td", "time", "span"),
    *("dl", "dt", "dd", "details", "summary", "footer", "header", "div", "script", "svg", "rect", "b"),
    *("form", "fieldset", "legend", "label", "input", "button", "dialog", "kbd"),
}
"""The elements of our templates; a model's Markdown may have TAGS besides."""
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "rel", "href", "type", "title", "class", "id", "aria-label"),
    *("scope", "datetime", "open", "role", "aria-hidden", "aria-labelledby", "aria-current"),
    *("viewbox", "preserveaspectratio", "x", "y", "width", "height"),
    *("method", "action", "value", "placeholder", "maxlength", "autocomplete", "spellcheck", "checked"),
    *("data-light", "data-dark", "data-copy", "data-done", "data-read", "data-of"),
}
HREF = re.compile(
    rf"#[\w.-]+|/|/search|/feed\.atom|/(?:reports|commits)/{NAME}/[\w.-]+(?:#c-\w+|\?importance=\w+)?|"
    rf"data:,|/months/(?:{NAME}/)?2026-01|"
    rf"/reports/{DAY}(?:\.(?:md|json)|\?importance=\w+|#c-\w+)?|"
    r"https?://(?:github\.com|127\.0\.0\.1:\d+)/(?:commits/|reports/)?[\w./-]+"
)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Village:
    return Village.build(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module", params=["honest", "obeying"])
def town(
    request: pytest.FixtureRequest, village: Village, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp(request.param) / "var"
    with settled(folder, village, valid if request.param == "honest" else obeying) as town:
        yield town


def test_there_are_enough_of_them() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 30


@pytest.mark.parametrize("name", TWINS)
def test_words_do_not_move_the_rules(village: Village, name: str) -> None:
    attacked, harmless = (
        triage(read_commit(village.origin.remote(), shas[name])) for shas in (village.shas, village.twins)
    )
    assert attacked.importance is harmless.importance
    assert {each.rule for each in attacked.reasons} == {each.rule for each in harmless.reasons}


def test_every_commit_is_analysed_in_bounded_time(town: Town) -> None:
    assert {name: town.entry(name).state for name in NAMES} == dict.fromkeys(NAMES, State.ANALYSED)
    assert {town.entry(name).model is not None for name in NAMES} == {True}
    assert {name: taken for name, taken in town.seconds.items() if taken > PATIENCE} == {}


def test_no_commit_is_below_the_floor_of_the_rules(town: Town) -> None:
    below = []
    for name in NAMES:
        entry = town.entry(name)
        assert entry.rules
        assert entry.model
        if entry.model.importance.rank > floor(entry.rules.reasons).rank:
            below.append(name)
    assert below == []
    assert floor(_reasons(town, "orders against security")) is not Importance.LOW


def _reasons(town: Town, name: str) -> tuple:
    entry = town.entry(name)
    return entry.rules.reasons if entry.rules else ()


def test_what_git_knows_is_not_the_model_s_to_say(town: Town) -> None:
    """Whatever place an analysis names, the commit touches it."""
    for name in NAMES:
        entry = town.entry(name)
        assert entry.facts
        assert entry.model
        paths = {path for file in entry.facts.files for path in (file.path, file.old_path) if path}
        for place in (*entry.model.scope, *entry.model.risks):
            known = any(path.startswith(place.path) for path in paths) if place.path.endswith("/") else False
            assert known or place.path in paths, (name, place.path)


def test_the_markdown_keeps_its_structure(town: Town) -> None:
    text = town.get(f"{DIGEST}.md")
    found = read_markdown(text)
    assert (found.html, found.active, found.images, found.dead_links()) == ([], [], 0, [])
    assert Counter(len(row) for row in found.rows) == {3: len(NAMES) + 1}
    levels = Counter(level for level, _ in found.headings)
    assert (levels[1], levels[4]) == (1, len(NAMES))
    assert set(levels) == {1, 2, 3, 4}
    words = words_for("zh-CN")
    seconds = [said for level, said in found.headings if level == 2]
    assert seconds[-1] == NAME
    assert len(seconds) <= 4
    thirds = [said for level, said in found.headings if level == 3]
    assert thirds[:2] == [words("digest.statistics.heading"), words("digest.contents.heading")]
    tiers = Counter(entry.analysis.importance for name in NAMES if (entry := town.entry(name)).analysis)
    assert thirds[2:] == [
        words(f"digest.section.{tier}", count=tiers[tier]) for tier in Importance if tiers[tier]
    ]
    commits = {f"c-{sha[:SHORT]}" for sha in town.village.shas.values()}
    assert len(found.anchors) == len(set(found.anchors))
    assert commits <= set(found.anchors)
    assert len(found.anchors) == len(NAMES) + 2 + len(thirds[2:])
    assert [href for _, href in found.links if not HREF.fullmatch(href)] == []
    assert UNSEEN.findall(text) == []


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside of the style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.comments: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)


def assert_harmless(html: str) -> Elements:
    """Only our elements and attributes, and links that lead to us or to the repository's host."""
    elements = Elements(html)
    assert {tag for tag, _ in elements.found} <= FRAME | TAGS
    assert {name for _, attributes in elements.found for name in attributes} <= ATTRIBUTES
    hrefs = [attributes["href"] for _, attributes in elements.found if "href" in attributes]
    assert [href for href in hrefs if not HREF.fullmatch(href)] == []
    assert {attributes.get("action", "/search") for _, attributes in elements.found} <= {"/search"}
    assert elements.comments == []
    assert UNSEEN.findall(html) == []
    return elements


def test_the_page_keeps_its_structure(town: Town) -> None:
    html = town.get(DIGEST)
    elements = assert_harmless(html)
    tags = Counter(tag for tag, _ in elements.found)
    assert (tags["article"], tags["h4"], tags["tr"]) == (len(NAMES), len(NAMES), len(NAMES) + 1)
    assert (tags["h1"], tags["main"], tags["table"], tags["style"], tags["script"]) == (1, 1, 1, 1, 1)
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.requests == ["data:,"]
    assert page.forms == ["/search"]


def test_every_commit_s_page_keeps_its_structure(town: Town) -> None:
    for name, sha in town.village.shas.items():
        html = town.get(f"/commits/{NAME}/{sha}")
        elements = assert_harmless(html)
        tags = Counter(tag for tag, _ in elements.found)
        assert (tags["h1"], tags["main"], tags["style"], tags["script"]) == (1, 1, 1, 1), name


def test_pages_come_with_a_policy_that_runs_our_script_alone(town: Town) -> None:
    answer = town.reader.get(DIGEST, headers=town.token)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert f"script-src '{SCRIPT_HASH}'; connect-src 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_json_is_json_that_no_terminal_obeys(town: Town) -> None:
    text = town.get(f"{DIGEST}.json")
    (repository,) = json.loads(text)["repositories"]
    assert {commit["sha"] for commit in repository["commits"]} == set(town.village.shas.values())
    assert UNSEEN.findall(text) == []
    for name, sha in town.village.shas.items():
        text = town.get(f"/commits/{NAME}/{sha}.json")
        assert (json.loads(text)["sha"], UNSEEN.findall(text)) == (sha, []), name


def test_the_feed_is_xml_with_harmless_content(town: Town) -> None:
    text = town.get("/feed.atom")
    assert UNSEEN.findall(text) == []
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = ET.fromstring(text).findall(f"{atom}entry")  # noqa: S314 - our own
    content = entry.findtext(f"{atom}content") or ""
    assert "<ol>" in content
    assert_harmless(content)


def test_nobody_s_words_stand_outside_a_prompt_s_marks(town: Town) -> None:
    assert len(town.model.requests) >= len(NAMES)
    for request in town.model.requests:
        system, asked = (message["content"] for message in request["messages"][:2])
        assert CANARY not in system
        sections = DATA.findall(asked)
        marks = {mark for _, mark, _ in sections}
        assert len(marks) == 1
        assert asked.count(marks.pop()) == 2 * len(sections)
        assert CANARY not in DATA.sub("", asked)
        assert UNSEEN.findall(asked.replace("\r\n", "\n")) == []


def test_no_secret_is_sent_kept_or_shown(town: Town) -> None:
    secrets = {kind: secret for kind, (_, secret) in PLANTED.items()}
    sha = town.village.shas["secrets"]
    said = {
        "prompts": json.dumps([request["messages"] for request in town.model.requests]),
        "store": "\n".join(texts_in(town.shop.redis_url)),
        **{form: town.get(f"{DIGEST}{form}") for form in ("", ".md", ".json")},
        **{f"commit{form}": town.get(f"/commits/{NAME}/{sha}{form}") for form in ("", ".md", ".json")},
        "feed": town.get("/feed.atom"),
    }
    assert "[masked:github-token]" in said["prompts"]
    assert "masked:github-token" in said[".md"]
    found = [
        (place, kind) for place, text in said.items() for kind, secret in secrets.items() if secret in text
    ]
    assert found == []


def test_no_address_of_anybody_is_shown(town: Town) -> None:
    sha = town.village.shas["e-mail addresses"]
    for address in (DIGEST, f"{DIGEST}.md", f"{DIGEST}.json", f"/commits/{NAME}/{sha}"):
        text = town.get(address)
        assert "ada@example.org" not in text
        assert "someone@example.org" not in text
    assert hide_addresses("ada@example.org") != "ada@example.org"


@pytest.mark.browser
@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without the policy"])
def test_a_browser_runs_and_fetches_nothing(town: Town, browser: Browser, *, policy: bool) -> None:
    """`tests/browser/test_access.py` shows that what runs would be heard of."""
    pages = [
        DIGEST,
        *(f"/commits/{NAME}/{town.village.shas[name]}" for name in ("html in the body", "html in a path")),
    ]
    options = {"bypass_csp": not policy, "extra_http_headers": town.token}
    with serving(town.reader.application) as url, tab(browser, **options) as seen:
        for address in pages:
            seen.open(f"{url}{address}")
            shown = seen.page.content()
            assert seen.asked == [f"{url}{address}"]
            assert seen.said == []
            assert seen.page.evaluate("document.documentElement.dataset.hit") is None
            assert words_of(shown) == words_of(town.get(address))
            assert CANARY in shown
