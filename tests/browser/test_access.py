"""Every kind of page is for everybody, says nothing on the console and asks nobody for anything."""

from collections.abc import Iterator

import pytest
from access import THEMES, mislabelled, problems
from chromium import Tab, tab
from city import KINDS, LANGUAGES, City, Kind
from hostile_commits import HIT
from playwright.sync_api import Browser, Route

from analysis.language import Language

pytestmark = pytest.mark.browser
CARELESS = f"""<!doctype html><html lang="en"><title>Careless</title><main><h1>One</h1><h3>Two</h3>
<h1 style="color: #ccc">Three</h1><p style="width: 800px">Wide<a href="#" style="outline: none">x</a>
<img src="http://hit.example/p.png"><script>{HIT};console.warn("said")</script></main>"""


@pytest.fixture(scope="module")
def seen(browser: Browser) -> Iterator[Tab]:
    """One tab for all: Chromium reads axe once."""
    with tab(browser) as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_page_is_for_everybody(town: City, seen: Tab, kind: Kind, language: Language) -> None:
    url = town.url(kind.path, language, kind.place)
    if kind.status == 401:
        seen.page.route(url, _without_its_question)
    assert seen.open(url).status == kind.status
    assert seen.page.get_attribute("html", "lang") == language
    assert seen.asked == [url]
    assert "hostile" in kind.name or mislabelled(seen.page) == []
    themes = THEMES if kind.main else [THEMES[LANGUAGES.index(language)]]
    assert list(problems(seen, on_a_phone=kind.main, themes=themes)) == []
    assert seen.page.evaluate("document.documentElement.dataset.hit") is None
    assert {*seen.asked} == {url}  # a day in progress has asked for itself again
    assert _unexpected(seen, kind, url) == []


def test_what_is_wrong_with_a_page_is_found(browser: Browser) -> None:
    """What the test above rests on."""
    with tab(browser) as seen:
        seen.page.set_content(CARELESS)
        found = "\n".join(problems(seen))
        for problem in ("color-contrast", "image-alt", "no focus", "wider", "first heading", "skipped"):
            assert problem in found
        assert seen.page.evaluate("document.documentElement.dataset.hit") == "1"
        assert {*seen.asked} == {"http://hit.example/p.png", "http://hit.example/x"}
        assert any("said" in line for line in seen.said)


def _without_its_question(route: Route) -> None:
    """As a reader sees it who is asked for a password and gives none."""
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "www-authenticate"}
    route.fulfill(response=answer, headers=headers)


def _unexpected(seen: Tab, kind: Kind, url: str) -> list[str]:
    """What was said, but for what Chromium says of every page that is an error."""
    return [line for line in seen.said if kind.status == 200 or url not in line]
