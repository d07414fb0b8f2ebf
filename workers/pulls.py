"""Why a commit was made: the text of its pull request, if GitHub tells and until it does without it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import structlog
from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError

from analysis.calendar import Now, utc_now
from analysis.models import PullRequest, Sha
from analysis.redact import redact, redact_values
from analysis.repository import Repository
from analysis.storage.pulls import Known, PullRequests
from workers.github import Answer, GitHub, GitHubUnavailable, api_for
from workers.workshop import Workshop

FRESH = timedelta(minutes=10)
"""For which an answer is not asked for again: attempts at a commit may follow one another closely."""
LONGEST_BODY = 6_000
LONGEST_TITLE = 300
MOST_LABELS = 20

_COMMENT = re.compile(r"<!--(?:.*?-->|.*)", re.DOTALL)
"""One that is not closed hides the rest, as it does on GitHub."""
_BLANK = re.compile(r"\n\s*\n\s*")

log = structlog.get_logger(__name__)


class _Label(BaseModel):
    name: str


Text = Annotated[str, BeforeValidator(lambda value: value or "")]


class _Pull(BaseModel):
    """The fields we use of GitHub's "List pull requests associated with a commit"."""

    number: int
    title: Text
    body: Text = ""
    labels: tuple[_Label, ...] = ()
    state: str = ""
    merged_at: str | None = None
    merge_commit_sha: str | None = None


_PULLS = TypeAdapter(tuple[_Pull, ...])


@dataclass(frozen=True)
class PullRequestReader:
    """Asks GitHub, and remembers what it said."""

    github: GitHub
    answers: PullRequests
    secrets: tuple[str, ...] = ()
    """Our own; they are masked in whatever is kept."""
    now: Now = utc_now

    def of(self, repository: str, sha: Sha) -> PullRequest | None:
        """The pull request that brought a commit, its secrets masked; None when GitHub knows or says nothing.

        May raise `redis.exceptions.RedisError`.
        """
        known = self.answers.known(repository, sha)
        now = self.now()
        if (known and now - known.asked_at < FRESH) or self.answers.left_alone(now) or not self.github.safe:
            return known.pull_request if known else None
        try:
            found = self._ask(repository, sha, known, now)
        except GitHubUnavailable as error:
            log.warning("pull request not read", repository=repository, sha=sha, reason=str(error))
            self.answers.leave_alone(error.until, now)
            return known.pull_request if known else None
        self.answers.keep(repository, sha, found)
        return found.pull_request

    def _ask(self, repository: str, sha: Sha, known: Known | None, now: datetime) -> Known:
        path = f"/repos/{repository}/commits/{sha}/pulls?per_page=10"
        answer = self.github.get(path, etag=known.etag if known else "")
        if known and not answer.changed:
            return known.model_copy(update={"asked_at": now})
        return Known(pull_request=self._chosen(answer, sha), etag=answer.etag, asked_at=now)

    def _chosen(self, answer: Answer, sha: Sha) -> PullRequest | None:
        """The one that was merged as this commit, else one that was merged, else one that is open."""
        try:
            pulls = _PULLS.validate_python(answer.data or ())
        except ValidationError:
            log.warning("pull request not read", sha=sha, reason="GitHub: an answer of another form")
            return None
        wanted = [pull for pull in pulls if pull.merged_at or pull.state == "open"]
        best = max(
            wanted, key=lambda pull: (pull.merge_commit_sha == sha, bool(pull.merged_at)), default=None
        )
        return self._kept(best) if best else None

    def _kept(self, pull: _Pull) -> PullRequest:
        """Without the comments of its template, cut, and masked."""
        body = _BLANK.sub("\n\n", _COMMENT.sub("", pull.body.replace("\r\n", "\n"))).strip()
        return PullRequest(
            number=pull.number,
            title=self._masked(pull.title, LONGEST_TITLE),
            body=self._masked(body, LONGEST_BODY),
            labels=tuple(self._masked(label.name, LONGEST_TITLE) for label in pull.labels[:MOST_LABELS]),
        )

    def _masked(self, text: str, limit: int) -> str:
        """Masked before it is cut: half a secret is not recognised."""
        safe = redact_values(redact(text.encode("utf-8", "replace").decode()), self.secrets)
        return safe if len(safe) <= limit else f"{safe[:limit]}…"


def reader_for(workshop: Workshop, repository: Repository) -> PullRequestReader | None:
    """Who asks for a repository's pull requests; None without a token, or where another host serves it."""
    github = api_for(workshop, repository)
    if github is None:
        return None
    pulls = PullRequests(workshop.store)
    return PullRequestReader(github, pulls, workshop.settings.secret_values(), workshop.now)
