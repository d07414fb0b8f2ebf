"""The closing of a day: its digest gets a revision, and another whenever its content has changed since."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from report.digest import Digest, StoredDay, build_digest
from workers.workshop import Workshop

CLOSING_PATIENCE = timedelta(minutes=20)
"""After which a closing that was not finished is repeated."""
UNSEEN: Mapping[str, Any] = {
    "generated_at": True,
    "repositories": {"__all__": {"revision": True, "commits": {"__all__": {"attempts"}}}},
}
"""What may change in a digest without a reader noticing."""

log = structlog.get_logger(__name__)


def close(workshop: Workshop, repository: str, day: date, now: datetime) -> int:
    """Close a day with what the ledger holds; returns the revision that stands, -1 if another was faster."""
    record = workshop.ledger.day_record(repository, day)
    stored = StoredDay(record, workshop.ledger.day(repository, day))
    settings = workshop.settings
    digest = build_digest(day, [stored], calendar=settings.calendar, language=settings.report_language)
    revision = workshop.ledger.close(record, content_of(digest), now)
    log.info("day closed", repository=repository, day=str(day), revision=revision)
    return revision


def content_of(digest: Digest) -> str:
    """A hash of what a reader sees."""
    return hashlib.sha256(digest.model_dump_json(exclude=dict(UNSEEN)).encode()).hexdigest()
