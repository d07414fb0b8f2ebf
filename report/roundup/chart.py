"""The shapes of a trend: where its bars, ticks and line stand; pure numbers, which a template draws as SVG.

One unit is a pixel on a narrow phone; on a wide screen the drawing is stretched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from analysis.models import Importance
from report.digest import Counts
from report.roundup.areas import Area
from report.roundup.trend import BY_DAY, Bucket, share_of_high

WIDTH = 340
TOP, BARS, FOOT = 22, 88, 18
"""Heights: the scale's text above the bars, the bars, the days below them."""
LINE, MARGIN = 36, 4
"""Height of the line of shares, and what of it stays empty above and below."""
GAP = 0.25
"""Of a bar's room that stays empty."""
WIDEST = 34.0
TICK, HALF = 48, 16
"""Units that the text below a bar takes with the room around it, and half of the text alone."""
LEAST = 2.0
"""Height of a part that is there at all, so that one high commit among fifty is seen."""
TIERS = (*Importance, None)
"""From the bottom."""


@dataclass(frozen=True)
class Part:
    """A rectangle."""

    tier: Importance | None
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A day or a week."""

    bucket: Bucket
    x: float
    width: float
    parts: tuple[Part, ...]
    tick: str = ""
    """What stands below it, where there is room."""

    @property
    def middle(self) -> float:
        """Where its tick stands, the text of which does not leave the drawing."""
        return round(min(max(self.x + self.width / 2, HALF), WIDTH - HALF), 1)


@dataclass(frozen=True)
class Bars:
    """A stack for each bucket."""

    bars: tuple[Bar, ...]
    most: Bucket
    """The one with most commits."""
    width: int = WIDTH
    height: int = TOP + BARS + FOOT
    top: int = TOP
    base: int = TOP + BARS


@dataclass(frozen=True)
class Shares:
    """The share of high importance, as a line through the buckets in which anything was judged."""

    points: str
    """As `points` of an SVG polyline."""
    dots: tuple[tuple[float, float], ...]
    """Its points, where they are few enough to be told apart."""
    highest: Bucket
    width: int = WIDTH
    height: int = LINE
    base: int = LINE - MARGIN


def bars_of(buckets: Sequence[Bucket]) -> Bars | None:
    """None when nothing landed."""
    most = max(buckets, key=lambda bucket: bucket.counts.total, default=None)
    if most is None or not most.counts.total:
        return None
    room = WIDTH / len(buckets)
    width = round(min(WIDEST, room * (1 - GAP)), 1)
    every = ceil(TICK / room)
    bars = (
        Bar(
            bucket=bucket,
            x=round(number * room + (room - width) / 2, 1),
            width=width,
            parts=tuple(_parts(bucket.counts, most.counts.total)),
            tick="" if number % every else f"{bucket.first:%m-%d}",
        )
        for number, bucket in enumerate(buckets)
    )
    return Bars(tuple(bars), most)


def shares_of(buckets: Sequence[Bucket]) -> Shares | None:
    """None when a line would have less than two points, or nothing was of high importance."""
    found = {
        number: share
        for number, bucket in enumerate(buckets)
        if (share := share_of_high(bucket.counts)) is not None
    }
    top = max(found.values(), default=0)
    if len(found) < 2 or not top:  # noqa: PLR2004 - a line
        return None
    room, scale = WIDTH / len(buckets), (LINE - 2 * MARGIN) / top
    dots = tuple(
        (round((number + 0.5) * room, 1), round(LINE - MARGIN - share * scale, 1))
        for number, share in found.items()
    )
    highest = buckets[max(found, key=lambda number: found[number])]
    points = " ".join(f"{x},{y}" for x, y in dots)
    return Shares(points, dots if len(dots) <= BY_DAY else (), highest)


def lengths_of(areas: Sequence[Area]) -> tuple[float, ...]:
    """How long the bar of each area is, the longest 100."""
    most = max((area.commits for area in areas), default=1)
    return tuple(round(100 * area.commits / most, 1) for area in areas)


def _parts(counts: Counts, most: int) -> Iterator[Part]:
    base = float(TOP + BARS)
    for tier, count in zip(TIERS, _by_tier(counts), strict=True):
        if count:
            height = max(LEAST, count / most * BARS)
            base -= height
            yield Part(tier, round(base, 1), round(height, 1))


def _by_tier(counts: Counts) -> tuple[int, ...]:
    return counts.high, counts.medium, counts.low, counts.unread
