"""A repository, and a mirror of it that has fetched nothing yet."""

from pathlib import Path

import pytest
from mirrors import folder
from repositories import Origin

from workers.history import Mirror


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "served" / "project.git")


@pytest.fixture
def mirror(origin: Origin, tmp_path: Path) -> Mirror:
    return Mirror(folder(tmp_path), origin.remote())
