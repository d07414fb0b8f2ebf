"""A workshop whose model is on loopback."""

from collections.abc import Iterator

import pytest
from closings import opened
from loopback_model import LoopbackModel

from workers.workshop import Workshop


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as loopback:
        yield loopback


@pytest.fixture
def shop(redis_url: str, model: LoopbackModel) -> Iterator[Workshop]:
    yield from opened(redis_url, model)
