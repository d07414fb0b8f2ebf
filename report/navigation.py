"""The links that every page of the site begins with."""

from analysis.words import Words
from report.links import Links


def site_links(words: Words, links: Links) -> tuple[tuple[str, str], ...]:
    """Label and URL of each, in their order."""
    return (
        (words("pages.site"), links.index()),
        (words("pages.feed.name"), links.feed()),
    )
