"""GitHub, as far as deliveries go: late, twice, out of order, and once more when they got no 2xx."""

import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from queue import PriorityQueue
from random import Random
from threading import Event, Lock, Thread

from processes import Site
from promises import SECRETS
from pushes import signed

from chaos.history import History, Push

HANDS = 4
"""Deliveries that are made side by side."""
LATEST = 3.0
"""Seconds by which a delivery may be late."""
TWICE = 0.2
"""The share of pushes that are delivered twice."""
AGAIN = 1.0
"""Seconds after which a delivery without a 2xx is made once more."""


@dataclass(order=True, frozen=True)
class Due:
    """A delivery and the instant at which it is made."""

    at: float
    number: int
    push: Push = field(compare=False)


class Courier:
    """Moves the branches and delivers the pushes; `acknowledged` grows with each first 2xx."""

    def __init__(self, site: Site, history: History, random: Random) -> None:
        self.site = site
        self.history = history
        self.random = random
        self.acknowledged: list[Push] = []
        self.counts: Counter[str] = Counter()
        """Deliveries made twice, out of order, again, and answered with anything but 2xx and 5xx."""
        self._due: PriorityQueue[Due] = PriorityQueue()
        self._numbers = count()
        self._lock, self._stopped = Lock(), Event()
        self._threads: list[Thread] = []

    def start(self, seconds: float) -> None:
        """Push everything, in about so many seconds."""
        steps = [lambda: self._push_all(seconds), *[self._deliver_all] * HANDS]
        self._threads = [Thread(target=step, daemon=True) for step in steps]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for _ in range(HANDS):
            self._due.put(Due(0.0, next(self._numbers), self.history.pushes[0]))
        for thread in self._threads:
            thread.join()

    @property
    def finished(self) -> bool:
        """Whether all has been delivered, and acknowledged."""
        return len(self.acknowledged) == len(self.history.pushes) and self._due.unfinished_tasks == 0

    def _push_all(self, seconds: float) -> None:
        for push in self.history.pushes:
            self.history.origins[push.repository].point("main", push.after)
            for _ in range(2 if self.random.random() < TWICE else 1):
                self._plan(push, self.random.uniform(0, LATEST))
            if self._stopped.wait(self.random.uniform(0, 2) * seconds / len(self.history.pushes)):
                return

    def _plan(self, push: Push, seconds: float) -> None:
        self._due.put(Due(time.monotonic() + seconds, next(self._numbers), push))

    def _deliver_all(self) -> None:
        while not self._stopped.is_set():
            due = self._due.get()
            if not self._stopped.wait(max(0.0, due.at - time.monotonic())):
                self._deliver(due.push)
            self._due.task_done()

    def _deliver(self, push: Push) -> None:
        status = self._status(push)
        with self._lock:
            if status // 100 == 2:
                self._note(push)
            else:
                self.counts["refused" if status // 100 == 4 else "again"] += 1
                self._plan(push, AGAIN)

    def _status(self, push: Push) -> int:
        """What it was answered; 0 for nothing."""
        headers = signed(push.body, SECRETS["GITHUB_WEBHOOK_SECRET"], push.delivery)
        try:
            return self.site.ask("POST", "/webhooks/github", body=push.body, headers=headers).status
        except (OSError, HTTPException):
            return 0

    def _note(self, push: Push) -> None:
        pushes = self.history.pushes
        if push in self.acknowledged:
            self.counts["twice"] += 1
            return
        later = [other for other in self.acknowledged if pushes.index(other) > pushes.index(push)]
        self.counts["out of order"] += any(other.repository == push.repository for other in later)
        self.acknowledged.append(push)
