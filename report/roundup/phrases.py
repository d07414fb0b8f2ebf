"""A range in words: its title, how complete it is, what it is compared with; plain text, pure."""

from collections.abc import Callable, Iterator
from datetime import date

from analysis.storage.entry import Entry
from analysis.words import Words
from report import first_screen
from report.digest import Counts
from report.foot import foot_of
from report.groups import text_of
from report.price import price_of
from report.reading_time import minutes_of
from report.roundup.areas import Area
from report.roundup.reversals import Reversal
from report.roundup.roundup import RepositoryRoundup, Roundup
from report.roundup.screen import Screen
from report.roundup.span import Span
from report.roundup.trend import BY_DAY, Before, Bucket, share_of_high

TIERS = ("high", "medium", "low", "unread")
COLUMNS = ("total", "high", "medium", "low")
ONLY_HIGH = "?importance=high"
"""Leads from a page to what of it is of high importance."""


def title_of(span: Span, words: Words) -> str:
    """`Weekly digest (2026-W03)`, `Digest (2026-01-09 to 2026-01-11)`."""
    return words(f"range.title.{span.kind}", name=span, first=span.first, last=span.last)


def status_of(roundup: Roundup, words: Words) -> tuple[str, ...]:
    """One item each: its days, what of them is open, what waits, the filter, how long it takes to read."""
    return tuple(_status(roundup, words))


def counts_text(counts: Counts, words: Words) -> str:
    """How many commits, and how many of each importance that there is."""
    found = {tier: count for tier in TIERS if (count := getattr(counts, tier))}
    if not found:
        return words("range.counts.line", count=counts.total)
    tiers = (words(f"range.counts.{tier}", count=count) for tier, count in found.items())
    return words("range.counts.line-tiers", count=counts.total, tiers=words("digest.list-comma").join(tiers))


def trend_text(repository: RepositoryRoundup, span: Span, words: Words) -> tuple[str, str]:
    """How much landed and how much of it mattered, against the range before where that is known."""
    counts, before = repository.whole.counts, repository.trend.before
    return _commits(counts, before, span, words), _high(counts, before, span, words)


def legend_of(counts: Counts, words: Words) -> str:
    """What the parts of a bar are, from the bottom."""
    tiers = [tier for tier in TIERS if getattr(counts, tier)]
    names = words("digest.list-comma").join(words(f"range.days.{tier}") for tier in tiers)
    return words("range.trend.legend", tiers=names)


def area_text(area: Area, path: str, words: Words) -> str:
    """One folder, under its path as it is to be shown."""
    commits = words("range.counts.line", count=area.commits)
    lines = words("range.areas.changed", count=area.lines)
    return words("range.areas.line", path=path, commits=commits, lines=lines)


def bucket_text(bucket: Bucket, words: Words, shown: Callable[[date], object] = str) -> str:
    """A day, or from when to when; each as it is to be shown."""
    if bucket.first == bucket.last:
        return str(shown(bucket.first))
    return words("range.trend.span", first=shown(bucket.first), last=shown(bucket.last))


def reversal_key(reversal: Reversal) -> str:
    """Which sentence tells of it."""
    if reversal.restored:
        return "range.undone.restored"
    return "range.undone.inside" if reversal.inside else "range.undone.outside"


def left_text(screen: Screen, words: Words) -> str:
    """How many commits that matter are not spoken of; empty when all are."""
    counts = {"left-high": screen.left_high, "left-medium": screen.left_medium}
    named = [words(f"digest.highlights.{key}", count=count) for key, count in counts.items() if count]
    return words("digest.highlights.left", counts=words("digest.list-comma").join(named)) if named else ""


def none_text(roundup: Roundup, words: Words) -> str:
    """That there is no commit: none landed, or none was meant."""
    return words("pages.filter.none" if roundup.selection else "range.days.none")


def calm_of(roundup: Roundup) -> str:
    """As of a day; nothing is said of commits that were filtered out."""
    return "" if roundup.selection else first_screen.calm_of(roundup.counts, roundup.highlights)


def foot_text(roundup: Roundup, words: Words) -> tuple[str, ...]:
    """How it was made; by whom is only known where every analysis was read."""
    if roundup.listing != "high":
        return foot_of(roundup.whole, words)
    counts = roundup.counts
    analysed = words("digest.foot.analysed", analysed=counts.analysed, total=counts.total)
    return (analysed, *(() if roundup.selection else price_of(roundup.whole.spending, words)))


def columns_of(counts: Counts) -> tuple[str, ...]:
    """The numbers that a table has: what was not read only where there is such a thing."""
    return (*COLUMNS, "unread") if counts.unread else COLUMNS


def grain_of(roundup: Roundup) -> str:
    """Whether the trend is told by day or by week."""
    return "day" if len(roundup.span) <= BY_DAY else "week"


def mark_of(entry: Entry, words: Words) -> str:
    """The importance of a commit as a sign."""
    tier = entry.importance
    return words(f"digest.mark.{tier}") if tier else words("range.listed.unread")


def line_text(entry: Entry) -> str:
    """What a line says beside the subject: a model's words; the rules only say the subject in others."""
    return text_of(entry) if entry.model else ""


def percent(share: float | None) -> int:
    """Whole percent; 0 of nothing."""
    return round(100 * (share or 0))


def _status(roundup: Roundup, words: Words) -> Iterator[str]:
    to_come = max(0, (roundup.span.last - max(roundup.today, roundup.span.first)).days)
    still_open = sum(not day.closed for day in roundup.days)
    counts = roundup.counts
    if roundup.span.kind != "days":
        yield words("range.status.dates", first=roundup.span.first, last=roundup.span.last)
    yield words("range.status.days", count=len(roundup.span))
    if to_come:
        yield words("range.status.to-come", count=to_come)
    if still_open:
        yield words("range.status.open", count=still_open)
    yield words("digest.status.analysed", analysed=counts.analysed, total=counts.total)
    if counts.pending:
        yield words("digest.status.pending", count=counts.pending)
    if counts.parked:
        yield words("digest.status.parked", count=counts.parked)
    if roundup.filter:
        yield words("digest.status.selection", selection=roundup.filter)
    if roundup.listing == "told" and (minutes := minutes_of(roundup.whole)) > 1:
        yield words("digest.status.minutes", count=minutes)


def _commits(counts: Counts, before: Before | None, span: Span, words: Words) -> str:
    count = counts.total
    if before is None:
        return words("range.trend.commits", count=count)
    then, name = before.counts.total, _before_text(before, span, words)
    if not then:
        return words("range.trend.commits-first", count=count, before=name)
    if count == then:
        return words("range.trend.commits-same", count=count, before=name)
    change = abs(count - then)
    key = "range.trend.commits-more" if count > then else "range.trend.commits-fewer"
    return words(key, count=count, change=f"{change:,}", percent=percent(change / then), before=name)


def _high(counts: Counts, before: Before | None, span: Span, words: Words) -> str:
    fields = {"count": counts.high, "percent": percent(share_of_high(counts))}
    share = share_of_high(before.counts) if before else None
    if not counts.high and not share:
        return words("range.trend.high-none")
    if before is None or share is None:
        return words("range.trend.high", **fields)
    name = _before_text(before, span, words)
    return words("range.trend.high-before", share=percent(share), before=name, **fields)


def _before_text(before: Before, span: Span, words: Words) -> str:
    if span.kind == "days":
        return words("range.before.days", count=(before.last - before.first).days + 1)
    part = before.last != span.before.last
    return words(f"range.before.{span.kind}-part" if part else f"range.before.{span.kind}")
