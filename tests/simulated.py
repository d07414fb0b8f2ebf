"""A site whose time is the test's: real Valkey, git, litellm, web application and jobs, all in this process.

    site = SimulatedSite(settings, Clock(MONDAY))
    site.push("example/project", origin, before)
    site.run_until(MONDAY + timedelta(days=1))

Jobs are those that dispatch enqueues, taken from RQ's queue and found by their dotted names.
"""

import json
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cached_property
from threading import Event

from promises import SECRETS
from pushes import payload, signed
from repositories import Origin
from rq.job import Job
from rq.serializers import JSONSerializer
from waiting import until
from werkzeug.test import Client

from analysis.settings import Settings
from analysis.storage import keys
from analysis.storage.store import from_ms
from webhook.app import create_app
from workers.clock import tick
from workers.pauses import PAUSES
from workers.workshop import Workshop, furnish

TICK = PAUSES.tick


class Clock:
    """Time that is moved forwards, and passes by itself too: at some pace, 1 as on the wall."""

    def __init__(self, start: datetime) -> None:
        self._course = start, time.monotonic(), 1.0

    def __call__(self) -> datetime:
        start, since, pace = self._course
        return start + timedelta(seconds=(time.monotonic() - since) * pace)

    def run(self, pace: float) -> None:
        """At that pace from now on."""
        self._course = self(), time.monotonic(), pace

    def move_to(self, instant: datetime) -> None:
        """Never backwards."""
        self._course = max(instant, self()), time.monotonic(), self._course[2]


class SimulatedSite:
    """One installation; its settings name a server that is there."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        assert settings.redis_url is not None
        self.clock = clock
        self.shop = Workshop(settings, settings.redis_url.get_secret_value(), now=clock)
        furnish(self.shop)

    @cached_property
    def web(self) -> Client:
        """Speaks to the real web application."""
        return create_app(self.shop.settings).test_client()

    def get(self, address: str) -> str:
        answer = self.web.get(address)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
        return answer.get_data(as_text=True)

    def push(self, repository: str, origin: Origin, before: str) -> None:
        """Deliver a push of everything after a commit, made at this instant."""
        push = payload(repository, origin, before)
        push["repository"]["pushed_at"] = int(self.clock().timestamp())
        body = json.dumps(push).encode()
        headers = signed(body, SECRETS["GITHUB_WEBHOOK_SECRET"], str(uuid.uuid4()))
        assert self.web.post("/webhooks/github", data=body, headers=headers).status_code == 202

    def work(self) -> bool:
        """Do the next job of the queue; False when there is none."""
        queue = self.shop.queue
        taken = queue.redis.lpop(queue.queue.key)
        if taken is None:
            return False
        job = Job.fetch(taken.decode(), connection=queue.redis, serializer=JSONSerializer)
        job.func(*job.args)
        return True

    def settle(self) -> None:
        """Do whatever is due at this instant."""
        while self.work() or tick(self.shop, self.clock()):
            pass

    def next_due(self) -> datetime:
        """When the clock has something to enqueue again."""
        firsts = [
            self.shop.store.redis.zrange(agenda, 0, 0, withscores=True)
            for agenda in (keys.WAITING, keys.CLOSINGS, keys.WALKS)
        ]
        return min(from_ms(first[0][1]) for first in firsts if first)

    def run_until(self, instant: datetime) -> None:
        """Let time pass, and do whatever is due when it is due."""
        while (due := self.next_due()) < instant:
            self.clock.move_to(max(due, self.clock() + TICK))
            self.settle()
        self.jump_to(instant)

    def jump_to(self, instant: datetime) -> None:
        """Do what was due until an instant only then."""
        self.clock.move_to(instant)
        self.settle()

    def work_until(self, done: Callable[[], bool], *, workers: int, pace: float) -> None:
        """Have so many workers side by side, and a clock that ticks, while time passes at a pace."""
        stopped = Event()

        def work() -> None:
            while not stopped.is_set():
                if not self.work():
                    stopped.wait(0.01)

        def tick_once() -> bool:
            tick(self.shop, self.clock())
            return done()

        self.clock.run(pace)
        with ThreadPoolExecutor(workers, initializer=furnish, initargs=(self.shop,)) as crew:
            working = [crew.submit(work) for _ in range(workers)]
            try:
                until(tick_once, what="the work")
            finally:
                stopped.set()
        self.clock.run(1)
        for each in working:
            each.result()
