"""The front page remembers how far its reader came."""

from datetime import date

import pytest
from chromium import tab
from city import A_DAY, REPOSITORY, City
from days import DAY
from playwright.sync_api import Browser, expect

from analysis.words import Language
from report.roundup.span import LONGEST

pytestmark = pytest.mark.browser


def test_the_front_page_leads_to_what_came_since_the_last_reading(town: City, browser: Browser) -> None:
    with tab(browser) as reader:
        reader.open(town.url("/"))
        link = reader.page.locator("#since")
        newest = link.get_attribute("data-to")
        expect(link).to_be_hidden()
        reader.open(town.url(f"/reports/{DAY}"))
        reader.open(town.url(f"/reports/{DAY - A_DAY}"))  # an older day forgets nothing
        reader.open(town.url(f"/reports/{DAY + A_DAY}?importance=high"))  # and a part of one is not all of it
        reader.open(town.url("/"))
        expect(link).to_be_visible()
        assert link.get_attribute("href") == f"/reports/{DAY + A_DAY}..{newest}"


def test_a_repository_is_remembered_by_itself(town: City, browser: Browser) -> None:
    with tab(browser) as reader:
        reader.open(town.url(f"/reports/{REPOSITORY}/2026-W02"))
        reader.open(town.url("/"))
        expect(reader.page.locator("#since")).to_be_hidden()
        reader.open(town.url(f"/reports/{REPOSITORY}"))
        link = reader.page.locator("#since")
        assert (link.get_attribute("href") or "").startswith(f"/reports/{REPOSITORY}/2026-01-12..")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Since you last read: the newest 366 days"), ("zh-CN", "上次阅读以来的最近 366 天")],
)
def test_no_link_asks_for_more_days_than_a_range_may_have(
    town: City, browser: Browser, language: Language, said: str
) -> None:
    with tab(browser) as reader:
        for days in (LONGEST, LONGEST + 1, 5 * LONGEST):
            reader.open(town.url("/", language))
            link = reader.page.locator("#since")
            newest = date.fromisoformat(link.get_attribute("data-to") or "")
            reader.page.evaluate("day => localStorage.setItem('read ', day)", str(newest - days * A_DAY))
            reader.open(town.url("/", language))
            first = newest - (LONGEST - 1) * A_DAY
            assert link.get_attribute("href") == f"/reports/{first}..{newest}"
            assert (link.inner_text() == said) == (days > LONGEST)
            assert reader.open(town.url(f"/reports/{first}..{newest}", language)).status == 200


def test_who_has_read_all_is_led_nowhere(town: City, browser: Browser) -> None:
    with tab(browser) as reader:
        reader.open(town.url("/"))
        newest = reader.page.locator("#since").get_attribute("data-to")
        reader.page.evaluate("day => localStorage.setItem('read ', day)", newest)
        reader.open(town.url("/"))
        expect(reader.page.locator("#since")).to_be_hidden()
