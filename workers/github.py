"""GitHub's REST API: one request, with a deadline and a cap, and what its refusals mean.

Rules of its documentation ("Best practices for using the REST API"): follow redirects, ask conditionally, and
stay away as long as `retry-after` or `x-ratelimit-reset` say.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from analysis.calendar import Now, utc_now
from analysis.model.faults import seconds_to_wait
from analysis.repository import Repository, is_loopback
from workers.workshop import Workshop

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


class NotPermitted(GitHubUnavailable):
    """The token is not accepted, or may not ask for this."""


@dataclass(frozen=True)
class Answer:
    """What was said to a request."""

    changed: bool
    """False when what the ETag names still holds (304)."""
    etag: str = ""
    data: Any = None
    """The JSON; None when GitHub does not know what was asked for."""
    following: str = ""
    """The `cursor` of the next page; empty on the last one."""


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
            GitHubUnavailable: no connection, no answer in time, or over a limit.
            NotPermitted: the token is refused.
        """
        with self._asking("GET", path, {"If-None-Match": etag} if etag else {}) as response:
            return _answer(response, time.monotonic() + TIMEOUT, self.now())

    def post(self, path: str) -> bool:
        """Have something done; False when GitHub does not know what, or will not do it.

        Raises:
            GitHubUnavailable, NotPermitted: as for `get`.
        """
        with self._asking("POST", path, {}) as response:
            if response.status_code not in _UNKNOWN and not response.is_success:
                raise _refusal(response, self.now())
            return response.is_success

    @contextmanager
    def _asking(self, method: str, path: str, more: Mapping[str, str]) -> Iterator[httpx.Response]:
        headers = {**HEADERS, "Authorization": f"Bearer {self.token}", **more}
        url = f"{self.url.rstrip('/')}{path}"
        try:
            with (
                httpx.Client(timeout=TIMEOUT, follow_redirects=True, headers=headers) as client,
                client.stream(method, url) as response,
            ):
                yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _fault(type(error).__name__, self.now()) from None


def api_for(workshop: Workshop, repository: Repository) -> GitHub | None:
    """The API that knows a repository; None without a token, or where another host serves it."""
    settings = workshop.settings
    if settings.github_token is None or not workshop.on_github(repository):
        return None
    return GitHub(settings.github_api_url, settings.github_token.get_secret_value(), workshop.now)


def _answer(response: httpx.Response, deadline: float, now: datetime) -> Answer:
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return Answer(changed=False)
    if response.status_code in _UNKNOWN:
        return Answer(changed=True)
    if response.status_code != HTTPStatus.OK:
        raise _refusal(response, now)
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LARGEST or time.monotonic() > deadline:
            raise _fault("the answer is too long or too slow", now)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise _fault("the answer is not JSON", now) from None
    return Answer(
        changed=True, etag=response.headers.get("etag", ""), data=data, following=_following(response)
    )


def _following(response: httpx.Response) -> str:
    """Of the address of the next page only its cursor: where the token goes is not for an answer to say."""
    address = response.links.get("next", {}).get("url", "")
    return parse_qs(urlsplit(address).query).get("cursor", [""])[0]


def _refusal(response: httpx.Response, now: datetime) -> GitHubUnavailable:
    limited = "retry-after" in response.headers or response.headers.get("x-ratelimit-remaining") == "0"
    refused = response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} and not limited
    kind = NotPermitted if refused else GitHubUnavailable
    return kind(f"HTTP {response.status_code}", _until(response, now))


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
