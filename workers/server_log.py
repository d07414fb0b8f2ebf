"""What the embedded server has written to its log since it was started: why it does not run, as a rule."""

import re
from contextlib import suppress
from pathlib import Path

PREFIX = re.compile(r"^\d+:[A-Z] \d+ \w+ \d{4} [\d:.]+ . ")
"""What stands before each message in the server's log."""
DAMAGED = re.compile(r"reading the append only file ([\w.-]+\w)", re.IGNORECASE)
"""A message that names the file which could not be read to its end."""


class ServerLog:
    """What a server has written since its last start."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.start = 0

    def begin(self) -> None:
        """A server is started now."""
        with suppress(FileNotFoundError):
            self.start = self.file.stat().st_size

    def last_line(self) -> str:
        """Without process, time and level."""
        lines = self._lines()
        return PREFIX.sub("", lines[-1]) if lines else "no log was written"

    def damaged_file(self) -> str | None:
        """The append-only file that could not be read to its end."""
        found = [match[1] for line in self._lines() if (match := DAMAGED.search(line))]
        return found[-1] if found else None

    def _lines(self) -> list[str]:
        try:
            written = self.file.read_bytes()[self.start :].decode(errors="replace")
        except OSError:
            return []
        return [line for line in written.splitlines() if line.strip()]
