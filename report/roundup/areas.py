"""The areas of the code that moved: folders, with the commits that touched them and their lines; pure."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analysis.diff.paths import UNREAD, kind_of_file
from analysis.models import FileChange, Frozen
from analysis.storage.glance import Touched

MOST = 8
"""Areas that are named."""
TOP = "*"
"""The name of what lies in no folder."""
DEEPEST = 3
"""Folders of a path that are told apart: `src/engine/kernels/`."""


class Area(Frozen):
    """A folder."""

    path: str
    """`engine/`; `engine/*` for what lies in no folder of it, where its folders are told; `*` for the top."""
    commits: int
    lines: int
    """Added and deleted, without files that a program made."""


class Place(NamedTuple):
    """A folder, and how many folders of a path were looked at: `a/b.py` lies in `a/` however many."""

    depth: int
    path: str

    @property
    def name(self) -> str:
        """What it is called where others are told that deep."""
        return self.path if self.path.count("/") == self.depth else f"{self.path}*"

    def inside(self, other: "Place") -> bool:
        """Whether it is one of the other's folders, or what lies in none of them."""
        within = self.path == other.path or bool(other.path and self.path.startswith(other.path))
        return within and self.depth == other.depth + 1


Ground = dict[Place, tuple[int, int]]
"""Place -> commits and lines, at each depth."""


def ground_of(commits: Iterable[Iterable[Touched]]) -> Ground:
    """Where commits went, each with the files that it touched."""
    found: dict[Place, list[int]] = {}
    for files in commits:
        for place, lines in _lines_of(files).items():
            sums = found.setdefault(place, [0, 0])
            sums[0] += 1
            sums[1] += lines
    return {place: (count, lines) for place, (count, lines) in found.items()}


def joined_ground(parts: Iterable[Ground]) -> Ground:
    """Several grounds as one."""
    found: dict[Place, tuple[int, int]] = {}
    for part in parts:
        for place, (count, lines) in part.items():
            known_count, known_lines = found.get(place, (0, 0))
            found[place] = known_count + count, known_lines + lines
    return found


def areas_of(ground: Ground) -> tuple[Area, ...]:
    """The areas with most commits; one in which more than half of them lie is told by its folders."""
    shown = {place: sums for place, sums in ground.items() if place.depth == 1}
    while (largest := _to_be_split(shown, ground)) is not None:
        shown = {place: sums for place, sums in shown.items() if place != largest} | _inside(largest, ground)
    found = (Area(path=place.name, commits=count, lines=lines) for place, (count, lines) in shown.items())
    return tuple(sorted(found, key=lambda area: (-area.commits, -area.lines, area.path))[:MOST])


def _to_be_split(shown: Ground, ground: Ground) -> Place | None:
    """An area that says too little, because the larger part of what is shown lies in it."""
    largest = max(shown, key=lambda place: shown[place], default=None)
    if largest is None or 2 * shown[largest][0] <= sum(count for count, _ in shown.values()):
        return None
    return largest if largest.depth < DEEPEST and len(_inside(largest, ground)) > 1 else None


def _inside(area: Place, ground: Ground) -> Ground:
    return {place: sums for place, sums in ground.items() if place.inside(area)}


def _lines_of(files: Iterable[Touched]) -> dict[Place, int]:
    """One commit's lines in each place that it touched."""
    found: dict[Place, int] = {}
    for file in files:
        written = 0 if _made(file.path, file.marked) else file.lines
        for place in _places(file.path):
            found[place] = found.get(place, 0) + written
    return found


@lru_cache(maxsize=20_000)
def _places(path: str) -> tuple[Place, ...]:
    folders = path.split("/")[:-1]
    return tuple(
        Place(depth, "".join(f"{folder}/" for folder in folders[:depth])) for depth in range(1, DEEPEST + 1)
    )


@lru_cache(maxsize=20_000)
def _made(path: str, marked: str | None) -> bool:
    """Whether it was made by a program or elsewhere."""
    file = FileChange.model_validate({"path": path, "status": "M", "marked": marked})
    return kind_of_file(file) in UNREAD
