"""The closing of a day: its digest gets a revision, and another whenever its content has changed since."""

import hashlib
import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from analysis.storage.highlights import Highlights
from report.digest import Digest, StoredDay, build_digest
from workers.editor import edit
from workers.workshop import Workshop

UNSEEN: Mapping[str, Any] = {
    "generated_at": True,
    "repositories": {
        "__all__": {
            "revision": True,
            "spending": True,
            "landed": True,
            "muted": True,
            "folds": True,
            "commits": {"__all__": {"attempts"}},
        }
    },
}
"""What may change in a digest without a reader noticing."""

log = structlog.get_logger(__name__)


def close(workshop: Workshop, repository: str, day: date, now: datetime) -> int:
    """Close a day with what the ledger holds; returns the revision that stands, -1 if another was faster."""
    record = workshop.ledger.day_record(repository, day)
    stored = StoredDay(record, workshop.ledger.day(repository, day))
    told = edit(workshop, stored, now)
    if told is not None:
        record = record.model_copy(update={"highlights": told})
    settings = workshop.settings
    digest = build_digest(
        day,
        [StoredDay(record, stored.entries)],
        calendar=settings.calendar,
        language=settings.report_language,
    )
    again = now + _pause(workshop, told) if told and not told.items and not digest.counts.pending else None
    revision = workshop.ledger.close(record, content_of(digest), now, again=again)
    log.info("day closed", repository=repository, day=str(day), revision=revision)
    return revision


def _pause(workshop: Workshop, told: Highlights) -> timedelta:
    """Until a model is asked again; a day with pending commits is closed again anyway."""
    jitter = random.random()  # noqa: S311 - no secret
    return workshop.pauses.highlights.pause(told.failures, jitter)


def content_of(digest: Digest) -> str:
    """A hash of what a reader sees."""
    return hashlib.sha256(digest.model_dump_json(exclude=dict(UNSEEN)).encode()).hexdigest()
