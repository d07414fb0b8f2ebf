"""From the ledger to the queue: whatever is due and waits in no queue is enqueued.

This is what makes the queue a mere hint. A job that RQ lost is missing from its lists, so it is enqueued
again; one that is enqueued twice finds nothing to do. The queue is kept short, so that what is pushed while
thousands of older commits are pending does not stand behind them.
"""

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
    urgent = [job for job in _agenda_jobs(agenda, now) if job[0] not in waiting]
    jobs.enqueue(urgent, at_front=True)
    room = max(jobs.workers(), 1) * JOBS_PER_WORKER - len(waiting)
    commits = _commit_jobs(leases, now, room, waiting)
    jobs.enqueue(commits)
    return len(urgent) + len(commits)


def _agenda_jobs(agenda: Agenda, now: datetime) -> list[Task]:
    walks = [queue.walk(repository) for repository in agenda.walks_due(now)]
    closings = [queue.closing(repository, day) for repository, day in agenda.closings_due(now)]
    return walks + closings + [queue.dropping(repository) for repository in agenda.retention_due(now)]


def _commit_jobs(leases: Leases, now: datetime, room: int, waiting: frozenset[str]) -> list[Task]:
    if room <= 0:
        return []
    due = (queue.analysis(repository, sha) for repository, sha in leases.due(now, room + len(waiting)))
    return [job for job in due if job[0] not in waiting][:room]
