import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from builders import REPOSITORY, make_sha
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from rq.job import Job
from rq.serializers import JSONSerializer

from workers import queue as names
from workers.queue import ANALYZE, CLOSE, ENQUIRE, WALK, JobQueue

SHAS = [make_sha(number) for number in range(3)]
WAITING_JOBS = [names.analysis(REPOSITORY, sha) for sha in SHAS]


def queued(queue: JobQueue) -> list[str]:
    return queue.queue.job_ids


@pytest.mark.parametrize("repository", [REPOSITORY, "A-b/c.d_e-f", "x/" + "y" * 100])
def test_every_job_id_is_valid_and_its_arguments_are_json(queue: JobQueue, repository: str) -> None:
    jobs = [
        names.analysis(repository, SHAS[0]),
        names.walk(repository),
        names.closing(repository, date(2026, 1, 9)),
        names.enquiry(repository),
    ]
    queue.enqueue(jobs)
    stored = [
        Job.fetch(identifier, connection=queue.redis, serializer=JSONSerializer)
        for identifier in queued(queue)
    ]
    assert [(job.func_name, list(job.args)) for job in stored] == [
        (ANALYZE, [repository, SHAS[0]]),
        (WALK, [repository]),
        (CLOSE, [repository, "2026-01-09"]),
        (ENQUIRE, [repository]),
    ]
    assert all(job.result_ttl is not None and job.result_ttl > 0 for job in stored)


def test_ids_differ_between_repositories_commits_and_days() -> None:
    ids = [
        *(names.analysis(name, sha)[0] for name in (REPOSITORY, "octo-engine/x") for sha in SHAS),
        *(names.walk(name)[0] for name in (REPOSITORY, "octo-engine/x")),
        *(names.enquiry(name)[0] for name in (REPOSITORY, "octo-engine/x")),
        *(names.closing(REPOSITORY, date(2026, 1, day))[0] for day in (1, 2)),
    ]
    assert len(set(ids)) == len(ids)


def test_jobs_are_taken_in_the_order_they_were_enqueued(queue: JobQueue) -> None:
    queue.enqueue(WAITING_JOBS)
    assert queued(queue) == [job[0] for job in WAITING_JOBS]


def test_jobs_at_the_front_keep_their_order_before_all_others(queue: JobQueue) -> None:
    queue.enqueue(WAITING_JOBS[:1])
    queue.enqueue(WAITING_JOBS[1:], at_front=True)
    assert queued(queue) == [WAITING_JOBS[number][0] for number in (1, 2, 0)]


def test_a_push_has_its_repository_walked_then_its_commits_analysed_first(queue: JobQueue) -> None:
    queue.enqueue([names.walk("octo/other")])
    queue.enqueue_push(REPOSITORY, SHAS)
    ids = [names.walk(REPOSITORY)[0], *(job[0] for job in WAITING_JOBS), names.walk("octo/other")[0]]
    assert queued(queue) == ids


def test_nothing_to_enqueue_is_no_mistake(queue: JobQueue) -> None:
    queue.enqueue([])
    queue.enqueue([], at_front=True)
    assert queue.waiting() == frozenset()


def test_enqueueing_imports_no_job(redis_url: str) -> None:
    program = (
        "import sys; from workers.queue import JobQueue\n"
        f"JobQueue.open({redis_url!r}).enqueue_push('octo/engine', ['{SHAS[0]}'])\n"
        "print([name for name in ('workers.jobs', 'litellm', 'git') if name in sys.modules])"
    )
    checkout = Path(names.__file__).parents[1]
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
    assert len(JobQueue.open(redis_url).waiting()) == 2


def test_what_a_worker_has_taken_waits_no_more(queue: JobQueue) -> None:
    queue.enqueue(WAITING_JOBS)
    queue.redis.lmove(queue.queue.key, queue.queue.intermediate_queue_key)
    assert queue.waiting() == {job[0] for job in WAITING_JOBS[1:]}


def test_every_call_to_a_server_that_is_away_raises_a_redis_error(tmp_path: Path) -> None:
    socket = str(tmp_path / "nobody.sock")
    away = JobQueue(Redis(unix_socket_path=socket, retry=Retry(NoBackoff(), 0)))
    calls = (lambda: away.enqueue_push(REPOSITORY, SHAS), away.waiting, away.workers)
    for call in calls:
        with pytest.raises(RedisConnectionError):
            call()


def test_a_worker_that_was_killed_is_not_counted_for_ever(queue: JobQueue) -> None:
    queue.redis.sadd("rq:workers:pushdigest", "rq:worker:alive", "rq:worker:killed")
    queue.redis.hset("rq:worker:alive", "birth", "now")
    assert queue.workers() == 1
