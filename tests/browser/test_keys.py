"""Moving through a day by keys, and leaving them to whoever needs them."""

import pytest
from access import violations
from builders import REPOSITORY
from chromium import Tab, tab
from city import City
from days import DAY
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
ADDRESS = f"/reports/{REPOSITORY}/{DAY}"


def at(page: Page) -> int:
    """Which article has the focus, counted from 0; -1 for none."""
    place = "() => [...document.querySelectorAll('article')].indexOf(document.activeElement)"
    return int(page.evaluate(place))


def test_keys_lead_from_commit_to_commit(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        places = []
        for key in "jjjk":
            seen.page.keyboard.press(key)
            places.append(at(seen.page))
        assert places == [0, 1, 2, 1]
        top = seen.page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert 0 <= top < 100


@pytest.mark.parametrize("key", ["o", "Enter"])
def test_keys_open_and_close_a_commit(town: City, browser: Browser, key: str) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.keyboard.press("j")
        details = seen.page.locator("article").first.locator("details").first
        seen.page.keyboard.press(key)
        expect(details).to_have_attribute("open", "")
        seen.page.keyboard.press(key)
        expect(details).not_to_have_attribute("open", "")


def test_keys_lead_to_the_day_before_and_after(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.keyboard.press("p")
        seen.page.wait_for_url("**/2026-01-06")
        seen.page.keyboard.press("n")
        seen.page.wait_for_url(f"**/{DAY}")


def test_a_key_leads_to_the_filter_where_keys_are_letters(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.keyboard.press("/")
        wanted = seen.page.get_by_role("textbox", name="Text")
        expect(wanted).to_be_focused()
        seen.page.keyboard.type("jog?")
        expect(wanted).to_have_value("jog?")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**?q=jog%3F")


def test_the_keys_are_shown_and_escape_closes_them(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.keyboard.press("j")
        seen.page.keyboard.press("?")
        dialog = seen.page.get_by_role("dialog", name="Keyboard")
        expect(dialog).to_be_visible()
        assert violations(seen.page) == []
        seen.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert at(seen.page) == 0
        seen.page.get_by_role("button", name="Keyboard").click()
        expect(dialog).to_be_visible()


def test_keys_are_turned_off_for_good(town: City, browser: Browser) -> None:
    """WCAG 2.1.4: whoever speaks to the machine, or hits a key in passing, can be rid of them."""
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        _switch(seen)
        for _ in range(2):
            seen.page.keyboard.press("j")
            assert at(seen.page) == -1
            seen.page.reload()
        _switch(seen)
        seen.page.keyboard.press("j")
        assert at(seen.page) == 0


def test_keys_of_the_browser_stay_its_own(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        for key in ("Control+j", "Alt+j", "Meta+j"):
            seen.page.keyboard.press(key)
        assert at(seen.page) == -1


def test_the_way_by_tab_begins_with_the_text(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.keyboard.press("Tab")
        skip = seen.page.get_by_role("link", name="Skip to the text")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.closest('main') !== null")


def _switch(seen: Tab) -> None:
    seen.page.get_by_role("button", name="Keyboard").click()
    seen.page.get_by_role("checkbox", name="Use these keys").click()
    seen.page.get_by_role("button", name="Close").click()
