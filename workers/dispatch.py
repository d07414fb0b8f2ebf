"""From the ledger to the queue: whatever is due and waits in no queue is enqueued.

This is what makes the queue a mere hint. A job that RQ lost is missing from its lists, so it is enqueued
again; one that is enqueued twice finds nothing to do. The queue is kept short, so that what is pushed while
thousands of older commits are pending does not stand behind them.
"""

from collections.abc import Sequence
from datetime import datetime

from analysis.storage.agenda import Agenda
from analysis.storage.leases import Leases
from workers import queue
from workers.queue import JobQueue, Task

JOBS_PER_WORKER = 4
"""How full the queue is kept: enough that no worker waits for the next tick."""


def dispatch(leases: Leases, agenda: Agenda, jobs: JobQueue, now: datetime) -> int:
    """Enqueue what is due; returns how many jobs that were."""
    waiting = jobs.waiting()
    most = max(jobs.workers(), 1) * JOBS_PER_WORKER
    due = [queue.analysis(repository, sha) for repository, sha in leases.due(now, most + len(waiting))]
    ahead, behind = _around(due, waiting)
    urgent = [job for job in _agenda_jobs(agenda, now) if job[0] not in waiting] + ahead[:most]
    jobs.enqueue(urgent, at_front=True)
    rest = behind[: max(most - len(waiting) - len(ahead), 0)]
    jobs.enqueue(rest)
    return len(urgent) + len(rest)


def _agenda_jobs(agenda: Agenda, now: datetime) -> list[Task]:
    walks = [queue.walk(repository) for repository in agenda.walks_due(now)]
    closings = [queue.closing(repository, day) for repository, day in agenda.closings_due(now)]
    enquiries = [queue.enquiry(repository) for repository in agenda.enquiries_due(now)]
    return walks + closings + enquiries + [queue.dropping(name) for name in agenda.retention_due(now)]


def _around(due: Sequence[Task], waiting: frozenset[str]) -> tuple[list[Task], list[Task]]:
    """What is due and waits nowhere: those that go before the last one that waits, and those that follow."""
    beyond = len(due) if any(queue.is_analysis(identifier) for identifier in waiting) else 0
    last = max((place for place, job in enumerate(due) if job[0] in waiting), default=beyond)
    ahead, behind = due[:last], due[last:]
    return [job for job in ahead if job[0] not in waiting], [job for job in behind if job[0] not in waiting]
