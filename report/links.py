"""Where commits and our own pages are to be found."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Links:
    """URLs of commits and pages.

    `base_url` is what our own paths follow: the public URL, or only its path for links inside a page.
    `elsewhere` names the repositories that GITHUB_URL does not serve; their commits link to our pages.
    """

    github_url: str = "https://github.com"
    base_url: str = ""
    elsewhere: frozenset[str] = frozenset()

    def commit(self, repository: str, sha: str) -> str:
        """The commit where its code can be read."""
        if repository in self.elsewhere:
            return self.page(repository, sha)
        return f"{self.github_url.rstrip('/')}/{repository}/commit/{sha}"

    def page(self, repository: str, sha: str) -> str:
        """Our page of one commit."""
        return f"{self.base_url}/commits/{repository}/{sha}"

    def digest(self, day: date, repository: str | None = None) -> str:
        """Our page of one day, of one repository or of all."""
        return (
            f"{self.base_url}/reports/{repository}/{day}" if repository else f"{self.base_url}/reports/{day}"
        )

    def feed(self, repository: str | None = None) -> str:
        """The Atom feed of one repository or of all."""
        return (
            f"{self.base_url}/reports/{repository}/feed.atom" if repository else f"{self.base_url}/feed.atom"
        )

    def index(self) -> str:
        """The list of days."""
        return f"{self.base_url}/"
