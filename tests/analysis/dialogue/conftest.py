"""A model on loopback, and another one."""

from collections.abc import Iterator

import loopback_model as loopback
import pytest
from loopback_model import LoopbackModel

from analysis.model.llm import preload


@pytest.fixture(scope="session")
def loaded() -> None:
    """So that no test's deadline pays for the import."""
    preload()


@pytest.fixture
def service(loaded: None) -> Iterator[LoopbackModel]:
    del loaded
    with loopback.running() as model:
        yield model


@pytest.fixture
def second() -> Iterator[LoopbackModel]:
    with loopback.running() as model:
        yield model
