"""Which day an instant belongs to, and when a day closes: days of REPORT_TIMEZONE, by zoneinfo."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]
"""A clock: gives the instant at which it is asked. Composition roots hand one down."""


WRITTEN = re.compile(r"\d{4}-\d\d?-\d\d?", re.ASCII)
"""How a day is written, whether or not there is one."""


def utc_now() -> datetime:
    """The instant by this machine's clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


class InvalidDate(ValueError):
    """A text that is no calendar date."""


def parse_date(text: str) -> date:
    """`2026-01-09` -> date.

    Raises:
        InvalidDate: for any other form, and for days that do not exist.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        if WRITTEN.fullmatch(text):
            message = f"there is no day {text} in the calendar"
            raise InvalidDate(message) from None
        message = f"{text!r} is no date; write it as YYYY-MM-DD, e.g. 2026-01-09"
        raise InvalidDate(message) from None


@dataclass(frozen=True)
class Calendar:
    """The days of one time zone.

    A day may have 23 or 25 hours; both of its borders are taken as wall-clock midnights.
    """

    zone: ZoneInfo
    digest_time: time = time(0, 10)

    def day_of(self, instant: datetime) -> date:
        """The day on which an aware instant falls."""
        return instant.astimezone(self.zone).date()

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """The first instant of the day and of the next one, in UTC."""
        return self._at(day, time()), self._at(day + timedelta(days=1), time())

    def closes_at(self, day: date) -> datetime:
        """When the digest of a day is due: at DIGEST_TIME on the day after, in UTC."""
        return self._at(day + timedelta(days=1), self.digest_time)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone).astimezone(UTC)
