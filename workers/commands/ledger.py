"""The ledger as a whole: into a file and back."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import click

from analysis.archive.export import Export
from analysis.archive.restore import Restore
from analysis.storage.removal import Removed
from workers.commands.arguments import OUTPUT, REPOSITORY, read_settings, spelt
from workers.counted import counted
from workers.forgetting import Forgetting, Forgotten
from workers.workshop import open_workshop


class NotConfirmed(Exception):
    """Nobody said yes; the message is one line."""


class StillUnderWay(Exception):
    """Jobs of a forgotten repository go on; the message is one line that says what to do."""


@click.command("export")
@click.argument("repositories", type=REPOSITORY, nargs=-1, metavar="[OWNER/NAME]...")
@click.option("-o", "--output", type=OUTPUT, help="A file to write to.")
def export_ledger(repositories: tuple[str, ...], output: Path | None) -> None:
    """Write all that is kept as lines of JSON.

    Of the repositories that are named, or of all.
    """
    with open_workshop(read_settings()) as shop:
        names = [spelt(shop.ledger, name) for name in repositories]
        lines = Export.of(shop.ledger, names, shop.now()).lines()
        if output is None:
            _write(lines, sys.stdout.buffer)
        else:
            _write_whole(lines, output)


@click.command("import")
@click.argument("file", type=click.File("rb"))
def import_ledger(file: BinaryIO) -> None:
    """Take over what `export` wrote.

    Into an empty ledger or beside what is there; - is standard input. May be repeated: what is known already
    stays as it is.
    """
    with open_workshop(read_settings()) as shop:
        taken = Restore.into(shop.ledger, shop.now()).run(file)
    known = f"{taken.completed} completed, {taken.unchanged} known already"
    click.echo(f"{counted(taken.new, 'commit is', 'commits are')} new, {known}", err=True)


@click.command()
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(repository: str, *, yes: bool) -> None:
    """Remove every trace of a repository, for good.

    What its calls to models took stays in the accounts of their days, without its name.
    """
    settings = read_settings()
    with open_workshop(settings) as shop:
        forgetting = Forgetting.of(shop, repository)
        kept = forgetting.kept
        if not yes:
            _ask(f"Remove {repository} with {_size(kept)}, for good?")
        forgotten = forgetting.run(
            tell=lambda jobs: click.echo(f"waiting for {counted(jobs, 'job')} under way", err=True)
        )
    _tell(repository, forgotten, followed=settings.repository(repository) is not None)


def _ask(question: str) -> None:
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:  # nobody is there, or Ctrl-C
        click.echo(err=True)  # ends the line of the question
        raise NotConfirmed("nothing is removed without an answer; --yes does not ask") from None
    if not agreed:
        raise NotConfirmed("nothing is removed")


def _tell(repository: str, forgotten: Forgotten, *, followed: bool) -> None:
    removed = forgotten.removed
    click.echo(f"{repository} is forgotten: {_size(removed)}")
    click.echo("Its mirror on this machine is gone; on other machines, run the same command.")
    if followed:
        click.echo(
            "It is still in the settings, so it is followed again, from its head on: take it out there."
        )
    if not forgotten.rewritten:
        click.echo("The server's append-only file still holds it: have the server run BGREWRITEAOF.")
    if forgotten.under_way:
        left = counted(forgotten.under_way, "job of it is", "jobs of it are")
        raise StillUnderWay(f"{left} still under way: run this again when that is over")


def _size(removed: Removed) -> str:
    return f"{counted(removed.commits, 'commit')} on {counted(removed.days, 'day')}"


def _write(lines: Iterable[str], stream: BinaryIO) -> None:
    stream.writelines(line.encode() + b"\n" for line in lines)
    stream.flush()


def _write_whole(lines: Iterable[str], output: Path) -> None:
    """Whatever stands there already is replaced once all is written; what is private stays so."""
    part = output.with_name(f"{output.name}.part")
    try:
        with open(part, "wb", opener=_for_us_alone) as stream:
            _write(lines, stream)
            os.fsync(stream.fileno())
        part.replace(output)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
