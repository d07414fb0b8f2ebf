"""Kills processes with SIGKILL: which ones, and after how much of the work, is drawn in advance."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle, islice
from random import Random

from proc import children, command, gone

WEB, CLOCK, CREW, SERVER = "webhook.server", "workers clock", "chaos.worker", "valkey-server"
"""What stands in the command lines of what init has started."""
KINDS = ("horse", "worker", "worker and horse", "crew", "web worker", "web", "clock", "server")
"""A horse is the process that a worker forks for one job; the crew is their common parent."""
SPAN = 0.9
"""The share of the work by which the last one has been killed: what comes after it shows that all is well."""


class Monkey:
    """Kills below one init; `kills` counts the processes of each kind that were alive until then."""

    def __init__(self, init: int, count: int, random: Random) -> None:
        self.init = init
        self.random = random
        self.kills: Counter[str] = Counter()
        kinds = list(islice(cycle(KINDS), count))
        random.shuffle(kinds)
        self._plan = list(zip(sorted(random.uniform(0, SPAN) for _ in kinds), kinds, strict=True))

    @property
    def finished(self) -> bool:
        return not self._plan

    def look(self, done: float) -> None:
        """Kill whoever is to be dead by that share of the work; whoever is not there yet is waited for."""
        if self._plan and self._plan[0][0] <= done:
            _, kind = self._plan[0]
            if self._kill(TARGETS[kind], kind):
                self._plan.pop(0)

    def _kill(self, targets: Callable[[int], Iterator[list[int]]], kind: str) -> bool:
        found = [pids for pids in targets(self.init) if not any(map(gone, pids))]
        if not found:
            return False
        for pid in self.random.choice(found):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.kills[kind] += 1
        return True


def _started(init: int, words: str) -> Iterator[int]:
    return (pid for pid in children(init) if words in command(pid))


def _alone(words: str) -> Callable[[int], Iterator[list[int]]]:
    return lambda init: ([pid] for pid in _started(init, words))


def _below(words: str) -> Callable[[int], Iterator[list[int]]]:
    return lambda init: ([child] for pid in _started(init, words) for child in children(pid))


def _pairs(init: int) -> Iterator[list[int]]:
    for [worker] in _below(CREW)(init):
        for horse in children(worker):
            yield [worker, horse]


TARGETS: dict[str, Callable[[int], Iterator[list[int]]]] = {
    "horse": lambda init: ([horse] for _, horse in _pairs(init)),
    "worker": _below(CREW),
    "worker and horse": _pairs,
    "crew": _alone(CREW),
    "web worker": _below(WEB),
    "web": _alone(WEB),
    "clock": _alone(CLOCK),
    "server": _alone(SERVER),
}
"""Kind -> the processes of it, each with those that die with it."""
