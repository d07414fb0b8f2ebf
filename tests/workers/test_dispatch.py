from datetime import date, timedelta

from builders import NOON, REPOSITORY, make_sha
from landings import analyse, claimed, make_push, record

from analysis.storage.agenda import Agenda
from analysis.storage.entry import Obstacle, Source
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from workers import queue as names
from workers.dispatch import JOBS_PER_WORKER, dispatch
from workers.queue import JobQueue

DAY = date(2026, 1, 9)
SOON = timedelta(minutes=20)


def ids(*seeds: object) -> list[str]:
    return [names.analysis(REPOSITORY, make_sha(seed))[0] for seed in seeds]


def enlist(queue: JobQueue, count: int) -> None:
    """Have so many workers alive, as far as the queue can tell."""
    for number in range(count):
        queue.redis.sadd("rq:workers:pushdigest", f"rq:worker:{number}")
        queue.redis.hset(f"rq:worker:{number}", "birth", "now")


def test_what_is_due_is_enqueued_once(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, 1, 2)
    assert dispatch(leases, agenda, queue, NOON) == 2
    assert dispatch(leases, agenda, queue, NOON) == 0
    assert sorted(queue.queue.job_ids) == sorted(ids(1, 2))


def test_nothing_due_enqueues_nothing(leases: Leases, agenda: Agenda, queue: JobQueue) -> None:
    assert dispatch(leases, agenda, queue, NOON) == 0
    assert queue.waiting() == frozenset()


def test_walks_closings_and_enquiries_go_before_commits(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, 1)
    dispatch(leases, agenda, queue, NOON)
    agenda.follow([REPOSITORY], NOON)
    agenda.plan_enquiries([REPOSITORY], NOON)
    now = ledger.calendar.closes_at(DAY)
    assert dispatch(leases, agenda, queue, now) == 3
    urgent = [names.walk(REPOSITORY), names.closing(REPOSITORY, DAY), names.enquiry(REPOSITORY)]
    assert queue.queue.job_ids == [*(job[0] for job in urgent), *ids(1)]


def test_what_is_leased_taken_or_settled_is_not_enqueued(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, "leased", "analysed")
    agenda.follow([REPOSITORY], NOON)
    claimed(leases, "leased")
    analyse(leases, "analysed")
    agenda.take_walk(REPOSITORY, NOON, NOON + SOON)
    assert dispatch(leases, agenda, queue, NOON) == 0
    assert dispatch(leases, agenda, queue, NOON + SOON) == 2


def test_what_the_queue_lost_is_enqueued_again_and_what_waits_is_not(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, 1, 2, 3)
    agenda.follow([REPOSITORY], NOON)
    assert dispatch(leases, agenda, queue, NOON) == 4
    queue.redis.lrem(queue.queue.key, 0, ids(2)[0])
    assert dispatch(leases, agenda, queue, NOON) == 1
    queue.redis.delete(queue.queue.key, *queue.redis.keys("rq:job:*"))
    assert dispatch(leases, agenda, queue, NOON) == 4
    assert sorted(queue.queue.job_ids) == sorted([names.walk(REPOSITORY)[0], *ids(1, 2, 3)])


def test_what_was_lost_between_the_queue_and_a_worker_is_enqueued_again(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, 1)
    dispatch(leases, agenda, queue, NOON)
    queue.redis.lmove(queue.queue.key, queue.queue.intermediate_queue_key)
    assert dispatch(leases, agenda, queue, NOON) == 1
    assert dispatch(leases, agenda, queue, NOON) == 0
    assert queue.queue.job_ids == ids(1)


def test_the_queue_is_kept_to_a_few_jobs_for_each_worker(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, *range(100))
    assert dispatch(leases, agenda, queue, NOON) == JOBS_PER_WORKER
    enlist(queue, 5)
    assert dispatch(leases, agenda, queue, NOON) == 4 * JOBS_PER_WORKER
    assert dispatch(leases, agenda, queue, NOON) == 0
    queue.queue.pop_job_id()
    assert dispatch(leases, agenda, queue, NOON) == 1
    assert len(set(queue.queue.job_ids)) == len(queue.queue.job_ids) == 5 * JOBS_PER_WORKER


def test_a_push_during_a_backlog_of_5000_goes_first(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, *range(5000), source=Source.BACKFILL)
    enlist(queue, 4)
    dispatch(leases, agenda, queue, NOON)
    assert len(queue.queue.job_ids) == 4 * JOBS_PER_WORKER
    new = ledger.record_push(make_push("pushed"))
    queue.enqueue_push(REPOSITORY, new)
    assert queue.queue.job_ids[:2] == [names.walk(REPOSITORY)[0], *ids("pushed")]


def test_a_push_that_was_not_enqueued_goes_before_a_backlog(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, *range(5000), source=Source.BACKFILL)
    dispatch(leases, agenda, queue, NOON)
    ledger.record_push(make_push("pushed"))
    assert dispatch(leases, agenda, queue, NOON) == 2
    assert queue.queue.job_ids[:2] == [names.walk(REPOSITORY)[0], *ids("pushed")]
    assert len(queue.queue.job_ids) == JOBS_PER_WORKER + 2


def test_more_than_the_queue_holds_go_before_a_backlog_and_behind_a_walk(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    record(ledger, *range(10), source=Source.BACKFILL)
    dispatch(leases, agenda, queue, NOON)
    backlog = queue.queue.job_ids
    agenda.follow([REPOSITORY], NOON)
    seeds = range(100, 120)
    for seed in seeds:
        record(ledger, seed, at=NOON - timedelta(minutes=seed))
    for _ in range(3):
        dispatch(leases, agenda, queue, NOON)
    first = ids(*seeds[:JOBS_PER_WORKER])
    assert queue.queue.job_ids == [names.walk(REPOSITORY)[0], *first, *backlog]


def test_what_is_due_again_takes_its_place_by_rank(
    ledger: Ledger, leases: Leases, agenda: Agenda, queue: JobQueue
) -> None:
    for hours in range(6):
        record(ledger, hours, at=NOON - timedelta(hours=hours))
    enlist(queue, 2)
    leases.defer(claimed(leases, 0), Obstacle(code="budget"), NOON, until=NOON + SOON)
    leases.defer(claimed(leases, 1), Obstacle(code="budget"), NOON, until=NOON + SOON)
    dispatch(leases, agenda, queue, NOON)
    assert queue.queue.job_ids == ids(2, 3, 4, 5)
    dispatch(leases, agenda, queue, NOON + SOON)
    assert queue.queue.job_ids == ids(0, 1, 2, 3, 4, 5)
