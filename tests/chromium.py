"""Debian's Chromium under Playwright: tabs that keep what they asked for and what they said.

with chromium() as browser, tab(browser, locale="zh-CN") as seen:
    seen.page.goto(url)
    assert seen.said == []
    assert seen.asked == [url]
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Response, ViewportSize, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "no Chromium: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji"
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Whatever a page asks of another host is heard, and gets nowhere."""
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Tab:
    """One page, in a context of its own."""

    page: Page
    asked: list[str] = field(default_factory=list)
    """Every address that was asked for."""
    said: list[str] = field(default_factory=list)
    """Warnings and errors of the console, errors that nobody caught, dialogs."""

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("dialog", self._dismiss)

    def open(self, url: str) -> Response:
        """Go there, as wide as at first; what was asked and said before is forgotten."""
        self.page.set_viewport_size(WIDE)
        self.asked.clear()
        self.said.clear()
        answer = self.page.goto(url)
        assert answer
        return answer

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"warning", "error"}:
            self.said.append(f"{message.text} ({message.location.get('url', '')})")

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of this machine; none is ever downloaded."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=[NOWHERE])


@contextmanager
def tab(browser: Browser, **options: Any) -> Iterator[Tab]:
    """A tab with nothing in it; the options are those of `Browser.new_context`."""
    context = browser.new_context(**{"viewport": WIDE} | options)
    context.set_default_timeout(20_000)
    try:
        yield Tab(context.new_page())
    finally:
        context.close()
