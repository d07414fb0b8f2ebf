"""Push deliveries of real repositories, in GitHub's form and signed as GitHub signs them."""

import hashlib
import hmac
import time
from typing import Any

from repositories import Origin

NO_SHA = "0" * 40


def signed(body: bytes, secret: str, delivery: str) -> dict[str, str]:
    """The headers of a delivery of that body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={digest}",
    }


def payload(repository: str, origin: Origin, before: str, branch: str = "main") -> dict[str, Any]:
    """The fields of GitHub's push that matter, for all that a branch has after a commit.

    `NO_SHA` stands for a branch that the push creates: it brings what no other branch has.
    """
    form = "%H%x00%B%x00%aI%x00%an%x00%ae%x01"
    ref = f"refs/heads/{branch}"
    created = before == NO_SHA
    others = [f"--exclude={branch}", "--branches"] if created else [before]
    listed = origin.git("log", "--reverse", f"--format={form}", ref, "--not", *others)
    commits = [
        {
            "id": sha,
            "distinct": True,
            "message": message.strip("\n"),
            "timestamp": authored,
            "url": f"https://github.com/{repository}/commit/{sha}",
            "author": {"name": author, "email": email},
        }
        for sha, message, authored, author, email in (
            record.strip("\n").split("\0") for record in listed.split("\1")[:-1]
        )
    ]
    return {
        "ref": ref,
        "before": before,
        "after": origin.head(branch),
        "created": created,
        "deleted": False,
        "forced": False,
        "commits": commits,
        "repository": {
            "full_name": repository,
            "default_branch": "main",
            "pushed_at": int(time.time()),
        },
    }
