"""What readers say of the importance of commits, kept in a field of its own, so that no analysis touches it.

A closed day gets a new revision with it. Every method may raise `redis.exceptions.RedisError`.
"""

from datetime import datetime

from analysis.models import Sha
from analysis.storage import keys
from analysis.storage.entry import Correction, Entry
from analysis.storage.ledger import BETWEEN_REVISIONS, Ledger
from analysis.storage.store import in_ms, to_ms


class Corrections:
    """Corrections, in the entries of the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def put(self, repository: str, sha: Sha, correction: Correction) -> Entry | None:
        """Keep a correction in the place of any other; the same once more changes nothing.

        Returns:
            The entry as it was before; None when that commit was never recorded.
        """
        entry = self.ledger.entry(repository, sha)
        if entry and not _same(entry.correction, correction):
            self._store(entry, correction.model_dump_json(), correction.corrected_at)
        return entry

    def clear(self, repository: str, sha: Sha, now: datetime) -> Entry | None:
        """Take a correction back; returns as `put`."""
        entry = self.ledger.entry(repository, sha)
        if entry:
            self._store(entry, "", now)
        return entry

    def _store(self, entry: Entry, correction: str, now: datetime) -> None:
        name, day = entry.repository, entry.day
        self.ledger.store.run(
            "correct",
            [keys.commit(name, entry.sha), keys.digest(name, day), keys.unfinished(name, day), keys.CLOSINGS],
            [correction, keys.closing(name, day), to_ms(now), in_ms(BETWEEN_REVISIONS)],
        )


def _same(known: Correction | None, new: Correction) -> bool:
    return known is not None and (known.importance, known.note) == (new.importance, new.note)
