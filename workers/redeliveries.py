"""Deliveries that failed: GitHub makes none again by itself, so it is asked to.

Nothing is lost without it, as the history is walked; but a push that is delivered again lands on its own day.
Source: GitHub's documentation, "Handling failed webhook deliveries".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import quote

import structlog
from pydantic import AwareDatetime, BaseModel, StringConstraints, TypeAdapter, ValidationError

from analysis.models import RepositoryName
from analysis.repository import Repository
from analysis.storage.agenda import Agenda
from analysis.storage.names import RENAMED, Names
from workers.github import Answer, GitHub, GitHubUnavailable, NotPermitted, api_for
from workers.workshop import Workshop

KEPT = timedelta(days=3)
"""For which GitHub can make a delivery again."""
EVERY = timedelta(hours=1)
SOON = timedelta(minutes=1)
"""When a repository is asked about that was not walked yet: an old push should not say where that begins."""
AFTER_A_REFUSAL = timedelta(days=1)
"""Nobody can ask for the deliveries of a repository that is not theirs."""
MOST_PAGES = 50
"""Of 100 deliveries each; a webhook with every event of a busy repository fills more."""
MOST_AT_ONCE = 100
"""Requests to deliver again in one round: of such GitHub takes 500 an hour."""
NOT_ASKED = "failed deliveries not asked for again; the history is walked all the same"
SCOPE = "if it is yours, give GITHUB_TOKEN admin:repo_hook, or Webhooks: read and write"

log = structlog.get_logger(__name__)


class _Named(BaseModel):
    """A repository, as "Get a repository" gives it."""

    id: int
    full_name: RepositoryName


class _Address(BaseModel):
    url: str = ""


class _Hook(BaseModel):
    """A webhook, as "List repository webhooks" gives it."""

    id: int
    config: _Address


class Delivery(BaseModel):
    """One attempt at a delivery, as "List deliveries for a repository webhook" gives it."""

    id: int
    guid: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    """The same for every attempt at one delivery."""
    delivered_at: AwareDatetime
    event: str
    status: str = ""
    """`OK`, or what went wrong."""
    status_code: int | None = None
    """What we answered."""

    @property
    def succeeded(self) -> bool:
        """Whether we took it."""
        code = self.status_code or 0
        return self.status == "OK" or HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES


_HOOKS = TypeAdapter(tuple[_Hook, ...])
_DELIVERIES = TypeAdapter(tuple[Delivery, ...])
_NAMED = TypeAdapter(_Named)
Form = TypeVar("Form")


def failed_pushes(attempts: Iterable[Delivery]) -> dict[str, int]:
    """The pushes that no attempt has delivered: guid -> the newest attempt's id, oldest push first."""
    pushes: dict[str, list[Delivery]] = {}
    for attempt in sorted(attempts, key=lambda each: each.delivered_at):
        if attempt.event == "push":
            pushes.setdefault(attempt.guid, []).append(attempt)
    return {
        guid: made[-1].id for guid, made in pushes.items() if not any(attempt.succeeded for attempt in made)
    }


def enquire(workshop: Workshop, repository: Repository, now: datetime) -> datetime:
    """Have failed pushes delivered again, if GitHub may be asked; returns when to ask next."""
    github = api_for(workshop, repository)
    if github is None or not github.safe:
        return now + AFTER_A_REFUSAL
    if workshop.looks.last(repository.name) is None:
        return now + SOON
    enquiry = Enquiry(github, workshop.agenda, workshop.names, workshop.settings.webhook_url, now)
    try:
        asked = enquiry.ask(repository.name)
    except NotPermitted as error:
        log.info(NOT_ASKED, repository=repository.name, reason=str(error), mend=SCOPE)
        return now + AFTER_A_REFUSAL
    except GitHubUnavailable as error:
        log.warning(NOT_ASKED, repository=repository.name, reason=str(error))
        return max(now + EVERY, error.until)
    if asked:
        log.info("failed deliveries asked for again", repository=repository.name, deliveries=asked)
    return now + EVERY


@dataclass(frozen=True)
class Enquiry:
    """One round of asking GitHub about one repository."""

    github: GitHub
    agenda: Agenda
    names: Names
    address: str
    """Our webhook's."""
    now: datetime

    def ask(self, repository: str) -> int:
        """Have failed pushes of the last three days delivered again, each once; returns how many.

        Raises:
            GitHubUnavailable: it does not answer, or not in the form that it should.
            NotPermitted: it does not answer to this token.
        """
        name = self._name(repository)
        hooks = self._get(_HOOKS, f"/repos/{name}/hooks?per_page=100")
        own = [hook.id for hook in hooks if _same(hook.config.url, self.address)]
        return sum(self._ask_of(f"/repos/{name}/hooks/{hook}/deliveries") for hook in own)

    def _name(self, repository: str) -> str:
        """What GitHub calls it now; remembered, and said once if that is another name."""
        found = self._get(_NAMED, f"/repos/{repository}")
        if found.full_name.lower() == repository.lower():
            self.names.confirm(repository, found.id)
        elif self.names.rename(repository, found.full_name, sure=True):
            log.warning(RENAMED, repository=repository, name=found.full_name)
        return found.full_name

    def _ask_of(self, path: str) -> int:
        asked = 0
        for guid, attempt in failed_pushes(self._attempts(path)).items():
            if asked < MOST_AT_ONCE:
                asked += self._deliver_again(path, guid, attempt)
        return asked

    def _attempts(self, path: str) -> Iterator[Delivery]:
        """Those that can be made again, newest first."""
        since, cursor = self.now - KEPT, ""
        for _ in range(MOST_PAGES):
            answer = self.github.get(f"{path}?per_page=100{f'&cursor={quote(cursor)}' if cursor else ''}")
            page = self._read(_DELIVERIES, answer)
            yield from (attempt for attempt in page if attempt.delivered_at >= since)
            cursor = answer.following
            if not cursor or not page or page[-1].delivered_at < since:
                return

    def _deliver_again(self, path: str, guid: str, attempt: int) -> bool:
        """Ask, once in three days unless there was no answer; returns whether GitHub will."""
        lock = f"asked-again:{guid}"
        if not self.agenda.lock(lock, KEPT.total_seconds()):
            return False
        try:
            return self.github.post(f"{path}/{attempt}/attempts")
        except GitHubUnavailable:
            self.agenda.unlock(lock)
            raise

    def _get(self, form: TypeAdapter[Form], path: str) -> Form:
        return self._read(form, self.github.get(path))

    def _read(self, form: TypeAdapter[Form], answer: Answer) -> Form:
        """The answer in its form; GitHub says that it knows nothing of what a token may not see."""
        if answer.data is None:
            raise NotPermitted("HTTP 404", self.now + AFTER_A_REFUSAL)
        try:
            return form.validate_python(answer.data)
        except ValidationError:
            raise GitHubUnavailable("an answer of another form", self.now + EVERY) from None


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()
