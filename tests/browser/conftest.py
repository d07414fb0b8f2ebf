"""A whole application with every kind of page in it, for the tests of a file."""

from collections.abc import Iterator

import pytest
from city import City, city
from redis import Redis

from workers.embedded import EmbeddedServer


@pytest.fixture(scope="module")
def town(server: EmbeddedServer) -> Iterator[City]:
    with Redis.from_url(server.url) as client:
        client.flushall()
    with city(server.url) as built:
        yield built
