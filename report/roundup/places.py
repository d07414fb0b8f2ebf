"""Where to read of a commit from within a range: on the same page if it is listed there, else on its own."""

from report.anchors import Anchors
from report.links import Links
from report.roundup.roundup import Roundup


class Places:
    """The places of one page."""

    def __init__(self, roundup: Roundup, links: Links) -> None:
        self.anchors = Anchors(roundup.whole)
        self._links = links
        self._listed = {(entry.repository, entry.sha) for entry in roundup.whole.commits}

    def of(self, repository: str, sha: str) -> str:
        """A fragment or a URL."""
        listed = (repository, sha) in self._listed
        return f"#{self.anchors.of(repository, sha)}" if listed else self._links.page(repository, sha)
