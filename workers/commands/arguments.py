"""What the commands have in common: the settings, and how days, repositories and commits are named."""

import os
import re
from datetime import date
from pathlib import Path

import click

from analysis import log
from analysis.calendar import InvalidDate, parse_date, utc_now
from analysis.models import Sha
from analysis.repository import valid_name
from analysis.settings import Settings, load_settings
from analysis.sources import InvalidSettings
from analysis.storage.ledger import Ledger
from analysis.words import words_for
from report.roundup.span import InvalidSpan, Span, is_day, parse_span

FULL_SHA = re.compile(r"[0-9a-fA-F]{40}")


class Day(click.ParamType[date]):
    """A day of REPORT_TIMEZONE."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """`2026-01-09` -> date."""
        try:
            return value if isinstance(value, date) else parse_date(str(value))
        except InvalidDate as error:
            self.fail(str(error), param, ctx)


class DayOrSpan(click.ParamType[date | Span]):
    """A day of REPORT_TIMEZONE or a range of days."""

    name = "date or range"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date | Span:
        """`2026-01-09` -> date; `2026-01-09..2026-01-11`, `2026-W02`, `2026-01` -> Span."""
        if isinstance(value, (date, Span)):
            return value
        text = str(value)
        try:
            return parse_date(text)
        except InvalidDate as error:
            if is_day(text):
                self.fail(str(error), param, ctx)
        try:
            return parse_span(text)
        except InvalidSpan as invalid:
            self.fail(words_for("en")(f"pages.error.{invalid.key}", **invalid.fields), param, ctx)


class RepositoryName(click.ParamType[str]):
    """`owner/name`."""

    name = "owner/name"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Only what can be a repository of GitHub."""
        try:
            return valid_name(str(value))
        except InvalidSettings as error:
            self.fail(str(error), param, ctx)


class Output(click.Path):
    """A file to write to, in a folder that is there; what stands there already is replaced."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Refused before anything is read for it."""
        if not (folder := Path(value).parent).is_dir():
            self.fail(f"{value}: there is no folder {folder}; make it first", param, ctx)
        return super().convert(value, param, ctx)


class NoSuchCommit(Exception):
    """No commit, or more than one, is meant by what was given; the message is one line."""


DAY = Day()
DAY_OR_SPAN = DayOrSpan()
REPOSITORY = RepositoryName()
OUTPUT = Output()


def read_settings() -> Settings:
    """The settings, and the logs of this process as they say.

    Raises:
        InvalidSettings: with one line that names the setting and what it takes.
    """
    settings = load_settings()
    log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
    return settings


def last_day(settings: Settings, since: date, until: date | None) -> date:
    """The last of a range of days: today if none is given."""
    last = until or settings.calendar.day_of(utc_now())
    if last < since:
        named = f"--until {last} is before" if until else f"today, {last}, is before"
        message = f"{named} --since {since}"
        raise click.UsageError(message)
    return last


def spelt(ledger: Ledger, repository: str) -> str:
    """A repository's name as the ledger spells it, since GitHub's ignore case; else as it is given."""
    known = (name for name in ledger.repositories() if name.lower() == repository.lower())
    return next(known, repository)


def full_sha(ledger: Ledger, repository: str, sha: str) -> Sha:
    """All 40 digits of a sha; one that is given in full need not be recorded.

    Raises:
        NoSuchCommit: for less, if that is not exactly one that is recorded.
    """
    found = (sha.lower(),) if FULL_SHA.fullmatch(sha) else ledger.find(repository, sha.lower())
    if len(found) != 1:
        message = f"{sha} names {len(found) or 'no'} recorded commits of {repository}; give all 40 digits"
        raise NoSuchCommit(message)
    return found[0]
