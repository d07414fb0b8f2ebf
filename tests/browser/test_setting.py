"""How pages are set, Chinese above all (W3C clreq)."""

from itertools import accumulate
from typing import Any

import pytest
from chromium import tab
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_have_room_and_han_and_latin_a_gap(town: City, browser: Browser, language: Language) -> None:
    with tab(browser) as seen:
        seen.open(town.url(f"/reports/{DAY}", language))
        setting: dict[str, Any] = seen.page.evaluate(SETTING)
    assert setting["textAutospace"] == "normal"
    assert (setting["lineBreak"], setting["overflowWrap"]) == ("strict", "anywhere")
    assert setting["prose"] >= 1.6
    assert 1.3 <= setting["heading"] <= 1.5


def test_every_rule_of_the_style_is_understood(town: City, browser: Browser) -> None:
    with tab(browser) as seen:
        seen.open(town.url("/"))
        understood = seen.page.evaluate("document.styleSheets[0].cssRules.length")
    depths = accumulate((letter == "{") - (letter == "}") for letter in STYLE)
    assert understood == sum(
        depth == 0 and letter == "}" for letter, depth in zip(STYLE, depths, strict=True)
    )
