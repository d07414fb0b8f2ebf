"""A repository's webhook at GitHub: it really posts, and keeps every attempt, the newest first.

hook = Hook(f"{site.settings.public_url}/webhooks/github", secret)
hook.deliver(json.dumps(payload).encode())      # fails while nobody listens
github.hooks["example/project"] = [hook]        # then it can be listed and asked to deliver again
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
from pushes import signed

NUMBERS = count(40_000_000_001)


def attempt(guid: str, at: datetime, status: str = "OK", **fields: Any) -> dict[str, Any]:
    """One attempt with the fields of GitHub's that matter, and some that do not."""
    return {
        "id": next(NUMBERS),
        "guid": guid,
        "delivered_at": at.isoformat().replace("+00:00", "Z"),
        "redelivery": False,
        "duration": 0.27,
        "status": status,
        "status_code": 202 if status == "OK" else 502,
        "event": "push",
        "action": None,
        "installation_id": None,
        "repository_id": 123,
        "throttled_at": None,
        **fields,
    }


@dataclass
class Hook:
    """One webhook."""

    url: str
    secret: str = "a-webhook-secret"
    id: int = field(default_factory=lambda: next(NUMBERS))
    attempts: list[dict[str, Any]] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def listed(self) -> dict[str, Any]:
        """As the API lists it."""
        config = {"url": self.url, "content_type": "json", "insecure_ssl": "0", "secret": "********"}
        return {"type": "Repository", "id": self.id, "active": True, "events": ["push"], "config": config}

    def deliver(self, body: bytes, *, at: datetime | None = None) -> str:
        """A push is delivered, or is not, for the first time; returns its GUID."""
        guid = str(uuid.uuid4())
        self.bodies[guid] = body
        self._attempt(guid, at or datetime.now(UTC), again=False)
        return guid

    def again(self, number: int) -> bool:
        """Make a delivery again; False if there was no such attempt."""
        found = [each["guid"] for each in self.attempts if each["id"] == number]
        for guid in found:
            self._attempt(guid, datetime.now(UTC), again=True)
        return bool(found)

    def _attempt(self, guid: str, at: datetime, *, again: bool) -> None:
        status, code = self._post(guid)
        made = attempt(guid, at, status, status_code=code, redelivery=again)
        self.attempts.insert(0, made)

    def _post(self, guid: str) -> tuple[str, int]:
        body = self.bodies[guid]
        try:
            answer = httpx.post(
                self.url, content=body, headers=signed(body, self.secret, guid), trust_env=False
            )
        except httpx.ConnectError:
            return "failed to connect to host", 502
        if answer.is_success:
            return "OK", answer.status_code
        return f"Invalid HTTP Response: {answer.status_code}", answer.status_code
