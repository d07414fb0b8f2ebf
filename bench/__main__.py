"""`python -m bench [NAME]...`: one table of speed and size. It measures and does not judge: status 0."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from analysis.settings import Settings
from bench import (
    archive,
    checkout,
    day,
    intake,
    markdown,
    memory,
    pages,
    ranges,
    redact,
    search,
    tokens,
    triage,
    web,
)
from bench.rows import Measurement, NotMeasurable, Row, heading

MEASUREMENTS: dict[str, Measurement] = {
    "intake": intake.measure,
    "checkout": checkout.measure,
    "day": day.measure,
    "memory": memory.measure,
    "markdown": markdown.measure,
    "pages": pages.measure,
    "ranges": ranges.measure,
    "search": search.measure,
    "web": web.measure,
    "tokens": tokens.measure,
    "triage": triage.measure,
    "redact": redact.measure,
    "archive": archive.measure,
}
UNKNOWN = 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as a shell reports it."""


def main(names: Sequence[str]) -> int:
    """Measure what is named, or everything; returns the exit status."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"bench: no {unknown[0]!r}; there are {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return UNKNOWN
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    _forget_settings()
    try:
        _print_table(names or tuple(MEASUREMENTS))
    except KeyboardInterrupt:
        print("bench: stopped", file=sys.stderr)
        return INTERRUPTED
    return 0


def _print_table(names: Sequence[str]) -> None:
    started = time.monotonic()
    print(heading())
    for name in names:
        with TemporaryDirectory(prefix="pushdigest-bench-") as folder, chdir(folder):
            _print_rows(name, Path(folder))
    print(f"{_cores()} cores, {time.monotonic() - started:.0f} s")


def _print_rows(name: str, folder: Path) -> None:
    try:
        for row in MEASUREMENTS[name](folder):
            print(row.line(), flush=True)
    except (NotMeasurable, AssertionError) as failed:  # sites assert that what they wait for happens
        reason = next(iter(str(failed).splitlines()), "")
        print(Row(name, "", f"stopped: {reason[:200]}").line(), flush=True)


def _cores() -> int:
    return os.cpu_count() or 1


def _forget_settings() -> None:
    """No variable of whoever measures has a part in it; `.env` and the TOML have none in another folder."""
    for name in Settings.model_fields:
        for variable in (name.upper(), f"{name.upper()}_FILE"):
            os.environ.pop(variable, None)
    os.environ.pop("PUSHDIGEST_CONFIG", None)


def _leave(*_: object) -> NoReturn:
    """Ask once: whoever is impatient does not keep us from stopping what we started."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
