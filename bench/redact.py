"""What masking costs, and what it finds: planted secrets, and this checkout's own code, which has none."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from planted import PLANTED

from analysis.redact import redact
from analysis.secret_forms import FORMS
from bench import ROOT
from bench.rows import Row

ROOMS = ("analysis", "report", "workers", "webhook", "bench")
LINES = 5_000
GOAL = 50
RUNS = 9


def measure(folder: Path) -> Iterator[Row]:
    """The time for a patch of 5,000 lines, then recall, then what is masked in code without secrets."""
    del folder
    code = [line for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for line in _lines(path)]
    patch = "".join(f"+{code[number % len(code)]}\n" for number in range(LINES))
    patch += "".join(f"+{text}\n" for text, _ in PLANTED.values())
    taken, floor = _milliseconds(lambda: redact(patch)), _milliseconds(lambda: _look(patch))
    yield Row(
        f"masking {LINES:,} lines with {len(PLANTED)} secrets",
        f"<= {GOAL} ms",
        f"{taken:.1f} ms",
        None,
        taken <= GOAL,
    )
    yield Row("masking, to only looking for its landmarks", "", f"{floor:.1f} ms", taken / floor)
    found = sum(secret not in redact(text) for text, secret in PLANTED.values())
    yield Row(f"secrets of {len(PLANTED)} kinds masked", "all", f"{found}", None, found == len(PLANTED))
    masked = sum(redact(line) != line for line in code)
    yield Row(f"lines masked of {len(code):,} without a secret", "none", f"{masked}", None, masked == 0)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _look(text: str) -> None:
    lowered = text.lower()
    for form in FORMS:
        for landmark in form.landmarks:
            lowered.count(landmark)


def _milliseconds(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return median(taken) * 1000
