"""Letters: which language a text says it is in, and how Chinese is set (W3C clreq)."""

import re
from typing import Any

import pytest
from chromium import tab
from city import KINDS, City, Kind
from days import DAY
from playwright.sync_api import Browser

from analysis.words import Language

pytestmark = pytest.mark.browser
TEXTS = """() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement: at, data } = walker.currentNode;
    if (at.closest("code, pre, svg, .pairs, .meta, .of, nav, table")) continue;
    found.push({ text: data, lang: at.closest("[lang]").lang, style: getComputedStyle(at).fontStyle });
  }
  return found;
}"""
"""What the page says in sentences, with the language that holds there."""
HAN, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[a-z]{2,}( [A-Za-z]{2,}){3}")
SETTING = """() => {
  const style = (at) => getComputedStyle(document.querySelector(at));
  const ratio = (at) => parseFloat(style(at).lineHeight) / parseFloat(style(at).fontSize);
  const { textAutospace, lineBreak, overflowWrap } = style("body");
  return { textAutospace, lineBreak, overflowWrap, prose: ratio(".lead"), heading: ratio("h1") };
}"""
PAGES = [kind for kind in KINDS if kind.status == 200 and "hostile" not in kind.name]


@pytest.mark.parametrize("kind", PAGES, ids=str)
def test_every_sentence_says_its_language(town: City, browser: Browser, kind: Kind) -> None:
    with tab(browser) as seen:
        seen.open(town.url(kind.path, "zh-CN", kind.place))
        chinese = seen.page.evaluate(TEXTS)
        seen.open(town.url(kind.path, "en", kind.place))
        english = seen.page.evaluate(TEXTS)
    assert [each for each in chinese if _is_english(each["text"]) and each["lang"] != "en"] == []
    han = [each for each in chinese + english if HAN.search(each["text"])]
    assert [each for each in han if each["lang"][:2] != "zh" or each["style"] != "normal"] == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_lines_have_room_and_han_and_latin_a_gap(town: City, browser: Browser, language: Language) -> None:
    with tab(browser) as seen:
        seen.open(town.url(f"/reports/{DAY}", language))
        setting: dict[str, Any] = seen.page.evaluate(SETTING)
    assert setting["textAutospace"] == "normal"
    assert (setting["lineBreak"], setting["overflowWrap"]) == ("strict", "anywhere")
    assert setting["prose"] >= 1.6
    assert 1.3 <= setting["heading"] <= 1.5


def _is_english(text: str) -> bool:
    return bool(LATIN.search(text)) and not HAN.search(text)
