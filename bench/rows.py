"""The table that the benchmark prints: a row as soon as it is measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

WIDTHS = (46, 22, 46, 6)
MEGABYTE = 1_000_000


class NotMeasurable(Exception):
    """What a measurement needs is not here; the message is one line that names it."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    goal: str
    measured: str
    """The median of several runs, with its unit."""
    ratio: float | None = None
    """To the floor that was measured in the same run; None where there is none."""
    met: bool | None = None
    """None where there is no goal."""

    def line(self) -> str:
        """The row in columns."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {True: "ok", False: "over", None: "-"}[self.met]
        return _columns(self.what, self.goal, self.measured, ratio, verdict)


Measurement = Callable[[Path], Iterator[Row]]
"""Takes a folder of its own, which is deleted afterwards; yields rows as they are measured."""


def heading() -> str:
    """The table's first two lines."""
    names = _columns("what", "goal", "measured", "ratio", "")
    return f"{names}\n{'-' * len(names)}"


def _columns(*cells: str) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*padded, cells[-1].ljust(4)])
