"""What a machine remembers of the ledger, in memory and under DATA_DIR: enough to notice that it was lost."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic import ValidationError

from analysis.storage.losses import Known, Losses

WRITTEN_EVERY = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class Witness:
    """Looks at the ledger again and again, and says so once when another has taken its place."""

    def __init__(self, losses: Losses, data_dir: Path) -> None:
        self.losses = losses
        self.file = data_dir / "ledger.json"
        self.known: Known | None = None
        self.written: Known | None = None

    def look(self, now: datetime) -> None:
        """Begin a ledger where there is none, and have it known what another held that was lost.

        Raises:
            redis.exceptions.RedisError: the ledger stays as it is remembered.
        """
        if self.known is None:
            self.known = self.written = self._read()
        before, self.known = self.known, self.losses.look(self.known, now)
        if before and before.id != self.known.id:
            for loss in self.losses.open():
                log.warning(loss.note.what, mend=loss.note.mend)
        if self._has_changed(self.known):
            self._write(self.known)

    def _has_changed(self, known: Known) -> bool:
        written = self.written
        if written is None or known.seen - written.seen >= WRITTEN_EVERY:
            return True
        return (known.id, known.first_days) != (written.id, written.first_days)

    def _read(self) -> Known | None:
        try:
            return Known.model_validate_json(self.file.read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, known: Known) -> None:
        """Replace the file at once; on a disk that is full what is in memory has to do."""
        self.written = known
        new = self.file.with_suffix(f".{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(known.model_dump_json(), encoding="utf-8")
            new.replace(self.file)
        except OSError as error:
            log.warning("the ledger is remembered in memory only", file=str(self.file), reason=str(error))
            with suppress(OSError):
                new.unlink()
