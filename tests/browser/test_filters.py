"""Choosing commits by clicking and typing, with the script and without it."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import REPOSITORY
from chromium import Tab, tab
from city import City
from days import DAY
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
ADDRESS = f"/reports/{REPOSITORY}/{DAY}"


def chosen(page: Page) -> dict[str, str]:
    """The conditions in the address, without those that are empty."""
    return {name: value for name, value in parse_qsl(urlsplit(page.url).query) if value}


def shown(page: Page) -> list[str]:
    """The subjects of the commits that are listed."""
    return page.locator("article h4").all_inner_texts()


def choose(seen: Tab, town: City) -> None:
    seen.open(town.url(ADDRESS))
    seen.page.locator(".filter summary").click()
    seen.page.get_by_role("checkbox", name="Medium").check()
    seen.page.get_by_role("textbox", name="Path").fill("engine/part_7")
    seen.page.get_by_role("button", name="Filter").click()


@pytest.mark.parametrize("script", [True, False], ids=["with the script", "without it"])
def test_conditions_are_typed_and_dropped_one_by_one(town: City, browser: Browser, *, script: bool) -> None:
    with tab(browser, java_script_enabled=script) as seen:
        page = seen.page
        choose(seen, town)
        assert chosen(page) == {"importance": "medium", "path": "engine/part_7"}
        assert len(shown(page)) == 1
        page.get_by_role("link", name="Path engine/part_7").click()
        assert chosen(page) == {"importance": "medium"}
        assert len(shown(page)) == 3
        expect(page.get_by_role("checkbox", name="Medium")).to_be_checked()
        page.get_by_role("link", name="Clear all").click()
        assert page.url == town.url(ADDRESS)
        assert len(shown(page)) > 3
        assert seen.said == []


def test_the_address_can_be_kept_and_holds_nothing_empty(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        choose(seen, town)
        kept, found = seen.page.url, shown(seen.page)
        assert "author" not in kept
    with tab(browser) as later:
        later.open(kept)
        assert shown(later.page) == found


def test_a_tier_of_the_legend_is_a_filter(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.locator(".summary .legend a", has_text="Low").click()
        assert chosen(seen.page) == {"importance": "low"}
        assert "修复：空请求不再让服务退出" in shown(seen.page)


def test_what_nothing_fits_says_so_and_leads_back(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(f"{ADDRESS}?q=nobody+wrote+this"))
        expect(seen.page.get_by_text("No commit fits.")).to_be_visible()
        seen.page.get_by_role("link", name="Clear all").click()
        assert shown(seen.page)
