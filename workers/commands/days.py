"""Whole days: analysing those that are past, and printing any."""

import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import click

from analysis.storage.census import Progress
from report.parts import LIMIT, size
from report.roundup.span import Span
from workers import launch
from workers.backfill import Backfill
from workers.commands.arguments import DAY, DAY_OR_SPAN, OUTPUT, REPOSITORY, last_day, read_settings
from workers.counted import counted
from workers.edition import Form, heads_part, parts, render
from workers.following import follow
from workers.sheets import remove_surplus, write_sheets
from workers.workshop import Workshop, open_workshop


@click.command()
@click.argument("repository", type=REPOSITORY, metavar="OWNER/NAME")
@click.option("--url", help="Where to fetch it from, if not from GITHUB_URL.")
@click.option("--since", type=DAY, required=True, help="The first day.")
@click.option("--until", type=DAY, help="The last day; today if not given.")
@click.option("--reanalyse", is_flag=True, help="Have the model look at what only the rules have analysed.")
def backfill(repository: str, url: str | None, since: date, until: date | None, *, reanalyse: bool) -> None:
    """Analyse the days that are past.

    Exits with 1 if any commit still waits in the end, e.g. because the model is down; it is analysed later.
    """
    settings = read_settings()
    last = last_day(settings, since, until)
    with open_workshop(settings) as shop:
        follow(shop, repository, url)
        filled = Backfill.of(shop, shop.repository(repository), since, last)
        if reanalyse:
            filled.reopen()
        progress = _finish(shop, filled)
        filled.close_days(shop.now())
    waiting = progress.waiting + progress.untried
    counts = f"{progress.analysed} analysed, {progress.parked} parked, {waiting} waiting"
    click.echo(f"{counted(len(filled.shas), 'commit')}: {counts}", err=True)
    if waiting:
        raise SystemExit(1)


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


@click.command()
@click.argument("day", type=DAY_OR_SPAN, metavar="DATE|FROM..TO")
@click.argument("repositories", type=REPOSITORY, nargs=-1, metavar="[OWNER/NAME]...")
@click.option("--format", "form", type=click.Choice(["markdown", "html", "json"]), default="markdown")
@click.option("-o", "--output", type=OUTPUT, help="A file to write to.")
@click.option(
    "--split", is_flag=True, help="Write Markdown in parts that GitHub takes: FILE.md, FILE.2.md ..."
)
def digest(
    day: date | Span, repositories: tuple[str, ...], form: Form, output: Path | None, *, split: bool
) -> None:
    """Print the digest of a day or of a range.

    The day need not be over. A range is told as one: FROM..TO with both ends included, a week such as
    2026-W02, or a month such as 2026-01.
    """
    if split and (output is None or form != "markdown"):
        message = "--split writes Markdown to files: name the first with -o FILE"
        raise click.UsageError(message)
    settings = read_settings()
    with open_workshop(settings) as shop:
        if split and output:
            _write(parts(shop.library, day, repositories), output, day)
            return
        text = render(shop.library, day, repositories, form)
    if form == "markdown" and size(text) > LIMIT:
        message = f"longer than an issue on GitHub may be ({LIMIT:,} characters): --split -o FILE makes parts"
        click.echo(message, err=True)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        output.write_text(text, encoding="utf-8")


def _write(texts: Sequence[str], first: Path, day: date | Span) -> None:
    """`day.md`, `day.2.md` ..., and none that an earlier run has left beyond them."""
    for file, text in zip(write_sheets(texts, first), texts, strict=True):
        click.echo(f"{file}: {size(text):,} characters", err=True)
    if surplus := remove_surplus(first, len(texts), partial(heads_part, day)):
        names = ", ".join(map(str, surplus))
        click.echo(f"removed, as the digest has fewer parts now: {names}", err=True)
