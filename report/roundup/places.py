"""Where to read of a commit from within a range: on the same page if it is listed there, else on its own."""

from report.anchors import Anchors
from report.links import Links
from report.roundup.roundup import Roundup


class Places:
    """The places of one page."""

    def __init__(self, roundup: Roundup, links: Links, anchors: Anchors | None = None) -> None:
        self.anchors = anchors or Anchors(roundup.whole)
        self._links = links
        self._listed = {(entry.repository, entry.sha) for entry in roundup.whole.commits}

    def of(self, repository: str, sha: str) -> str:
        """A fragment or a URL."""
        name = self._name(repository, sha)
        return f"#{name}" if name else self._links.page(repository, sha)

    def link(self, text: str, repository: str, sha: str) -> str:
        """The same as a link of Markdown."""
        name = self._name(repository, sha)
        return self.anchors.link(text, name) if name else f"[{text}]({self._links.page(repository, sha)})"

    def _name(self, repository: str, sha: str) -> str:
        listed = (repository, sha) in self._listed
        return self.anchors.of(repository, sha) if listed else ""
