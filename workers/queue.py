"""The one RQ queue: a hint to the workers of what the ledger holds.

Jobs are named by dotted path, so enqueueing imports none of them; their arguments are plain JSON. A job that
is lost is enqueued again by dispatch, and one that comes twice finds nothing to do. There is one queue only,
because a worker that listens on two can lose a job between them (RQ falls back from BLMOVE to BLPOP).
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Self

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker_registration import get_keys

from analysis.models import Sha
from analysis.storage.store import PATIENCE, connect

NAME = "pushdigest"
ANALYZE = "workers.jobs.analyze_commit"
WALK = "workers.jobs.record_landed"
CLOSE = "workers.jobs.close_day"
ENQUIRE = "workers.jobs.ask_for_deliveries"
ANALYSIS = "commit-"
"""What the ids of analyses begin with."""
LONGEST_JOB = timedelta(hours=1)
"""After which a worker ends a job; leases run out long before."""
RESULT_KEPT = timedelta(minutes=5)
"""Our jobs have no result, but RQ stumbles over one that was enqueued twice and is gone when run again."""
FAILURE_KEPT = timedelta(days=1)
"""How long the traceback of a job that failed in a way we did not foresee is kept."""

Task = tuple[str, str, list[str]]
"""Job id, dotted name, arguments."""


class JobQueue:
    """What workers take their jobs from."""

    def __init__(self, redis: Redis) -> None:
        """Take a client made without `decode_responses`: RQ stores bytes."""
        self.redis = redis
        self.queue = Queue(NAME, connection=redis, serializer=JSONSerializer)

    @classmethod
    def open(cls, url: str, patience: timedelta = PATIENCE) -> Self:
        """The queue at a Redis URL; connects when first used."""
        return cls(connect(url, text=False, patience=patience))

    def enqueue_push(self, repository: str, shas: Sequence[Sha]) -> None:
        """A push has been recorded: walk its repository and analyse its commits before anything else."""
        self.enqueue([walk(repository), *(analysis(repository, sha) for sha in shas)], at_front=True)

    def enqueue(self, jobs: Iterable[Task], *, at_front: bool = False) -> None:
        """Enqueue jobs in this order, in one transaction."""
        rows = [
            Queue.prepare_data(
                name,
                args=arguments,
                job_id=identifier,
                timeout=int(LONGEST_JOB.total_seconds()),
                result_ttl=int(RESULT_KEPT.total_seconds()),
                failure_ttl=int(FAILURE_KEPT.total_seconds()),
                description=identifier,
                at_front=at_front,
            )
            for identifier, name, arguments in jobs
        ]
        self.queue.enqueue_many(reversed(rows) if at_front else rows)

    def waiting(self) -> frozenset[str]:
        """The ids of the jobs that no worker has taken yet.

        What a worker has taken and not begun does not count: it begins within milliseconds, and if it died
        before that, RQ would need minutes to notice. So such a job is enqueued again, and whichever of both
        comes second finds nothing to do.
        """
        return frozenset(self.queue.job_ids)

    def workers(self) -> int:
        """How many workers are alive on all machines; one that was killed counts until its key expires."""
        known = get_keys(self.queue)
        return int(self.redis.exists(*known)) if known else 0


def analysis(repository: str, sha: Sha) -> Task:
    """The job that analyses one commit."""
    return f"{ANALYSIS}{_token(repository)}-{sha}", ANALYZE, [repository, sha]


def is_analysis(identifier: str) -> bool:
    """Whether that is the id of such a job."""
    return identifier.startswith(ANALYSIS)


def walk(repository: str) -> Task:
    """The job that records what landed in a repository."""
    return f"walk-{_token(repository)}", WALK, [repository]


def enquiry(repository: str) -> Task:
    """The job that asks GitHub for the deliveries of a repository that failed."""
    return f"enquire-{_token(repository)}", ENQUIRE, [repository]


def closing(repository: str, day: date) -> Task:
    """The job that closes a day."""
    return f"close-{_token(repository)}-{day}", CLOSE, [repository, str(day)]


def _token(repository: str) -> str:
    """A repository's name in a job id, which may hold letters, digits, `_` and `-` only."""
    return hashlib.sha256(repository.encode()).hexdigest()[:16]
