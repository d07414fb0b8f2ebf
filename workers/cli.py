"""The command line: `pushdigest COMMAND`. A failure is one line on standard error that says what to do."""

import os
import re
import signal
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import click
from redis.exceptions import RedisError

from analysis import log
from analysis.importance.triage import triage
from analysis.redact import redact
from analysis.settings import Settings, load_settings
from analysis.sources import InvalidSettings
from analysis.storage.entry import State
from analysis.storage.ledger import Ledger, Progress
from report.roundup.span import Span
from workers import launch
from workers.arguments import DAY, DAY_OR_SPAN, REPOSITORY
from workers.backfill import Backfill, NothingToFollow
from workers.checkout import sweep
from workers.checkouts import NotACheckout
from workers.clock import run_clock
from workers.crew import Crew, work
from workers.edition import Form, NoDigest, render
from workers.embedded import STARTED_BY, EmbeddedServer, ServerUnavailable
from workers.rehearsal import DeliveryRefused, NothingToShow
from workers.remote import CommitUnreachable, RemoteUnavailable
from workers.replay import Comparison, stored
from workers.status import read_status
from workers.workshop import NotFollowed, Workshop, open_workshop

FAILURES = (
    CommitUnreachable,
    DeliveryRefused,
    InvalidSettings,
    NoDigest,
    NotACheckout,
    NotFollowed,
    NothingToFollow,
    NothingToShow,
    OSError,
    RedisError,
    RemoteUnavailable,
    ServerUnavailable,
    launch.CannotRun,
)
"""What a command may fail with; everything else is a mistake of ours."""
FULL_SHA = re.compile(r"[0-9a-fA-F]{40}")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pushdigest")
def pushdigest() -> None:
    """The daily digest of what was pushed to the repositories you follow.

    Settings come from the environment, then .env, then pushdigest.toml; .env.example lists them all.
    """


@pushdigest.command()
@click.option(
    "--show", metavar="OWNER/NAME", help="Post a push of its newest commits first; . is this checkout."
)
@click.option("--url", help="Where to fetch it from, if not from GITHUB_URL.")
@click.option("--since", type=DAY, help="Also analyse the days since then.")
def run(show: str | None, url: str | None, since: date | None) -> None:
    """Run everything on this machine until Ctrl-C."""
    settings = _settings()
    launch.run(settings, launch.Shown.of(settings, show, url, since) if show else None)


@pushdigest.command()
def web() -> None:
    """Serve the webhook and the digests."""
    settings = _settings()
    if settings.redis_url is None:
        embedded = EmbeddedServer(settings.data_dir)
        embedded.start()
        os.environ["REDIS_URL"] = embedded.url
        if embedded.started is not None:
            os.environ[STARTED_BY] = str(os.getpid())
    arguments = ["-m", "gunicorn", "--config", "python:webhook.server", "webhook.app:create_app()"]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - gunicorn takes this process over


@pushdigest.command()
def worker() -> None:
    """Analyse what is queued, WORKERS commits side by side."""
    from workers import jobs  # noqa: F401, PLC0415 - loaded once, before the forks
    from workers.desk import preload  # noqa: PLC0415 - loads litellm

    settings = _settings()
    with open_workshop(settings) as shop:
        os.environ["REDIS_URL"] = shop.redis_url
        preload(settings)
        sweep()
        Crew(settings.workers, lambda: work(shop.redis_url)).run()


@pushdigest.command()
def clock() -> None:
    """Enqueue what is due: commits, walks, closings."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with open_workshop(_settings()) as shop:
        run_clock(shop, stopped)


@pushdigest.command()
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.option("--url", help="Where to fetch it from, if not from GITHUB_URL.")
@click.option("--since", type=DAY, required=True, help="The first day.")
@click.option("--until", type=DAY, help="The last day; today if not given.")
@click.option("--reanalyse", is_flag=True, help="Have the model look at what only the rules have analysed.")
def backfill(repository: str, url: str | None, since: date, until: date | None, *, reanalyse: bool) -> None:
    """Analyse the days that are past.

    Exits with 1 if any commit still waits in the end, e.g. because the model is down; it is analysed later.
    """
    settings = _settings()
    last = _last_day(settings, since, until)
    with open_workshop(settings) as shop:
        shop.follow(repository, url)
        filled = Backfill.of(shop, shop.repository(repository), since, last)
        if reanalyse:
            filled.reopen()
        progress = _finish(shop, filled)
        filled.close_days(datetime.now(UTC))
    waiting = progress.waiting + progress.untried
    counts = f"{progress.analysed} analysed, {progress.parked} parked, {waiting} waiting"
    click.echo(f"{len(filled.shas)} commits: {counts}", err=True)
    if waiting:
        raise SystemExit(1)


@pushdigest.command()
@click.argument("day", type=DAY_OR_SPAN, metavar="DATE|FROM..TO")
@click.argument("repositories", type=REPOSITORY, nargs=-1, metavar="[OWNER/NAME]...")
@click.option("--format", "form", type=click.Choice(["markdown", "html", "json"]), default="markdown")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to.")
def digest(day: date | Span, repositories: tuple[str, ...], form: Form, output: Path | None) -> None:
    """Print the digest of a day, finished or not, or of a range of days as one.

    A range is FROM..TO with both ends included, a week such as 2026-W02, or a month such as 2026-01.
    """
    settings = _settings()
    with open_workshop(settings) as shop:
        text = render(shop.library, day, repositories, form)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        output.write_text(text, encoding="utf-8")


@pushdigest.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(*, as_json: bool) -> None:
    """Show how many commits wait, and what the model costs today."""
    with open_workshop(_settings()) as shop:
        found = read_status(shop, datetime.now(UTC))
    click.echo(found.model_dump_json(indent=2) if as_json else found.text())


@pushdigest.command()
@click.argument("repository", type=REPOSITORY, required=False, metavar="[OWNER/NAME")
@click.argument("sha", required=False, metavar="[SHA]]")
def retry(repository: str | None, sha: str | None) -> None:
    """Put parked commits back to pending."""
    with open_workshop(_settings()) as shop:
        parked = [
            (name, found) for name, found in shop.leases.parked(repository) if found.startswith(sha or "")
        ]
        reopened = sum(shop.leases.reopen(name, found, State.PARKED) for name, found in parked)
    if sha and not parked:
        message = f"no parked commit of {repository} starts with {sha}"
        raise click.ClickException(message)
    click.echo(f"{reopened} commits are pending again")


@pushdigest.command("show-prompt")
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.argument("sha")
def show_prompt(repository: str, sha: str) -> None:
    """Print what would leave this machine for a commit."""
    from workers.context import context_of, known_of, pull_request_of  # noqa: PLC0415 - loads httpx
    from workers.desk import analyzer_for, read_masked  # noqa: PLC0415 - loads litellm

    with open_workshop(_settings()) as shop:
        followed = shop.repository(repository)
        analyzer = analyzer_for(shop, followed)
        if analyzer is None:
            click.echo("Nothing leaves this machine: no model is configured for this repository.")
            return
        commit = read_masked(shop, followed, _full_sha(shop.ledger, followed.name, sha))
        verdict = triage(commit, shop.settings.triage, known_of(shop, commit))
        context = context_of(shop, commit, verdict, pull_request_of(shop, followed, commit.sha))
        draft = analyzer.draft(commit, verdict, context)
        for message in draft.messages:
            click.echo(f"--- {message['role']}\n{message['content']}")
        if len(draft.prompts) > 1:
            click.echo("What is found in these parts goes into one more request.", err=True)


@pushdigest.command("triage")
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.option("--since", type=DAY, required=True, help="The first day.")
@click.option("--until", type=DAY, help="The last day; today if not given.")
def retriage(repository: str, since: date, until: date | None) -> None:
    """Show which stored commits the weights of pushdigest.toml would move; changes nothing."""
    settings = _settings()
    last = _last_day(settings, since, until)
    with open_workshop(settings) as shop:
        known = shop.repository(repository).name
        compared = Comparison.of(known, stored(shop.ledger, known, since, last), settings.triage)
    click.echo(compared.text())


@pushdigest.command()
def doctor() -> None:
    """Check every part and say how to mend what fails."""
    from workers.doctor import examine  # noqa: PLC0415 - loads litellm

    findings = list(examine(_settings()))
    for finding in findings:
        click.echo(finding.text())
    if any(finding.state == "FAIL" for finding in findings):
        raise SystemExit(1)


def main() -> None:
    """Run the command line; a known failure ends with one line and status 1, a wrong argument with 2."""
    try:
        pushdigest()
    except FAILURES as error:
        click.echo(f"pushdigest: {redact(_one_line(error))}", err=True)
        raise SystemExit(1) from None


def _settings() -> Settings:
    settings = load_settings()
    log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
    return settings


def _last_day(settings: Settings, since: date, until: date | None) -> date:
    last = until or settings.calendar.day_of(datetime.now(UTC))
    if last < since:
        message = f"--until {last} is before --since {since}"
        raise click.UsageError(message)
    return last


def _finish(shop: Workshop, filled: Backfill) -> Progress:
    """Show the progress until every commit has been attempted, with workers of our own if there are none."""
    total = len(filled.shas)
    with launch.hands(shop) as supervisor, click.progressbar(length=total, file=sys.stderr) as bar:
        progress = filled.progress()
        while progress.untried and supervisor.watch(0.5):
            bar.update(total - progress.untried - bar.pos)
            progress = filled.progress()
        bar.update(total - progress.untried - bar.pos)
    return progress


def _full_sha(ledger: Ledger, repository: str, sha: str) -> str:
    found = (sha.lower(),) if FULL_SHA.fullmatch(sha) else ledger.find(repository, sha.lower())
    if len(found) != 1:
        message = f"{sha} names {len(found) or 'no'} recorded commits of {repository}; give all 40 digits"
        raise click.ClickException(message)
    return found[0]


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"Redis is away: {text}" if isinstance(error, RedisError) else text
