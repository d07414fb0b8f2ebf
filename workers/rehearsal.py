"""A rehearsal of a push: the newest commits of a repository, signed and posted to our own webhook.

`pushdigest run --show` uses it so that the first digest anyone sees has come the whole way.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from analysis.models import NO_SHA, Landed, Sha
from workers.history import Mirror

LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Reaches this machine itself, whatever proxy the environment names."""
NEWEST = 20
"""Commits in the delivery."""

EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class NothingToShow(Exception):
    """There is no commit to rehearse a push with; the message says what to do."""


class DeliveryRefused(Exception):
    """Our own webhook did not take the delivery; the message is its answer."""


@dataclass(frozen=True)
class Rehearsal:
    """A push of commits that are there already."""

    repository: str
    branch: str
    before: Sha
    commits: Sequence[Landed]
    """Oldest first, as GitHub lists them."""
    pushed_at: datetime

    @classmethod
    def of(cls, repository: str, mirror: Mirror, pushed_at: datetime) -> "Rehearsal":
        """The push that would have brought the newest commits of the default branch.

        Raises:
            NothingToShow: when the repository has no commit on a branch.
            RemoteUnavailable: when the history cannot be fetched now.
        """
        heads = mirror.fetch()
        branch = heads.default_branch
        if branch is None or branch not in heads.branches:
            message = f"{repository} has no commit on a branch: commit something, or name another with REPO="
            raise NothingToShow(message)
        before, commits = _newest(mirror, heads.branches[branch])
        return cls(repository, branch, before, commits, pushed_at)

    def payload(self) -> bytes:
        """The body of the delivery, with the fields of GitHub's that matter."""
        commits = [_payload_commit(commit) for commit in self.commits]
        push = {
            "ref": f"refs/heads/{self.branch}",
            "before": self.before,
            "after": self.commits[-1].sha,
            "created": self.before == NO_SHA,
            "deleted": False,
            "forced": False,
            "commits": commits,
            "head_commit": commits[-1],
            "repository": {
                "full_name": self.repository,
                "default_branch": self.branch,
                "pushed_at": int(self.pushed_at.timestamp()),
            },
        }
        return json.dumps(push).encode()


def _payload_commit(commit: Landed) -> dict[str, object]:
    return {
        "id": commit.sha,
        "distinct": True,
        "message": commit.subject,
        "timestamp": commit.authored_at.isoformat(),
        "author": {"name": commit.author, "email": ""},
    }


def _newest(mirror: Mirror, head: Sha) -> tuple[Sha, Sequence[Landed]]:
    """Where the push started, NEWEST first parents back or at the beginning, and what it brought."""
    history = {commit.sha: commit for commit in mirror.between(head, *EVER)}
    before = head
    for _ in range(NEWEST):
        parents = history[before].parents
        if not parents or parents[0] not in history:
            newest = tuple(history.values())[-NEWEST:]
            return next(iter(newest[0].parents), NO_SHA), newest
        before = parents[0]
    return before, tuple(mirror.walk(head, frozenset({before})))


def post(rehearsal: Rehearsal, address: str, secret: str) -> None:
    """Sign the push as GitHub does and post it to the webhook at an address such as `http://127.0.0.1:8000`.

    Raises:
        DeliveryRefused: if it is not accepted.
    """
    body = rehearsal.payload()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}/webhooks/github",
        data=body,
        headers={
            "Content-Type": "application/json",
            "X-GitHub-Event": "push",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": f"sha256={signature}",
        },
    )
    try:
        with LOOPBACK.open(request, timeout=30) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        message = f"the webhook answered {error.code}: {error.read(200).decode(errors='replace').strip()}"
        raise DeliveryRefused(message) from None
