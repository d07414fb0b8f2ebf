"""Files that settings are read from, in the test's own working directory."""

import pytest
from written import Write, written


@pytest.fixture
def dotenv() -> Write:
    return lambda text: written(".env", text)


@pytest.fixture
def toml() -> Write:
    return lambda text: written("pushdigest.toml", text)
