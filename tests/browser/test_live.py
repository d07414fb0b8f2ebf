"""A page that is open while its day is analysed."""

import pytest
from builders import REPOSITORY
from chromium import tab
from city import OPEN_DAY, WAITING, City
from days import DAY
from landings import analyse
from playwright.sync_api import Browser, expect

from analysis.storage.leases import Leases

pytestmark = pytest.mark.browser
ADDRESS = f"/reports/{REPOSITORY}/{OPEN_DAY}"
POLL = 10_000
"""Milliseconds, while something waits."""


def test_it_is_brought_up_to_date_and_the_reader_stays_where_he_is(town: City, browser: Browser) -> None:
    leases = Leases(town.ledger)
    with tab(browser) as seen:
        page = seen.page
        page.clock.install()
        seen.open(town.url(ADDRESS))
        page.evaluate("window.here = true")
        progress, news = page.locator(".progress"), page.locator("#news")
        expect(progress).to_have_text("12 of 15 analysed")
        for _ in range(6):
            page.keyboard.press("j")
        page.keyboard.press("o")
        sha = page.evaluate("document.activeElement.id")
        top = page.evaluate("document.activeElement.getBoundingClientRect().top")

        analyse(leases, WAITING[0])
        page.clock.run_for(POLL)
        expect(progress).to_have_text("13 of 15 analysed")
        expect(news).to_have_text("13 of 15 analysed")
        assert page.evaluate("document.activeElement.id") == sha
        assert abs(page.evaluate("document.activeElement.getBoundingClientRect().top") - top) < 1
        expect(page.locator(f"#{sha} details")).to_have_attribute("open", "")
        assert page.locator("details[open]").count() == 1

        for name in WAITING[1:]:
            analyse(leases, name)
        page.clock.run_for(POLL)
        expect(progress).to_have_count(0)
        expect(news).to_contain_text("15/15 analysed")
        assert page.evaluate("window.here")
        seen.asked.clear()
        page.clock.run_for(12 * POLL)
        assert seen.asked == []
        assert seen.said == []


def test_a_day_that_is_complete_is_not_asked_for_again(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.page.clock.install()
        seen.open(town.url(f"/reports/{DAY}"))
        seen.page.clock.run_for(30 * POLL)
        assert seen.asked == [town.url(f"/reports/{DAY}")]
