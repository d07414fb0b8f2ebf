"""The links that every page of the site begins with."""

from analysis.words import Words
from report.links import Links


def site_links(words: Words, links: Links) -> tuple[tuple[str, str], ...]:
    """Label and URL of each, in their order."""
    watches = [(words("watches.name"), links.watches())] if links.watching else []
    return (
        (words("pages.site"), links.index()),
        *watches,
        (words("pages.feed.name"), links.feed()),
    )
