"""A repository at GitHub, and an application that follows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import table
from repositories import Origin
from upstream import NAME, Follower, Upstream, following


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "served" / "project.git", NAME)


@pytest.fixture
def upstream(origin: Origin) -> Upstream:
    return Upstream(origin)


@pytest.fixture
def follower(redis_url: str, upstream: Upstream) -> Iterator[Follower]:
    """Follows main and releases since its third commit."""
    upstream.push("Begin", "Go on", "Before us")
    tables = table(NAME, upstream.origin, branches=["main", "release/*"])
    with following(redis_url, tables) as found:
        found.poll()
        assert found.landed() == {}
        yield found
