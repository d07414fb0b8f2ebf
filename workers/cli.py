"""The command line: `pushdigest COMMAND`. A failure is one line on standard error that says what to do."""

import click
from redis.exceptions import RedisError

from analysis.archive.reading import DamagedLine, NewerExport
from analysis.redact import redact
from analysis.sources import InvalidSettings
from analysis.storage.outage import outage_of
from analysis.storage.removal import NothingKept
from analysis.storage.schema import NewerLedger
from workers import launch
from workers.backfill import NothingToFollow
from workers.checkouts import NotACheckout
from workers.commands import arguments, commits, days, ledger, processes, state
from workers.edition import NoDigest
from workers.embedded import ServerUnavailable
from workers.gitstream import GitMissing
from workers.occupancy import Occupied
from workers.rehearsal import DeliveryRefused, NothingToShow
from workers.remote import CommitUnreachable, RemoteUnavailable
from workers.retention import DayNotKept
from workers.workshop import NotFollowed

FAILURES = (
    CommitUnreachable,
    DamagedLine,
    DayNotKept,
    DeliveryRefused,
    GitMissing,
    InvalidSettings,
    NewerExport,
    NewerLedger,
    NoDigest,
    NotACheckout,
    NotFollowed,
    NothingKept,
    NothingToFollow,
    NothingToShow,
    OSError,
    Occupied,
    RedisError,
    RemoteUnavailable,
    ServerUnavailable,
    arguments.NoSuchCommit,
    launch.CannotRun,
    ledger.NotConfirmed,
    ledger.StillUnderWay,
)
"""What a command may fail with; everything else is a mistake of ours."""
COMMANDS = (
    *(processes.run, processes.web, processes.worker, processes.clock),
    *(days.backfill, days.digest),
    *(commits.retry, commits.correct, commits.show_prompt, commits.retriage),
    *(ledger.export_ledger, ledger.import_ledger, ledger.forget),
    *(state.status, state.doctor),
)


@click.group(commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pushdigest")
def pushdigest() -> None:
    """The daily digest of what was pushed to the repositories you follow.

    Settings come from the environment, then .env, then pushdigest.toml; .env.example lists them all.
    """


def main() -> None:
    """Run the command line; a known failure ends with one line and status 1, a wrong argument with 2."""
    try:
        pushdigest()
    except FAILURES as error:
        click.echo(f"pushdigest: {redact(_one_line(error))}", err=True)
        raise SystemExit(1) from None


def _one_line(error: Exception) -> str:
    text = " ".join(_said(error).split())
    return f"{outage_of(error)} ({text})" if isinstance(error, RedisError) else text


def _said(error: Exception) -> str:
    """Of a file, its name and what is the matter with it, without the number of the error."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)
