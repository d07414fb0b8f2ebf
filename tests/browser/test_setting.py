"""How pages are set, Chinese above all (W3C clreq)."""

from itertools import accumulate
from typing import Any

import pytest
from chromium import PHONE, tab
from city import LANGUAGES, City
from days import DAY
from playwright.sync_api import Browser

from analysis.language import Language
from report.templating import STYLE

pytestmark = pytest.mark.browser
SETTING = """() => {
  const style = (at) => getComputedStyle(document.querySelector(at));
  const ratio = (at) => parseFloat(style(at).lineHeight) / parseFloat(style(at).fontSize);
  const { textAutospace, lineBreak, overflowWrap } = style("body");
  return { textAutospace, lineBreak, overflowWrap, prose: ratio(".lead"), heading: ratio("h1") };
}"""
BROKEN = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const words = [];
  for (const cell of document.querySelectorAll("table.numbers :is(thead th, tbody th:not(:has(code)), td)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[^ ]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        words.push([word[0], new Set([...range.getClientRects()].map((box) => box.top)).size]);
      }
    }
  }
  return [words.length, words.filter(([, lines]) => lines > 1)];
}"""
"""How many words and dates the tables of numbers hold, and those that stand on several lines."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_have_room_and_han_and_latin_a_gap(town: City, browser: Browser, language: Language) -> None:
    with tab(browser) as seen:
        seen.open(town.url(f"/reports/{DAY}", language))
        setting: dict[str, Any] = seen.page.evaluate(SETTING)
    assert setting["textAutospace"] == "normal"
    assert (setting["lineBreak"], setting["overflowWrap"]) == ("strict", "anywhere")
    assert setting["prose"] >= 1.6
    assert 1.3 <= setting["heading"] <= 1.5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("span", ["2026-W03", "2026-01-01..2026-02-28"])
def test_a_phone_breaks_no_heading_and_no_date_of_a_table(
    town: City, browser: Browser, language: Language, span: str
) -> None:
    with tab(browser) as seen:
        seen.open(town.url(f"/reports/{span}", language))
        seen.page.set_viewport_size(PHONE)
        looked_at, broken = seen.page.evaluate(BROKEN)
        assert looked_at > 10
        assert broken == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_every_rule_of_the_style_is_understood(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url("/"))
        understood = seen.page.evaluate("document.styleSheets[0].cssRules.length")
    depths = accumulate((letter == "{") - (letter == "}") for letter in STYLE)
    assert understood == sum(
        depth == 0 and letter == "}" for letter, depth in zip(STYLE, depths, strict=True)
    )
