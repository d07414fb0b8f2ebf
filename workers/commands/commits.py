"""Single commits: trying them again, and looking at how they are judged and put to a model."""

from datetime import date, datetime

import click

from analysis.calendar import utc_now
from analysis.importance.triage import triage
from analysis.models import Importance
from analysis.redact import redact, redact_values
from analysis.settings import Settings
from analysis.storage.entry import Correction, State
from analysis.text.unseen import one_line
from workers.commands.arguments import DAY, REPOSITORY, NoSuchCommit, full_sha, last_day, read_settings, spelt
from workers.counted import counted
from workers.replay import Comparison, stored
from workers.workshop import Workshop, open_workshop

LONGEST_NOTE = 500


@click.command()
@click.argument("repository", type=REPOSITORY, required=False, metavar="[OWNER/NAME")
@click.argument("sha", required=False, metavar="[SHA]]")
def retry(repository: str | None, sha: str | None) -> None:
    """Put parked commits back to pending."""
    start = (sha or "").lower()
    with open_workshop(read_settings()) as shop:
        known = _kept(shop, repository) if repository else None
        parked = [(name, found) for name, found in shop.leases.parked(known) if found.startswith(start)]
        reopened = sum(shop.leases.reopen(name, found, State.PARKED) for name, found in parked)
    if sha and not parked:
        message = (
            f"no parked commit of {known} starts with {sha}; `pushdigest retry {known}` takes all that are"
        )
        raise NoSuchCommit(message)
    click.echo(f"{counted(reopened, 'commit is', 'commits are')} pending again")


def _kept(shop: Workshop, repository: str) -> str:
    """The name of a repository that has days, or is followed and may have some."""
    name = spelt(shop.ledger, repository)
    return name if name in shop.ledger.repositories() else shop.repository(name).name


@click.command()
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.argument("sha")
@click.option(
    "--importance", type=click.Choice([each.value for each in Importance]), help="How much it matters."
)
@click.option("--note", metavar="TEXT", help="Why; readers see it.")
@click.option("--clear", is_flag=True, help="Take the correction back.")
def correct(repository: str, sha: str, importance: str | None, note: str | None, *, clear: bool) -> None:
    """Say how much a commit matters.

    Readers see it and its note beside what the analysis says.
    """
    settings, now = read_settings(), utc_now()
    if clear == bool(importance or note):
        raise click.UsageError("give --importance and --note, or --clear alone")
    correction = None if clear else _correction(settings, importance, note, now)
    with open_workshop(settings) as shop:
        name = spelt(shop.ledger, repository)
        full = full_sha(shop.ledger, name, sha)
        if correction:
            entry = shop.corrections.put(name, full, correction)
        else:
            entry = shop.corrections.clear(name, full, now)
    if entry is None:
        message = f"{sha} names no recorded commit of {name}"
        raise NoSuchCommit(message)
    said = entry.analysis.importance if entry.analysis else "nothing yet"
    counts = f"counts as {correction.importance} now" if correction else "counts as its analysis says"
    click.echo(f"{full[:10]} {counts} (the analysis: {said})")


def _correction(settings: Settings, importance: str | None, note: str | None, now: datetime) -> Correction:
    """Without a secret, like everything that is kept."""
    if not importance or not note:
        raise click.UsageError("give both --importance and --note")
    line = one_line(redact_values(redact(note), settings.secret_values()))
    if not 0 < len(line) <= LONGEST_NOTE:
        message = f"--note takes one line of at most {LONGEST_NOTE} characters"
        raise click.UsageError(message)
    return Correction(importance=Importance(importance), note=line, corrected_at=now)


@click.command("show-prompt")
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.argument("sha")
def show_prompt(repository: str, sha: str) -> None:
    """Print what would leave this machine for a commit."""
    from workers.context import context_of, known_of, pull_request_of  # noqa: PLC0415 - loads httpx
    from workers.desk import analyzer_for, read_masked  # noqa: PLC0415 - loads litellm

    with open_workshop(read_settings()) as shop:
        followed = shop.repository(repository)
        analyzer = analyzer_for(shop, followed)
        if analyzer is None:
            click.echo("Nothing leaves this machine: no model is configured for this repository.")
            return
        commit = read_masked(shop, followed, full_sha(shop.ledger, followed.name, sha))
        verdict = triage(commit, shop.settings.triage, known_of(shop, commit))
        context = context_of(shop, commit, verdict, pull_request_of(shop, followed, commit.sha))
        draft = analyzer.draft(commit, verdict, context)
        for message in draft.messages:
            click.echo(f"--- {message['role']}\n{message['content']}")
        if len(draft.prompts) > 1:
            click.echo("What is found in these parts goes into one more request.", err=True)


@click.command("triage")
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.option("--since", type=DAY, required=True, help="The first day.")
@click.option("--until", type=DAY, help="The last day; today if not given.")
def retriage(repository: str, since: date, until: date | None) -> None:
    """Show which commits other weights would move.

    Judges what is stored by the weights of pushdigest.toml, and changes nothing.
    """
    settings = read_settings()
    last = last_day(settings, since, until)
    with open_workshop(settings) as shop:
        known = shop.repository(repository).name
        compared = Comparison.of(known, stored(shop.ledger, known, since, last), settings.triage)
    click.echo(compared.text())
