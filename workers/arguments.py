"""What the command line takes: days, ranges of days and repositories; a wrong one is told in a line."""

from datetime import date

import click

from analysis.calendar import InvalidDate, parse_date
from analysis.repository import valid_name
from analysis.sources import InvalidSettings
from analysis.words import words_for
from report.roundup.span import InvalidSpan, Span, is_day, parse_span


class Day(click.ParamType[date]):
    """A day of REPORT_TIMEZONE."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """`2026-01-09` -> date."""
        try:
            return value if isinstance(value, date) else parse_date(str(value))
        except InvalidDate as error:
            self.fail(str(error), param, ctx)


DAY = Day()


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


DAY_OR_SPAN = DayOrSpan()
REPOSITORY = RepositoryName()
