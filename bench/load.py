"""Clients that post signed deliveries over connections that stay open, as fast as they are answered."""

import json
import time
import uuid
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from secrets import token_hex
from statistics import quantiles

from promises import SECRETS

from webhook.signature import sign

PATH = "/webhooks/github"
LONGEST = 10.0
"""Seconds after which a load ends, even if not all has been delivered."""


class NotAccepted(Exception):
    """A delivery was refused; the message is the answer."""


@dataclass(frozen=True)
class Delivery:
    """A request."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Load:
    """What clients saw."""

    seconds: float
    answers: Sequence[float]
    """Seconds from request to answer, each."""

    @property
    def rate(self) -> float:
        """Deliveries a second."""
        return len(self.answers) / self.seconds

    def percentile(self, number: int) -> float:
        """Milliseconds within which so many of a hundred were answered."""
        return quantiles(self.answers, n=100)[number - 1] * 1000


def deliveries(repository: str, count: int, *, commits: int) -> list[Delivery]:
    """Pushes of so many new commits each, about 1 kB a commit, as GitHub sends them."""
    return [_delivery(json.dumps(_push(repository, commits)).encode()) for _ in range(count)]


def post(port: int, load: Iterable[Delivery], *, clients: int) -> Load:
    """Post all of it.

    Raises:
        NotAccepted: at the first answer that is not 202.
    """
    waiting = deque(load)
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        try:
            posted = [pool.submit(_post, port, waiting, started + LONGEST) for _ in range(clients)]
            answers = [seconds for client in posted for seconds in client.result()]
        finally:
            waiting.clear()
    return Load(time.perf_counter() - started, answers)


def _post(port: int, waiting: deque[Delivery], deadline: float) -> list[float]:
    """One client: the seconds that each answer took."""
    taken = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        while (delivery := _next(waiting)) and (started := time.perf_counter()) < deadline:
            connection.request("POST", PATH, delivery.body, delivery.headers)
            answer = connection.getresponse()
            said = answer.read()
            taken.append(time.perf_counter() - started)
            if answer.status != HTTPStatus.ACCEPTED:
                raise NotAccepted(f"{answer.status} {said.decode(errors='replace').strip()}")
    return taken


def _next(waiting: deque[Delivery]) -> Delivery | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _delivery(body: bytes) -> Delivery:
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": sign(body, SECRETS["GITHUB_WEBHOOK_SECRET"]),
    }
    return Delivery(body, headers)


def _push(repository: str, commits: int) -> dict[str, object]:
    pushed = [_commit(repository) for _ in range(commits)]
    return {
        "ref": "refs/heads/main",
        "before": _sha(),
        "after": pushed[-1]["id"],
        "deleted": False,
        "forced": False,
        "repository": {"full_name": repository, "default_branch": "main", "pushed_at": int(time.time())},
        "commits": pushed,
    }


def _commit(repository: str) -> dict[str, object]:
    sha, person = _sha(), {"name": "Author One", "email": "one@example.org", "username": "one"}
    body = "The limit was taken from another queue, so that a batch could wait for ever.\n" * 4
    return {
        "id": sha,
        "tree_id": _sha(),
        "distinct": True,
        "message": f"fix(engine): schedule a batch within its limit\n\n{body}",
        "timestamp": "2026-01-09T11:01:00+08:00",
        "url": f"https://github.com/{repository}/commit/{sha}",
        "author": person,
        "committer": person,
        "added": [],
        "removed": [],
        "modified": [f"engine/part_{number:02}.py" for number in range(6)],
    }


def _sha() -> str:
    return token_hex(20)
