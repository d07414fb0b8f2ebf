"""`pushdigest run`: everything on this machine, and on request a first digest to look at."""

import json
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from http.client import SERVICE_UNAVAILABLE
from threading import Thread
from urllib.error import HTTPError

import click
import structlog
from redis.exceptions import RedisError

from analysis.models import Sha
from analysis.repository import Repository, valid_name
from analysis.settings import Settings
from analysis.storage.outage import outage_of
from workers.backfill import Backfill
from workers.checkouts import this_checkout
from workers.clock import run_clock
from workers.counted import counted
from workers.embedded import EmbeddedServer
from workers.following import follow
from workers.history import Mirror
from workers.intake import examine_intake
from workers.occupancy import occupied
from workers.rehearsal import LOOPBACK, Rehearsal, post
from workers.supervisor import Supervisor
from workers.workshop import Workshop

PROCESSES = {name: [sys.executable, "-m", "workers", name] for name in ("web", "worker", "clock")}
ADDRESS_SECONDS = 3.0
READY_SECONDS = 60.0
SHOWN_SECONDS = 60.0
"""How long the first digest may take before its address is printed anyway."""

log = structlog.get_logger(__name__)


class CannotRun(Exception):
    """`run` cannot start; the message is one line that says what to do."""


@dataclass(frozen=True)
class Shown:
    """The repository whose newest commits are pushed, as it were, when `run` has started."""

    repository: str
    url: str | None
    """None for the one that is known."""
    since: date | None = None

    @classmethod
    def of(cls, settings: Settings, name: str, url: str | None, since: date | None) -> "Shown":
        """The repository of that name, or for `.` the checkout we stand in.

        Raises:
            NotACheckout: for `.` outside of a git checkout.
        """
        if name == ".":
            checkout = this_checkout()
            return cls(checkout.repository, checkout.url, since)
        known = settings.repository(valid_name(name)) or Repository(name=name)
        return cls(known.name, url, since)


def run(settings: Settings, shown: Shown | None) -> None:
    """Start web, worker and clock, and keep them running until SIGINT or SIGTERM.

    Raises:
        CannotRun: when the address is taken or nothing answers.
        NewerLedger: when a newer version has written the ledger.
        Occupied: when another `run` works in DATA_DIR.
        ServerUnavailable: when the embedded server cannot be started.
    """
    with occupied(settings.data_dir):
        _run(settings, shown)


def _run(settings: Settings, shown: Shown | None) -> None:
    _check_address(settings)
    with _server(settings) as (embedded, redis_url):
        given = settings.github_webhook_secret
        secret = given.get_secret_value() if given else secrets.token_hex(20)
        environment = {"REDIS_URL": redis_url, "GITHUB_WEBHOOK_SECRET": secret}
        shop = Workshop(settings, redis_url)
        shop.prepare()
        if shown:
            environment["REPOSITORIES"] = ",".join(dict.fromkeys((*settings.repositories, shown.repository)))
            follow(shop, shown.repository, shown.url)
        supervisor = Supervisor(PROCESSES, environment, embedded)
        supervisor.start()
        try:
            if _wait_until_ready(settings, supervisor):
                if shown is None:
                    _warn(settings)
                click.echo(f"pushdigest is running at {settings.public_url}/ (Ctrl-C stops it)", err=True)
                if shown:
                    _show(shop, shown, secret, supervisor)
                supervisor.watch()
        finally:
            supervisor.stop()
            shop.disconnect()


def _warn(settings: Settings) -> None:
    """Say what keeps deliveries out, shortly before the address, where it is read."""
    for finding in examine_intake(settings):
        if finding.state != "ok":
            log.warning(finding.detail, mend=finding.mend)


@contextmanager
def hands(shop: Workshop) -> Iterator[Supervisor]:
    """A clock, and workers of our own if none are alive, while in the block."""
    commands = {} if shop.queue.workers() else {"worker": PROCESSES["worker"]}
    quiet = (
        "warning" if shop.settings.log_level == "info" else shop.settings.log_level
    )  # beside a progress bar
    supervisor = Supervisor(commands, {"REDIS_URL": shop.redis_url, "LOG_LEVEL": quiet})
    ticking = Thread(target=run_clock, args=(shop, supervisor.stopped), daemon=True)
    supervisor.start()
    ticking.start()
    try:
        yield supervisor
    finally:
        supervisor.stopped.set()
        ticking.join()
        supervisor.stop()


def _show(shop: Workshop, shown: Shown, secret: str, supervisor: Supervisor) -> None:
    """Print the address of the first digest; a server that is away meanwhile ends nothing else."""
    try:
        day = _first_day(shop, shown, secret, supervisor)
    except RedisError as error:
        log.warning("the first digest is not shown", reason=str(outage_of(error)))
    else:
        click.echo(f"{shop.settings.public_url}/reports/{shown.repository}/{day}")


def _first_day(shop: Workshop, shown: Shown, secret: str, supervisor: Supervisor) -> date:
    """Push the newest commits, wait until they have been looked at, and say on which day they landed."""
    shas = _push_newest(shop, shown, secret)
    click.echo(f"{counted(len(shas), 'commit')} of {shown.repository} pushed; analysing ...", err=True)
    _wait_until_tried(shop, shown.repository, shas, supervisor)
    newest = shop.ledger.entry(shown.repository, shas[-1])  # it may have landed on a day before
    return newest.day if newest else shop.settings.calendar.day_of(shop.now())


def _push_newest(shop: Workshop, shown: Shown, secret: str) -> list[Sha]:
    """Push the newest commits to our own webhook, as it were; returns them, oldest first."""
    now = shop.now()
    repository = shop.repository(shown.repository)
    mirror = Mirror(shop.mirror_folder(repository), shop.remote(repository))
    rehearsal = Rehearsal.of(shown.repository, mirror, now)
    if shown.since:  # before the push, which would have these commits land today
        Backfill.of(shop, repository, shown.since, shop.settings.calendar.day_of(now))
    followed = shop.settings.repository(shown.repository)
    own = shop.settings.webhook_secrets(followed) if followed else ()
    post(rehearsal, shop.settings.local_url, own[0] if own else secret)
    return [commit.sha for commit in rehearsal.commits]


def _wait_until_tried(shop: Workshop, repository: str, shas: list[Sha], supervisor: Supervisor) -> None:
    """Wait until each commit has been attempted, until `run` is stopped, or too long."""
    deadline = time.monotonic() + SHOWN_SECONDS
    while supervisor.watch(0.3) and time.monotonic() < deadline:
        with suppress(RedisError):  # the supervisor brings the server back
            if not shop.ledger.census.progress(repository, shas).untried:
                return


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[EmbeddedServer | None, str]]:
    if settings.redis_url:
        yield None, settings.redis_url.get_secret_value()
        return
    embedded = EmbeddedServer(settings.data_dir)
    embedded.start()
    try:
        yield embedded, embedded.url
    finally:
        embedded.stop()


def _check_address(settings: Settings) -> None:
    """Wait a moment for the address: who had it may just be ending.

    Raises:
        CannotRun: it stays taken.
    """
    deadline = time.monotonic() + ADDRESS_SECONDS
    while taken := _why_taken(settings):
        if time.monotonic() > deadline:
            message = f"cannot listen on {settings.host}:{settings.port} ({taken}): set HOST or PORT"
            raise CannotRun(message)
        time.sleep(0.1)


def _why_taken(settings: Settings) -> str | None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def _wait_until_ready(settings: Settings, supervisor: Supervisor) -> bool:
    """Wait for the web process, and as long as it takes for Redis; False when `run` was stopped meanwhile."""
    deadline, said = time.monotonic() + READY_SECONDS, ""
    while supervisor.watch(0.2):
        reason = _unready(f"{settings.local_url}/readyz")
        if reason is None:
            return True
        if not reason and time.monotonic() > deadline:
            message = f"the web process gave no answer in {READY_SECONDS:.0f} s; its log stands above"
            raise CannotRun(message)
        if reason and reason != said:
            said = reason
            log.warning("waiting for Redis", who="run", reason=reason)
    return False


def _unready(address: str) -> str | None:
    """Why nothing can be recorded yet, empty while nobody answers; None when all is ready."""
    try:
        with LOOPBACK.open(address, timeout=5):
            return None
    except HTTPError as answer:
        return str(json.load(answer).get("reason", "")) if answer.code == SERVICE_UNAVAILABLE else ""
    except OSError:
        return ""
