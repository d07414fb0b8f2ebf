"""The composition root of everything outside a request: settings -> ledger, queue, remotes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from threading import Event

import structlog
from redis.exceptions import RedisError

from analysis.calendar import Now, utc_now
from analysis.repository import Repository
from analysis.settings import Settings
from analysis.storage.accounts import Accounts
from analysis.storage.agenda import Agenda
from analysis.storage.breaker import Breakers
from analysis.storage.corrections import Corrections
from analysis.storage.depth import Budget
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.looks import Looks
from analysis.storage.losses import Losses
from analysis.storage.names import Names
from analysis.storage.outage import outage_of
from analysis.storage.purse import Purse
from analysis.storage.schema import Schema
from analysis.storage.store import PATIENCE, Store
from analysis.storage.throttle import Throttle
from analysis.storage.waitlist import Waitlist
from analysis.story.relations import Relations
from report.library import Library
from report.links import not_at
from workers.embedded import EmbeddedServer
from workers.pauses import PAUSES, Pauses
from workers.queue import JobQueue
from workers.remote import Remote
from workers.vigil import Vigil
from workers.witness import Witness

PATIENCE_SECONDS = 2.0
"""How often a process that can wait looks for a server that is away."""

log = structlog.get_logger(__name__)


class NotFollowed(Exception):
    """A repository that is neither in the settings nor was given on the command line."""


@dataclass(frozen=True)
class Workshop:
    """Whatever a job or a command needs; connections are made when first used."""

    settings: Settings
    redis_url: str
    now: Now = utc_now
    """The clock of whatever is done here."""
    pauses: Pauses = PAUSES
    patience: timedelta = PATIENCE
    """How long a server that is away is asked again."""

    @cached_property
    def store(self) -> Store:
        """The server."""
        return Store.open(self.redis_url, self.patience)

    def prepare(self) -> None:
        """Have the ledger in the form that this version reads and writes; every process begins with it.

        Raises:
            NewerLedger: it is in a form that this version does not know.
            redis.exceptions.RedisError: the server is away.
        """
        Schema(self.store).prepare()

    @cached_property
    def ledger(self) -> Ledger:
        """What landed, and what came of it."""
        return Ledger(self.store, self.settings.calendar, self.settings.secret_values())

    @cached_property
    def losses(self) -> Losses:
        """What was lost with earlier ledgers."""
        return Losses(self.ledger)

    @cached_property
    def witness(self) -> Witness:
        """What this machine remembers of the ledger."""
        return Witness(self.losses, self.settings.data_dir)

    @cached_property
    def leases(self) -> Leases:
        """The journey of pending commits."""
        return Leases(self.ledger, self.pauses.after_death)

    @cached_property
    def corrections(self) -> Corrections:
        """What readers say of commits."""
        return Corrections(self.ledger)

    @cached_property
    def relations(self) -> Relations:
        """How commits belong together."""
        return Relations(self.ledger)

    @cached_property
    def agenda(self) -> Agenda:
        """Walks and closings."""
        return Agenda(self.store, self.settings.calendar)

    @cached_property
    def looks(self) -> Looks:
        """How each repository was found when it was last looked at."""
        return Looks(self.store)

    @cached_property
    def names(self) -> Names:
        """What GitHub calls the repositories."""
        return self.ledger.names

    @cached_property
    def accounts(self) -> Accounts:
        """What was asked of models, and what that took."""
        return Accounts(self.store, self.settings.calendar)

    @cached_property
    def purse(self) -> Purse:
        """What the day may still cost."""
        settings = self.settings
        return Purse(self.accounts, Budget(settings.llm_daily_budget_usd, settings.llm_daily_budget_tokens))

    @cached_property
    def breakers(self) -> Breakers:
        """Which models are being left alone."""
        return Breakers(self.store, self.pauses.of_model)

    @cached_property
    def throttle(self) -> Throttle:
        """How many requests a model gets."""
        settings = self.settings
        return Throttle(
            self.store,
            at_once=settings.llm_max_concurrency or settings.workers,
            per_minute=settings.llm_requests_per_minute,
        )

    @cached_property
    def waitlist(self) -> Waitlist:
        """Which commits wait for a model or for the budget."""
        return Waitlist(self.store)

    @cached_property
    def queue(self) -> JobQueue:
        """The hint to the workers."""
        return JobQueue.open(self.redis_url, self.patience)

    @cached_property
    def library(self) -> Library:
        """The digests, all of them: whoever can run a command here may read what is here."""
        return replace(Library.of(self.settings, self.ledger), here=True, clock=self.now)

    def repository(self, name: str) -> Repository:
        """A repository that is followed, or that an operator named on the command line.

        Raises:
            NotFollowed: for any other, whoever asks for it.
        """
        known = self.known(name)
        if known is None:
            message = f"{name} is not followed: add it to REPOSITORIES, or run `pushdigest backfill {name}`"
            raise NotFollowed(message)
        return known

    def known(self, name: str) -> Repository | None:
        """The same; None for any other. With the URL that the settings or the command line have given it."""
        followed = self.settings.repository(name)
        found = followed or Repository(name=name)
        given = self.ledger.urls().get(found.name)
        if followed is None and given is None:
            return None
        return found.model_copy(update={"url": found.url or given or None})

    def readable(self, name: str) -> Repository:
        """A repository as `repository` gives it, or one that is followed by its new name now.

        Raises:
            NotFollowed: for any other.
        """
        try:
            return self.repository(name)
        except NotFollowed:
            followed = self.settings.repository(self.names.renamed().get(name, ""))
            if followed is None:
                raise
            return followed.model_copy(update={"name": name, "url": self.settings.clone_url(followed)})

    def remote(self, repository: Repository) -> Remote:
        """Where git fetches that repository from: by its new name if GitHub says that it was renamed.

        GitHub redirects from the old one, but with a token git follows no redirect.
        """
        token = self.settings.github_token
        now = None if repository.url else self.names.moved(repository.name)
        url = self.settings.clone_url(Repository(name=now) if now else repository)
        return Remote(repository.name, url, token.get_secret_value() if token else None)

    def on_github(self, repository: Repository) -> bool:
        """Whether GITHUB_URL serves that repository."""
        url = self.settings.clone_url(repository)
        return not not_at(self.settings.github_url, {repository.name: url})

    def mirror_folder(self, repository: Repository) -> Path:
        """Where this machine keeps the history of a repository."""
        return self.settings.data_dir / "mirrors" / f"{repository.name}.git"

    def disconnect(self) -> None:
        """Give up the connections; they come back when next used."""
        self.store.redis.close()
        self.queue.redis.close()


_OWN: ContextVar[Workshop] = ContextVar("workshop")


def furnish(opened: Workshop) -> None:
    """Have the jobs of this process and of all its forks work there."""
    _OWN.set(opened)


def workshop() -> Workshop:
    """Where the jobs of this process work; `furnish` has said so before the forks."""
    return _OWN.get()


@contextmanager
def open_workshop(settings: Settings, *, stopped: Event | None = None) -> Iterator[Workshop]:
    """The workshop of a command: at REDIS_URL, or at the embedded server, which is started for it if need be.

    Args:
        settings: what it is furnished by.
        stopped: for a process that can wait: until this is set, it does for a server that is away.

    Raises:
        NewerLedger: when a newer version has written the ledger.
        ServerUnavailable: when the embedded server cannot be started.
        redis.exceptions.RedisError: when the server is away.
    """
    if settings.redis_url is not None:
        opened = Workshop(settings, settings.redis_url.get_secret_value())
        _prepare(opened, stopped)
        yield opened
        return
    embedded = EmbeddedServer(settings.data_dir)
    embedded.start()
    opened = Workshop(settings, embedded.url)
    try:
        opened.prepare()
        yield opened
    finally:
        opened.disconnect()
        embedded.release()


def _prepare(workshop: Workshop, stopped: Event | None) -> None:
    """Prepare the ledger, once the server is there if there is time to wait for it."""
    vigil = Vigil("this process")
    while True:
        try:
            workshop.prepare()
        except RedisError as error:
            if stopped is None:
                raise
            vigil.keep(outage_of(error))
        else:
            vigil.keep(None)
            return
        if stopped.wait(PATIENCE_SECONDS):
            return
