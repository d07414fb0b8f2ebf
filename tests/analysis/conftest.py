"""What several folders of tests share: a model on loopback, files that settings are read from."""

from collections.abc import Iterator

import loopback_model as loopback
import pytest
from loopback_model import LoopbackModel
from written import Write, written

from analysis.model.llm import preload


@pytest.fixture
def dotenv() -> Write:
    return lambda text: written(".env", text)


@pytest.fixture
def toml() -> Write:
    return lambda text: written("pushdigest.toml", text)


@pytest.fixture(scope="session")
def loaded() -> None:
    """So that no test's deadline pays for the import."""
    preload()


@pytest.fixture
def service(loaded: None) -> Iterator[LoopbackModel]:
    del loaded
    with loopback.running() as model:
        yield model
