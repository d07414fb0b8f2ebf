"""Payloads that nobody sends: real ones with any of their parts replaced or left out."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from operator import getitem
from typing import Any

from deliveries import FOLDER, read_payload
from hypothesis import strategies as st

HOSTILE = (
    "--upload-pack=touch",
    "../../etc/passwd",
    "..%2f..%2fetc",
    "ext::sh -c id",
    "-",
    ".",
    "..",
    "%00",
    "\0",
    "%",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "'; DROP TABLE commits; --",
    "${jndi:ldap://example.org/x}",
    "\r\nX-Injected: 1",
    "\u202e",
    "\ud800",
    "a" * 5_000,
    "[" * 300,
    "*" * 200,
)
DAYS = ("2026-01-09", "2026-1-9", "0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-٠١-٠٩", "2026-01-09T00:00")
SHAS = ("c7d7005be78cb3df4be01d399b6aaf0e5005ed93", "c7d7005", "C7D7005BE7", "f" * 40, "0" * 40, "f" * 41)
VALUES = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 10**30, 1.5, float("inf"), float("nan"), "", [], {}, [[]]]),
    st.sampled_from(HOSTILE),
    st.sampled_from((*DAYS, *SHAS, "refs/heads/main", "refs/heads/-x", "refs/heads/../x", "refs/tags/v1")),
    st.text(max_size=20),
    st.integers(),
)
"""What may stand in the place of a part of a payload."""
FIXTURES = {path.stem: read_payload(path.stem) for path in sorted(FOLDER.glob("*.json"))}


def to_bytes(payload: object) -> bytes:
    return json.dumps(payload).encode()


def _places(payload: Any, *above: Any) -> Iterator[tuple[Any, ...]]:
    """Each part of a payload, as the keys that lead to it."""
    if isinstance(payload, dict | list):
        for key in payload if isinstance(payload, dict) else range(len(payload)):
            yield (*above, key)
            yield from _places(payload[key], *above, key)


PLACES = {name: tuple(_places(payload)) for name, payload in FIXTURES.items()}
READ = ("ref", "before", "after", "deleted", "forced", "commits", "repository", "zen")
"""The fields that are looked at: they are changed more often than the others."""


@st.composite
def payloads(draw: st.DrawFn) -> Any:
    """A real payload with some of its parts replaced or left out."""
    name = draw(st.sampled_from(sorted(FIXTURES)))
    payload = json.loads(to_bytes(FIXTURES[name]))
    read = [place for place in PLACES[name] if place[0] in READ]
    for *above, key in draw(st.lists(st.sampled_from((*read, *PLACES[name])), max_size=3)):
        with suppress(KeyError, IndexError, TypeError):  # what led there has been replaced
            parent = reduce(getitem, above, payload)
            if draw(st.integers(0, 4)):
                parent[key] = draw(VALUES)
            else:
                del parent[key]
    return payload
