"""What keeps somebody from reading a page, as far as a browser can tell: WCAG 2.2 AA by axe-core and more."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, get_args

from axe_playwright_python.sync_playwright import Axe
from chromium import PHONE, Tab
from playwright.sync_api import Page

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
UNFOLD = "() => document.querySelectorAll('details').forEach((each) => (each.open = true))"
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
OVERFLOW = "() => document.scrollingElement.scrollWidth - innerWidth"
LEVELS = (
    "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((each) => Number(each.tagName[1]))"
)
UNMARKED = """() => {
  const unmarked = (each) => {
    each.focus();
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return document.activeElement === each && (outlineStyle === "none" || parseFloat(outlineWidth) < 2);
  };
  const all = [...document.querySelectorAll("a[href], button, input, summary, [tabindex]")];
  const found = all.filter((each) => each.checkVisibility() && unmarked(each));
  return found.map((each) => each.outerHTML.slice(0, 160));
}"""
"""Elements whose focus cannot be seen; to be asked after a key was pressed, as only keys make it visible."""


def violations(page: Page) -> list[str]:
    """What axe finds in the page as it is, each in a line."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def problems(seen: Tab, *, on_a_phone: bool = False, themes: Iterable[Theme] = THEMES) -> Iterator[str]:
    """Whatever is wrong with a page in its tab, which is left narrow and unfolded."""
    page = seen.page
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        yield from violations(page)
    page.evaluate(UNFOLD)
    page.keyboard.press("Tab")
    yield from (f"no focus seen on {each}" for each in page.evaluate(UNMARKED))
    page.set_viewport_size(PHONE)
    if on_a_phone:
        yield from violations(page)
    if (pixels := page.evaluate(OVERFLOW)) > 0:
        yield f"{pixels} pixels wider than a phone"
    yield from _headings(page.evaluate(LEVELS))


def mislabelled(page: Page) -> list[str]:
    """Sentences in English or Chinese in a place that says it is in another language, or italic Chinese."""
    return [str(each) for each in page.evaluate(TEXTS) if _is_mislabelled(**each)]


def _is_mislabelled(text: str, lang: str, style: str) -> bool:
    if HAN.search(text):
        return not lang.startswith("zh") or style != "normal"
    return bool(LATIN.search(text)) and lang != "en"


def _headings(levels: list[int]) -> Iterator[str]:
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"not one first heading: {levels}"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"a level is skipped: {levels}"
