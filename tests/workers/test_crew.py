import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from proc import gone, parent_of, pids
from redis import Redis
from waiting import until

from workers import crew
from workers.embedded import EmbeddedServer
from workers.hand import ALIVE_SECONDS
from workers.queue import JobQueue

CHECKOUT = Path(crew.__file__).parents[1]
PROGRAM = """
import sys
from functools import partial
from analysis import log
from analysis.storage.outage import outage_of_server
from workers.crew import Crew, work
import duties

log.configure("info", "console")
url, count, duty = sys.argv[1], int(sys.argv[2]), getattr(duties, sys.argv[3], work)
Crew(count, partial(duty, url), partial(outage_of_server, url)).run()
"""
DUTIES = """
import os
from redis import Redis
from redis.exceptions import ConnectionError

def sign_in(url):
    '''A worker that only says that it is there.'''
    with Redis.from_url(url) as redis:
        redis.rpush("born", os.getpid())
        redis.blpop("never")

def lose_redis(url):
    with Redis.from_url(url) as redis:
        redis.rpush("born", os.getpid())
    raise ConnectionError("gone")

def stumble(url):
    with Redis.from_url(url) as redis:
        redis.rpush("born", os.getpid())
    raise ZeroDivisionError("nobody foresaw this")

def job(url, name):
    '''A job that tells that it runs, and ends when it is told to.'''
    with Redis.from_url(url) as redis:
        redis.set(f"{name}:started", os.getpid())
        redis.blpop(f"{name}:go")
        redis.set(f"{name}:ended", 1)
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def start(redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start a crew of so many that do one of the duties above, or are workers; it is ended with the test."""
    (tmp_path / "duties.py").write_text(DUTIES)
    started: list[subprocess.Popen[str]] = []

    def begin(count: int, duty: str, url: str = redis_url) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, str(count), duty],
            env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def born(redis: Redis, count: int) -> list[int]:
    """The ids of the first workers, once there are so many."""
    until(lambda: redis.llen("born") >= count, what=f"{count} workers")
    return [int(pid) for pid in redis.lrange("born", 0, -1)]


def test_as_many_run_as_were_asked_for(start: Start, redis: Redis) -> None:
    process = start(3, "sign_in")
    pids = born(redis, 3)
    assert len(set(pids)) == len(pids) == 3
    assert process.pid not in pids


def test_a_worker_that_is_killed_is_replaced(start: Start, redis: Redis) -> None:
    process = start(2, "sign_in")
    first = born(redis, 2)
    os.kill(first[0], signal.SIGKILL)
    pids = born(redis, 3)
    assert not gone(first[1])
    assert not gone(pids[2])
    assert process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_worker_and_the_crew(start: Start, redis: Redis, number: signal.Signals) -> None:
    process = start(3, "sign_in")
    pids = born(redis, 3)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert all(map(gone, pids))
    assert redis.llen("born") == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_workers_leave_at_once_when_a_terminal_tells_all_of_them(
    start: Start, redis: Redis, redis_url: str, number: signal.Signals
) -> None:
    for _ in range(3):
        redis.flushall()
        process = start(4, "work")
        until(partial(all_idle, redis, 4), what="four idle workers")
        os.killpg(process.pid, number)
        assert process.wait(20) == 0  # a wait for a job lasts 45 s
        assert JobQueue.open(redis_url).workers() == 0


def all_idle(redis: Redis, count: int) -> bool:
    """Whether so many of RQ's workers wait for a job."""
    states = [redis.hget(worker, "state") for worker in redis.smembers("rq:workers:pushdigest")]
    return states == ["idle"] * count


def test_a_worker_that_was_killed_counts_for_seconds_only(start: Start, redis: Redis, redis_url: str) -> None:
    start(1, "work")
    until(partial(all_idle, redis, 1), what="an idle worker")
    [worker] = redis.smembers("rq:workers:pushdigest")
    assert 0 < redis.ttl(worker) <= ALIVE_SECONDS
    enqueue(redis_url, "one")
    running(redis, "one")
    until(lambda: redis.hget(worker, "state") == "busy", what="a busy worker")
    assert 0 < redis.ttl(worker) <= ALIVE_SECONDS


def test_ctrl_c_lets_a_job_finish_and_takes_no_other(start: Start, redis: Redis, redis_url: str) -> None:
    enqueue(redis_url, "one", "two")
    process = start(1, "work")
    running(redis, "one")
    os.killpg(process.pid, signal.SIGINT)
    [worker] = redis.smembers("rq:workers:pushdigest")
    until(lambda: redis.hget(worker, "shutdown_requested_date"), what="request to stop")
    assert process.poll() is None
    redis.rpush("one:go", 1)
    assert process.wait(20) == 0
    assert redis.get("one:ended") == "1"
    assert JobQueue.open(redis_url).waiting() == {"two"}


def test_a_signal_while_workers_start_misses_none(start: Start, redis: Redis) -> None:
    for _ in range(5):
        redis.delete("born")
        process = start(8, "sign_in")
        born(redis, 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert all(map(gone, born(redis, 1)))


def test_a_worker_that_loses_a_redis_which_is_back_is_replaced_without_a_word(
    start: Start, redis: Redis
) -> None:
    process = start(1, "lose_redis")
    born(redis, 2)
    process.terminate()
    output, _ = process.communicate(timeout=30)
    assert output == ""


def test_a_worker_that_fails_otherwise_leaves_its_traceback_and_is_replaced(
    start: Start, redis: Redis
) -> None:
    process = start(1, "stumble")
    born(redis, 2)
    process.terminate()
    output, _ = process.communicate(timeout=30)
    assert "a worker failed in a way we did not foresee" in output
    assert "ZeroDivisionError: nobody foresaw this" in output


def test_an_outage_is_told_when_it_begins_and_when_it_is_over(start: Start, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    process = start(2, "work", server.url)
    until(lambda: JobQueue.open(server.url).workers() == 2, what="both workers")
    assert server.started is not None
    assert process.stdout is not None
    server.started.kill()
    server.started.wait()
    assert "waiting for Redis" in process.stdout.readline()
    server.start()
    try:
        with Redis.from_url(server.url, decode_responses=True) as redis:
            enqueue(server.url, "one")
            redis.rpush("one:go", 1)
            until(lambda: redis.exists("one:ended"), what="a job after the outage")
        assert "Redis is back" in process.stdout.readline()
        process.terminate()
        output, _ = process.communicate(timeout=30)
    finally:
        server.stop()
    assert "Redis is back" not in output
    assert "Traceback" not in output


def test_workers_that_nobody_can_work_with_are_not_started(start: Start, redis: Redis) -> None:
    redis.config_set("maxmemory", 1)
    try:
        process = start(2, "sign_in")
        assert process.stdout is not None
        assert "Redis is out of memory" in process.stdout.readline()
        assert [pid for pid in pids() if parent_of(pid) == process.pid] == []
        process.terminate()
        assert process.wait(30) == 0
        redis.config_set("maxmemory", 0)
        assert redis.llen("born") == 0
    finally:
        redis.config_set("maxmemory", 0)


def test_a_server_that_comes_back_empty_knows_the_workers_again(
    start: Start, redis: Redis, redis_url: str
) -> None:
    start(1, "work")
    workers = JobQueue.open(redis_url).workers
    until(lambda: workers() == 1, what="the worker")
    until(lambda: redis.flushall() and workers() == 0, what="an empty server")
    enqueue(redis_url, "one")
    redis.rpush("one:go", 1)
    until(lambda: workers() == 1, what="the worker again")


def enqueue(redis_url: str, *jobs: str) -> None:
    JobQueue.open(redis_url).enqueue((name, "duties.job", [redis_url, name]) for name in jobs)


def running(redis: Redis, name: str) -> int:
    """The process that runs a job, once it runs."""
    return int(str(until(lambda: redis.get(f"{name}:started"), what=f"start of {name}")))


def test_workers_run_jobs_side_by_side(start: Start, redis: Redis, redis_url: str) -> None:
    enqueue(redis_url, "one", "two")
    start(2, "work")
    assert running(redis, "one") != running(redis, "two")
    redis.rpush("one:go", 1)
    redis.rpush("two:go", 1)
    until(lambda: redis.exists("one:ended", "two:ended") == 2, what="end of both jobs")


def test_sigterm_lets_a_job_finish_and_takes_no_other(start: Start, redis: Redis, redis_url: str) -> None:
    enqueue(redis_url, "one", "two")
    process = start(1, "work")
    running(redis, "one")
    process.terminate()
    [worker] = redis.smembers("rq:workers:pushdigest")
    until(lambda: redis.hget(worker, "shutdown_requested_date"), what="request to stop")
    assert process.poll() is None
    redis.rpush("one:go", 1)
    assert process.wait(30) == 0
    assert redis.get("one:ended") == "1"
    assert not redis.exists("two:started")
    assert JobQueue.open(redis_url).waiting() == {"two"}
    assert JobQueue.open(redis_url).workers() == 0


def test_sigterm_again_gives_the_job_up(start: Start, redis: Redis, redis_url: str) -> None:
    enqueue(redis_url, "one")
    process = start(1, "work")
    horse = running(redis, "one")

    def ended() -> bool:
        process.terminate()
        return process.poll() is not None

    until(ended, what="end of the crew")
    until(lambda: gone(horse), what="end of the job")
    assert not redis.exists("one:ended")


def test_a_worker_that_is_killed_in_a_job_is_replaced_and_others_go_on(
    start: Start, redis: Redis, redis_url: str
) -> None:
    enqueue(redis_url, "one")
    start(1, "work")
    horse = running(redis, "one")
    worker = parent_of(horse)
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    os.kill(horse, signal.SIGKILL)
    enqueue(redis_url, "two")
    assert running(redis, "two") != horse
    assert not redis.exists("one:ended")
    redis.rpush("two:go", 1)
    until(lambda: redis.exists("two:ended"), what="end of the second job")
