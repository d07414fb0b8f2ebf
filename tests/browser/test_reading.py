"""Reading a day: what opens in place, what is printed, copied, and there without the script."""

import pytest
import seed
from builders import REPOSITORY, make_sha
from chromium import PHONE, tab
from city import SEED, City
from days import DAY
from playwright.sync_api import Browser, Page, expect
from processes import ask

pytestmark = pytest.mark.browser
ADDRESS = f"/reports/{seed.REPOSITORY}/{DAY}"
ENGINE = f"/reports/{REPOSITORY}/{DAY}"
MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(each);
  return animationName !== "none" || parseFloat(transitionDuration) || scrollBehavior !== "auto";
}).length"""
FOLDED = "漂移"
"""A word of the seed that stands in what is folded only."""


def folded(page: Page) -> list[bool]:
    """Of everything that is folded, but for the form of the filter, whether it can be seen."""
    inside = "(all) => all.map((each) => each.lastElementChild.checkVisibility())"
    found: list[bool] = page.locator("main details:not([open], .filter details)").evaluate_all(inside)
    return found


def test_a_link_to_a_commit_opens_it(town: City, browser: Browser) -> None:
    anchor = f"c-{make_sha('chinese')[:7]}"
    with tab(browser) as seen:
        seen.open(town.url(f"{ENGINE}#{anchor}"))
        expect(seen.page.locator(f"#{anchor} details")).to_have_attribute("open", "")
        assert seen.page.locator("details[open]").count() == 1
        expect(seen.page.locator(f"#{anchor}")).to_be_in_viewport()


def test_what_is_folded_is_there_for_print_and_for_search(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url(ADDRESS))
        seen.page.set_viewport_size(PHONE)
        assert FOLDED in (seen.page.locator("main").text_content() or "")
        assert True not in folded(seen.page)
        seen.page.emulate_media(media="print")
        assert len(folded(seen.page)) > 5
        assert False not in folded(seen.page)
        expect(seen.page.locator(".bar")).to_be_hidden()
        assert seen.page.pdf().startswith(b"%PDF")


def test_without_the_script_everything_can_be_read(town: City, browser: Browser) -> None:
    with tab(browser) as scripted, tab(browser, java_script_enabled=False) as plain:
        for seen in (scripted, plain):
            seen.open(town.url(ADDRESS))
        assert plain.page.locator("main").text_content() == scripted.page.locator("main").text_content()
        assert plain.page.locator(".scripted:visible").count() == 0
        rest = plain.page.locator("article details").first
        rest.locator("summary").click()
        expect(rest).to_have_attribute("open", "")
        assert plain.said == []


def test_a_day_is_copied_as_markdown(town: City, browser: Browser) -> None:
    with tab(browser, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.open(town.url(ADDRESS))
        button = seen.page.get_by_role("button", name="Copy as Markdown")
        button.click()
        expect(seen.page.get_by_role("button", name="Copied")).to_be_visible()
        kept = seen.page.evaluate("navigator.clipboard.readText()")
        assert kept == _served(town, f"{ADDRESS}.md")
        seen.page.locator("article").first.get_by_role("button", name="Copy").click()
        expect(seen.page.get_by_role("button", name="Copied")).to_have_count(2)
        assert SEED[2].sha[:7] in seen.page.evaluate("navigator.clipboard.readText()")


def test_where_copying_is_impossible_the_markdown_is_shown(town: City, browser: Browser) -> None:
    """As on a host that has no certificate: there is no clipboard."""
    with tab(browser) as seen:
        seen.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        seen.open(town.url(ADDRESS))
        seen.page.get_by_role("button", name="Copy as Markdown").click()
        seen.page.wait_for_url(f"**{ADDRESS}.md")
        assert "# " in seen.page.inner_text("body")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves(town: City, browser: Browser, motion: str) -> None:
    with tab(browser, reduced_motion=motion) as seen:
        seen.open(town.url(ADDRESS))
        assert seen.page.evaluate(MOVING) == 0


def test_monday_leads_to_the_weekend_and_a_range_to_its_neighbours(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        page = seen.page
        seen.open(town.url(f"/reports/{REPOSITORY}/2026-01-12"))
        page.get_by_role("link", name="Friday to Sunday").click()
        page.wait_for_url(f"**/reports/{REPOSITORY}/2026-01-09..2026-01-11")
        page.get_by_role("link", name="2026-01-12..2026-01-14").click()
        page.get_by_role("link", name="2026-01-09..2026-01-11").click()
        page.wait_for_url("**/2026-01-09..2026-01-11")
        page.locator("article a.sha").first.click()
        page.wait_for_url("**/commits/**")
        assert seen.said == []


def _served(town: City, path: str) -> str:
    port = int(town.url("").rpartition(":")[2])
    return ask(port, "GET", path).text
