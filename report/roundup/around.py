"""The ranges that the page of a day leads to; pure."""

from analysis.watching import Watch
from analysis.words import Words
from report.dates import long_month
from report.issue import Issue
from report.links import Links
from report.roundup.span import month_of, week_of, weekend_of


def spans_around(issue: Issue, words: Words, links: Links, watch: Watch | None = None) -> dict[str, str]:
    """Label -> URL of its weekend, its week and its month; those of a watch on its pages.

    A Monday's reader is led to the weekend before only if anything is there: then the day before is of it.
    """
    day = issue.day
    named = {
        words("range.nav.week", number=(week := week_of(day)).number): week,
        words("range.nav.month", month=long_month(day, words)): month_of(day),
    }
    weekend = weekend_of(day)
    if weekend and (day in weekend or (issue.before and issue.before in weekend)):
        named = {words("range.nav.weekend"): weekend, **named}
    return {label: links.roundup(span, issue.repository, watch) for label, span in named.items()}
