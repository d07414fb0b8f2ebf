"""The mirror of a test's repository, and what landed there."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.models import Landed
from workers.history import Mirror

NOTHING: frozenset[str] = frozenset()


def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirrors" / "example" / "project.git"


def walked(
    mirror: Mirror, head: str, *, cursor: str | None, known: frozenset[str], floor: str | None = None
) -> Iterator[Landed]:
    """What landed on a branch since its cursor."""
    return mirror.walk(head, mirror.boundary(cursor, known=known, floor=floor))


def subjects(commits: Iterable[Landed]) -> list[str]:
    return [commit.subject for commit in commits]
