"""The pictures of the README: a real day as it opens, on a wide screen and on a phone.

`make pictures` writes them to `docs/images`; otherwise those that are made are thrown away.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import seed
import seed_told
from chromium import PHONE, Tab, tab
from days import CALENDAR, DAY
from filled import close, fill
from playwright.sync_api import Browser, expect
from redis import Redis
from serving import serving

from analysis.language import Language
from analysis.settings import load_settings
from analysis.storage.ledger import Ledger
from analysis.storage.store import Store
from webhook.app import create_app
from workers.embedded import EmbeddedServer

pytestmark = pytest.mark.browser
HERE = Path(__file__).parents[2]
IMAGES = HERE / "docs" / "images"
SIZES: dict[int, dict[str, Any]] = {
    1280: {"viewport": {"width": 1280, "height": 840}},
    390: {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
}
LANGUAGES: tuple[Language, ...] = ("en", "zh-CN")
NAMES = [(language, width) for language in LANGUAGES for width in SIZES]
LARGEST, SMALLEST = 250_000, 40_000
"""Bytes: what a reader waits for, and what an empty page would have at most."""
DRAWN = """() => {
  const drawn = (letter) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `32px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillText(letter, 20, 50);
    return pen.canvas.toDataURL();
  };
  return drawn("更") !== drawn("新");
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return IMAGES if "PICTURES" in os.environ else tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module", params=LANGUAGES)
def site(request: pytest.FixtureRequest, server: EmbeddedServer) -> Iterator[tuple[str, Language]]:
    """The real application over the seed's day, told in a language."""
    language: Language = request.param
    with Redis.from_url(server.url) as client:
        client.flushall()
    store = Store.open(server.url)
    ledger = Ledger(store, CALENDAR)
    fill(ledger, seed_told.entries(language))
    for number in (-1, 1):
        close(ledger, seed.REPOSITORY, DAY + timedelta(days=number))
    told = seed_told.highlights(ledger.day(seed.REPOSITORY, DAY), language)
    close(ledger, seed.REPOSITORY, DAY, told)
    with serving(create_app(load_settings(redis_url=server.url, report_language=language))) as url:
        yield url, language
    store.redis.close()


@pytest.mark.parametrize("width", SIZES)
def test_the_first_screen_names_what_matters_most(
    site: tuple[str, Language], browser: Browser, folder: Path, width: int
) -> None:
    url, language = site
    with tab(browser, color_scheme="light", **SIZES[width]) as seen:
        seen.page.goto(f"{url}/reports/{DAY}")
        if not seen.page.evaluate(DRAWN):
            pytest.skip("no Chinese font: apt-get install fonts-noto-cjk")
        _names_the_first_three(seen, language)
        path = folder / f"day-{language}-{width}.png"
        seen.page.screenshot(path=path)
    _is_a_picture(path, width)


@pytest.mark.parametrize(("language", "width"), NAMES)
def test_a_picture_of_it_stands_in_the_readme(language: Language, width: int) -> None:
    name = f"day-{language}-{width}.png"
    _is_a_picture(IMAGES / name, width)
    readme = "README.md" if language == "en" else f"README.{language}.md"
    assert f"docs/images/{name}" in (HERE / readme).read_text(encoding="utf-8")


def _names_the_first_three(seen: Tab, language: Language) -> None:
    told = [item[language]["headline"].replace("`", "") for item in seed_told.TOLD["highlights"]]
    for number, headline in enumerate(told[:3]):
        shown = seen.page.locator(".headline strong").nth(number)
        expect(shown).to_have_text(headline)
        expect(shown).to_be_in_viewport(ratio=1)


def _is_a_picture(path: Path, width: int) -> None:
    """A PNG of the right size, with something on it."""
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    pixels = tuple(int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    sharp = SIZES[width].get("device_scale_factor", 1)
    assert pixels == (sharp * width, sharp * SIZES[width]["viewport"]["height"])
    assert SMALLEST < len(content) < LARGEST
