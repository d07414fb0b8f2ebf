"""One worker of a crew that dies where it is told to, as SIGKILL or a lack of memory would have it.

    python tests/mortal_worker.py popped

`popped`, `prepared` and `forked` are steps of RQ's worker between the queue and the job; `born` is the first
step of the process that it forks for the job; `unsettled` and `settled` stand before and after the step that
records an analysis. `never` is a worker that lives.
"""

import os
import signal
import sys
from typing import Any

from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue

from analysis import log
from analysis.settings import load_settings
from analysis.storage.store import Store
from workers import crew
from workers.desk import preload
from workers.hand import Hand
from workers.workshop import furnish, open_workshop

WHERE = sys.argv[1]


def pass_by(where: str) -> None:
    if where == WHERE:
        os.kill(os.getpid(), signal.SIGKILL)


class Mortal(Hand):
    """Passes by each of the places."""

    def prepare_execution(self, job: Job) -> Execution:
        pass_by("popped")
        execution = super().prepare_execution(job)
        pass_by("prepared")
        return execution

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        super().fork_work_horse(job, queue)
        pass_by("forked")

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        pass_by("born")
        super().main_work_horse(job, queue)


class MortalStore(Store):
    """Passes by the step that records an analysis."""

    def run(self, step: str, *rest: Any, **options: Any) -> Any:
        if step == "settle":
            pass_by("unsettled")
        answer = super().run(step, *rest, **options)
        if step == "settle":
            pass_by("settled")
        return answer


def main() -> None:
    crew.Hand = Mortal
    settings = load_settings()
    log.configure(settings.log_level, settings.log_format, secrets=settings.secret_values())
    with open_workshop(settings) as shop:
        shop.__dict__["store"] = MortalStore(shop.store.redis)
        furnish(shop)
        preload(settings)
        crew.work(shop.redis_url)


if __name__ == "__main__":
    main()
