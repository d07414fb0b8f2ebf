"""The one RQ queue: a hint to the workers of what the ledger holds.

Jobs are named by dotted path, so enqueueing imports none of them; their arguments are plain JSON. A job that
is lost is enqueued again by dispatch, and one that comes twice finds nothing to do. There is one queue only,
because a worker that listens on two can lose a job between them (RQ falls back from BLMOVE to BLPOP).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Self

from redis import Redis
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import BaseRegistry
from rq.serializers import JSONSerializer
from rq.worker_registration import get_keys

from analysis.models import Sha
from analysis.storage.store import PATIENCE, connect

NAME = "pushdigest"
ANALYZE = "workers.jobs.analyze_commit"
WALK = "workers.jobs.record_landed"
CLOSE = "workers.jobs.close_day"
ENQUIRE = "workers.jobs.ask_for_deliveries"
DROP = "workers.jobs.drop_old_days"
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

    def under_way(self, repository: str) -> int:
        """How many jobs of a repository are running; those whose worker has died count for a minute or so."""
        running = self.queue.started_job_registry.get_job_ids()
        return sum(_token(repository) in identifier for identifier in running)

    def forget(self, repository: str) -> None:
        """Take the jobs of a repository out of every list, with what came of them; but for those that run."""
        pattern = f"{Job.redis_job_namespace_prefix}*{_token(repository)}*"
        stored = [key.decode().split(":")[2] for key in self.redis.scan_iter(pattern, count=1000)]
        running = frozenset(self.queue.started_job_registry.get_job_ids())
        for identifier in {*stored, *self._listed()} - running:
            if _token(repository) in identifier:
                self._erase(identifier)

    def _listed(self) -> Iterator[str]:
        """The ids in every list, of jobs that are there or not."""
        yield from self.waiting()
        for registry in self._registries():
            yield from registry.get_job_ids(cleanup=False)

    def _registries(self) -> tuple[BaseRegistry, ...]:
        queue = self.queue
        return (queue.finished_job_registry, queue.failed_job_registry, queue.canceled_job_registry)

    def _erase(self, identifier: str) -> None:
        with suppress(NoSuchJobError):
            Job.fetch(identifier, connection=self.redis, serializer=JSONSerializer).delete()
        with self.redis.pipeline(transaction=True) as pipe:
            for waiting in (self.queue.key, self.queue.intermediate_queue_key):
                pipe.lrem(waiting, 0, identifier)
            for registry in self._registries():
                pipe.zrem(registry.key, identifier)
            pipe.execute()

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


def dropping(repository: str) -> Task:
    """The job that drops the days of a repository which are not kept any longer."""
    return f"drop-{_token(repository)}", DROP, [repository]


def _token(repository: str) -> str:
    """A repository's name in a job id, which may hold letters, digits, `_` and `-` only."""
    return hashlib.sha256(repository.encode()).hexdigest()[:16]
