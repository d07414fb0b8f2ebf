"""Where commits and our own pages are to be found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlsplit

from analysis.repository import LOCAL_OWNER
from analysis.watching import Watch


def not_at(github_url: str, clone_urls: Mapping[str, str]) -> frozenset[str]:
    """The repositories that another host serves, by where they are fetched from.

    A `file://` URL says nothing: it may well be a mirror of what GITHUB_URL serves under that name.
    """
    host = urlsplit(github_url).hostname
    hosts = {name: urlsplit(url).hostname for name, url in clone_urls.items()}
    others = {name for name, found in hosts.items() if found not in (None, host)}
    return frozenset(others | {name for name in clone_urls if name.startswith(f"{LOCAL_OWNER}/")})


@dataclass(frozen=True)
class Links:
    """URLs of commits and pages.

    `base_url` is what our own paths follow: the public URL, or only its path for links inside a page.
    `find_elsewhere` names the repositories that GITHUB_URL does not serve, once that is asked for: their
    commits link to our pages.
    """

    github_url: str = "https://github.com"
    base_url: str = ""
    find_elsewhere: Callable[[], frozenset[str]] = frozenset
    watching: bool = False
    """Whether there are watches to lead to."""

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """The repositories that GITHUB_URL does not serve."""
        return self.find_elsewhere()

    def commit(self, repository: str, sha: str) -> str:
        """The commit where its code can be read."""
        if repository in self.elsewhere:
            return self.page(repository, sha)
        return f"{self.github_url.rstrip('/')}/{repository}/commit/{sha}"

    def pull_request(self, repository: str, number: int) -> str:
        """A pull request; only of a repository that GITHUB_URL serves is one known."""
        return f"{self.github_url.rstrip('/')}/{repository}/pull/{number}"

    def quiet_pull_request(self, repository: str, number: int) -> str:
        """The same without a trace: what links to a pull request from an issue is listed under it.

        GitHub's documentation ("Avoiding backlinks to linked references") names the host that is for this; an
        Enterprise Server has none.
        """
        url = self.pull_request(repository, number)
        return url.replace("https://github.com/", "https://redirect.github.com/", 1)

    def page(self, repository: str, sha: str) -> str:
        """Our page of one commit."""
        return f"{self.base_url}/commits/{repository}/{sha}"

    def digest(self, day: date, repository: str | None = None, watch: Watch | None = None) -> str:
        """Our page of one day, of a watch, of one repository or of all."""
        return f"{self._days(repository, watch)}/{day}"

    def roundup(self, span: object, repository: str | None = None, watch: Watch | None = None) -> str:
        """Our page of a range of days, by its name, of the same."""
        return f"{self._days(repository, watch)}/{span}"

    def _days(self, repository: str | None, watch: Watch | None) -> str:
        if watch:
            return self.watch(watch.name)
        return f"{self.base_url}/reports/{repository}" if repository else f"{self.base_url}/reports"

    def feed(self, repository: str | None = None) -> str:
        """The Atom feed of one repository or of all."""
        return (
            f"{self.base_url}/reports/{repository}/feed.atom" if repository else f"{self.base_url}/feed.atom"
        )

    def watches(self) -> str:
        """All watches."""
        return f"{self.base_url}/watches"

    def watch(self, name: str) -> str:
        """The newest commits of a watch."""
        return f"{self.base_url}/watches/{name}"

    def watch_feed(self, name: str) -> str:
        """The Atom feed of a watch."""
        return f"{self.base_url}/watches/{name}/feed.atom"

    def search(self) -> str:
        """The search over all days; `.json` may follow, and a query."""
        return f"{self.base_url}/search"

    def index(self) -> str:
        """The front page: the newest day, and a calendar of all."""
        return f"{self.base_url}/"

    def repository(self, name: str | None) -> str:
        """The same of one repository; the front page for None."""
        return f"{self.base_url}/reports/{name}" if name else self.index()

    def month(self, month: date, repository: str | None = None) -> str:
        """The calendar of the month that a day lies in, for one repository or for all."""
        place = f"{repository}/{month:%Y-%m}" if repository else f"{month:%Y-%m}"
        return f"{self.base_url}/months/{place}"
