"""What GitHub said of the pull requests of commits, kept for a while; and when to ask it again.

Every method may raise `redis.exceptions.RedisError`.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from analysis.models import Frozen, PullRequest, Sha
from analysis.storage import keys
from analysis.storage.store import Store, from_ms, in_ms, to_ms

KEPT = timedelta(days=30)


class Known(Frozen):
    """One answer of GitHub's."""

    pull_request: PullRequest | None = None
    """None: the commit came without one."""
    etag: str = ""
    """Names this answer in a conditional request (RFC 9110, 13.1.2)."""
    asked_at: AwareDatetime


class PullRequests:
    """The answers, in Redis."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def known(self, repository: str, sha: Sha) -> Known | None:
        """What was last answered for a commit."""
        kept = self.store.text(keys.pull(repository, sha))
        return Known.model_validate_json(kept) if kept else None

    def keep(self, repository: str, sha: Sha, known: Known) -> None:
        """Keep an answer for 30 days."""
        self.store.redis.set(keys.pull(repository, sha), known.model_dump_json(), ex=KEPT)

    def leave_alone(self, until: datetime, now: datetime) -> None:
        """Nobody asks before that instant."""
        self.store.redis.set(keys.PULLS_LEFT_ALONE, to_ms(until), px=max(in_ms(until - now), 1))

    def left_alone(self, now: datetime) -> datetime | None:
        """Until when nobody asks; None when anybody may."""
        until = self.store.text(keys.PULLS_LEFT_ALONE)
        return from_ms(int(until)) if until and int(until) > to_ms(now) else None
