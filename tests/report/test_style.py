"""What a page looks like can be read: WCAG 2.2, 1.4.3, in both themes."""

import re

import pytest

from report.templating import STYLE

PAIRS = re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", STYLE)
THEMES = [{name: light for name, light, _ in PAIRS}, {name: dark for name, _, dark in PAIRS}]
LEAST = 4.5
BUSIEST = max(
    map(int, re.findall(r"\.busy\d \{ background: color-mix\(in srgb, var\(--link\) (\d+)%", STYLE))
)


def luminance(colour: tuple[float, ...]) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(theme: dict[str, str]) -> None:
    colours = {name: rgb(colour) for name, colour in theme.items()}
    behind = [(ink, paper) for ink in ("ink", "soft", "link") for paper in ("paper", "shade")]
    chips = [("paper", tier) for tier in ("high", "medium", "low", "unread")]
    found = [("ink", "mark")]
    low = {pair: contrast(*map(colours.__getitem__, pair)) for pair in [*behind, *chips, *found]}
    assert {pair: ratio for pair, ratio in low.items() if ratio < LEAST} == {}
    mixed = zip(colours["link"], colours["paper"], strict=True)
    busiest = tuple((BUSIEST * link + (100 - BUSIEST) * paper) / 100 for link, paper in mixed)
    assert contrast(colours["ink"], busiest) >= LEAST


def test_nothing_is_asked_of_another_host() -> None:
    assert not re.search(r"url\(|@import|@font-face", STYLE)
