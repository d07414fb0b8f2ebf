"""A range as a page that stands alone; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.words import Words
from report.fields import fields_of
from report.links import Links
from report.roundup import phrases
from report.roundup.areas import TOP, Area
from report.roundup.chart import bars_of, lengths_of, shares_of
from report.roundup.places import Places
from report.roundup.roundup import RepositoryRoundup, Roundup
from report.roundup.screen import screen_of
from report.roundup.sections import calendar_of, days_of, months_of
from report.roundup.trend import share_of_high
from report.templating import render


@dataclass(frozen=True)
class Frame:
    """What the site shows around a range; nothing of it in a file that stands alone."""

    navigation: Mapping[str, str] = field(default_factory=dict)
    """Label -> URL of neighbouring pages."""
    repository: str | None = None
    """The one that the reader asked for."""
    query: str = ""
    """The filter, as it follows an address: `?author=ada`."""
    read: date | None = None
    """The last day that who reads the page has read to its end."""


def render_page(roundup: Roundup, words: Words, links: Links, frame: Frame | None = None) -> str:
    """The page; `links` as for the page of a day."""
    screen = screen_of(roundup)
    return render(
        "roundup.html.j2",
        words,
        links,
        on_site=frame is not None,
        roundup=roundup,
        title=_title_of(roundup, words),
        status=phrases.status_of(roundup, words),
        several=len(roundup.repositories) != 1,
        screen=screen,
        calm=phrases.calm_of(roundup),
        left=phrases.left_text(screen, words),
        calendar=calendar_of(roundup.days),
        places=Places(roundup, links),
        grain=phrases.grain_of(roundup),
        columns=phrases.columns_of(roundup.counts),
        legend=phrases.legend_of(roundup.counts, words),
        foot=phrases.foot_text(roundup, words),
        **vars(frame or Frame()),
        **_FUNCTIONS,
    )


def _title_of(roundup: Roundup, words: Words) -> str:
    title = phrases.title_of(roundup.span, words)
    return f"{roundup.watch.heading} · {title}" if roundup.watch else title


def _areas_of(repository: RepositoryRoundup) -> list[tuple[Area, float]]:
    areas = repository.trend.areas
    return list(zip(areas, lengths_of(areas), strict=True))


_FUNCTIONS = {
    "TOP": TOP,
    "areas_of": _areas_of,
    "bars_of": bars_of,
    "bucket_text": phrases.bucket_text,
    "counts_text": phrases.counts_text,
    "days_of": days_of,
    "fields_of": fields_of,
    "line_text": phrases.line_text,
    "mark_of": phrases.mark_of,
    "none_text": phrases.none_text,
    "ONLY_HIGH": phrases.ONLY_HIGH,
    "months_of": months_of,
    "percent": phrases.percent,
    "reversal_key": phrases.reversal_key,
    "share_of_high": share_of_high,
    "shares_of": shares_of,
    "trend_text": phrases.trend_text,
}
"""What the templates call."""
