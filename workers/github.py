"""GitHub's REST API: one request, with a deadline and a cap, and what its refusals mean.

Rules of its documentation ("Best practices for using the REST API"): follow redirects, ask conditionally, and
stay away as long as `retry-after` or `x-ratelimit-reset` say.
"""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from analysis.calendar import Now, utc_now
from analysis.model.faults import seconds_to_wait
from analysis.repository import is_loopback

TIMEOUT = 8.0
"""Seconds for the connection, then for the headers, then for the rest."""
LARGEST = 4_000_000
"""Bytes of an answer."""
AFTER_A_FAULT = timedelta(minutes=1)
AFTER_A_REFUSAL = timedelta(minutes=15)
"""A token that is not accepted stays so until somebody changes it."""
HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "pushdigest",
}
_UNKNOWN = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT})
"""No such repository or commit, or an empty repository: an answer, not a fault."""


class GitHubUnavailable(Exception):
    """No answer that can be used; the message is one line without secrets."""

    def __init__(self, detail: str, until: datetime) -> None:
        super().__init__(f"GitHub: {detail}")
        self.until = until
        """Before which it should not be asked again."""


@dataclass(frozen=True)
class Answer:
    """What was said to a request."""

    changed: bool
    """False when what the ETag names still holds (304)."""
    etag: str = ""
    data: Any = None
    """The JSON; None when GitHub does not know what was asked for."""


@dataclass(frozen=True)
class GitHub:
    """The API at an address."""

    url: str
    token: str = field(repr=False)
    now: Now = utc_now

    @property
    def safe(self) -> bool:
        """Whether the token may travel there: never over a line that others can read."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))

    def get(self, path: str, *, etag: str = "") -> Answer:
        """Ask for a path below the address.

        Raises:
            GitHubUnavailable: no connection, no answer in time, over a limit, or the token is refused.
        """
        headers = HEADERS | {"Authorization": f"Bearer {self.token}"}
        headers |= {"If-None-Match": etag} if etag else {}
        url = f"{self.url.rstrip('/')}{path}"
        try:
            with (
                httpx.Client(timeout=TIMEOUT, follow_redirects=True, headers=headers) as client,
                client.stream("GET", url) as response,
            ):
                return _answer(response, time.monotonic() + TIMEOUT, self.now())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _fault(type(error).__name__, self.now()) from None


def _answer(response: httpx.Response, deadline: float, now: datetime) -> Answer:
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return Answer(changed=False)
    if response.status_code in _UNKNOWN:
        return Answer(changed=True)
    if response.status_code != HTTPStatus.OK:
        raise GitHubUnavailable(f"HTTP {response.status_code}", _until(response, now))
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST or time.monotonic() > deadline:
            raise _fault("the answer is too long or too slow", now)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise _fault("the answer is not JSON", now) from None
    return Answer(changed=True, etag=response.headers.get("etag", ""), data=data)


def _fault(detail: str, now: datetime) -> GitHubUnavailable:
    return GitHubUnavailable(detail, now + AFTER_A_FAULT)


def _until(response: httpx.Response, now: datetime) -> datetime:
    """As the headers say; without them by what the status means."""
    wait = seconds_to_wait(response.headers.get("retry-after"), now)
    if wait is not None:
        return now + timedelta(seconds=wait)
    reset = response.headers.get("x-ratelimit-reset", "")
    if response.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(now, datetime.fromtimestamp(min(int(reset), int(now.timestamp()) + 86_400), UTC))
    refused = response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    return now + (AFTER_A_REFUSAL if refused else AFTER_A_FAULT)
