"""Digests of one day out of entries, for tests of what is rendered."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from builders import NOON

from analysis.calendar import Calendar
from analysis.storage.entry import DayRecord, Entry
from report.digest import Digest, StoredDay, build_digest

CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"))
DAY = NOON.date()


def make_day(entries: Iterable[Entry] = (), *, language: Any = "zh-CN", **record: Any) -> Digest:
    """The digest of these entries, a part for each repository; `record` goes into the day records."""
    parts: dict[str, list[Entry]] = {}
    for entry in entries:
        parts.setdefault(entry.repository, []).append(entry)
    defaults: dict[str, Any] = {"day": DAY, "revision": 1} | record
    stored = [StoredDay(DayRecord(repository=name, **defaults), tuple(part)) for name, part in parts.items()]
    return build_digest(defaults["day"], stored, calendar=CALENDAR, language=language)
