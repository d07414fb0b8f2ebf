"""Another model on loopback, to fall back to."""

from collections.abc import Iterator

import loopback_model as loopback
import pytest
from loopback_model import LoopbackModel


@pytest.fixture
def second() -> Iterator[LoopbackModel]:
    with loopback.running() as model:
        yield model
