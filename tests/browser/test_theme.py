"""Light and dark, as the system has it or as the reader wants it."""

import pytest
from chromium import tab
from city import City
from days import DAY
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
ADDRESS = f"/reports/{DAY}"
LIGHT, DARK = "rgb(253, 253, 251)", "rgb(21, 23, 26)"


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("script", [True, False], ids=["with the script", "without it"])
def test_a_page_is_as_the_system_is(town: City, browser: Browser, *, script: bool) -> None:
    with tab(browser, color_scheme="dark", java_script_enabled=script) as seen:
        seen.open(town.url(ADDRESS))
        assert paper(seen.page) == DARK
        seen.page.emulate_media(color_scheme="light")
        assert paper(seen.page) == LIGHT


def test_the_button_goes_round_and_is_remembered(town: City, browser: Browser) -> None:
    with tab(browser, color_scheme="dark") as seen:
        seen.open(town.url(ADDRESS))
        button = seen.page.locator("#theme")
        expect(button).to_have_text("Theme: system")
        for name, colour in [("light", LIGHT), ("dark", DARK)]:
            button.click()
            expect(button).to_have_text(f"Theme: {name}")
            assert paper(seen.page) == colour
            seen.open(town.url("/"))
            expect(button).to_have_text(f"Theme: {name}")
            assert paper(seen.page) == colour
        button.click()
        expect(button).to_have_text("Theme: system")
        seen.page.emulate_media(color_scheme="light")
        seen.page.reload()
        assert paper(seen.page) == LIGHT


def test_paper_is_always_light(town: City, browser: Browser) -> None:
    with tab(browser, color_scheme="dark") as seen:
        seen.open(town.url(ADDRESS))
        seen.page.locator("#theme").click(click_count=2)
        seen.page.emulate_media(media="print")
        assert paper(seen.page) == LIGHT
