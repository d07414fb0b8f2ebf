"""Kills processes with SIGKILL: which ones, and after how much of the work, is drawn in advance."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle, islice
from random import Random

from proc import children, command, gone

WEB, CLOCK, CREW, SERVER = "webhook.server", "hasty clock", "hasty worker", "valkey-server"
"""What stands in the command lines of what init has started."""
SPAN = 0.9
"""The share of the work by which the last one is dead: what comes after it shows that all is well."""

Victims = dict[str, int]
"""What is killed together: the name of each and its process id."""
Search = Callable[[int], Iterator[Victims]]
"""Finds everybody of one kind below an init."""


class Monkey:
    """Kills below one init; `kills` counts the processes that were alive until then, by name."""

    def __init__(self, init: int, count: int, random: Random) -> None:
        self.init = init
        self.random = random
        self.kills: Counter[str] = Counter()
        drawn = [(random.uniform(0, SPAN), kind) for kind in islice(cycle(KINDS), count)]
        self._takers = sorted(each for each in drawn if each[1] in TAKERS)
        self._others = sorted(each for each in drawn if each[1] not in TAKERS)

    def look(self, *, taken: float, done: float) -> None:
        """Kill whoever is to be dead by now; whoever is not there yet is waited for.

        Args:
            taken: the share of the commits that have been pushed and acknowledged.
            done: the share of the commits that have been analysed.
        """
        for plan, share in ((self._takers, taken), (self._others, done)):
            if plan and plan[0][0] <= share and self._kill_one(KINDS[plan[0][1]]):
                plan.pop(0)

    def _kill_one(self, search: Search) -> bool:
        found = [victims for victims in search(self.init) if not any(map(gone, victims.values()))]
        if found:
            self._kill(self.random.choice(found))
        return bool(found)

    def _kill(self, victims: Victims) -> None:
        for name, pid in victims.items():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.kills[name] += 1


def _leaders(name: str, words: str) -> Search:
    return lambda init: ({name: pid} for pid in children(init) if words in command(pid))


def _followers(name: str, words: str) -> Search:
    return lambda init: (
        {name: child} for pid in children(init) if words in command(pid) for child in children(pid)
    )


def _pairs(init: int) -> Iterator[Victims]:
    for worker in _followers("worker", CREW)(init):
        for horse in children(worker["worker"]):
            yield worker | {"horse": horse}


def _horses(init: int) -> Iterator[Victims]:
    return ({"horse": pair["horse"]} for pair in _pairs(init))


KINDS: dict[str, Search] = {
    "horse": _horses,
    "worker": _followers("worker", CREW),
    "worker and horse": _pairs,
    "crew": _leaders("crew", CREW),
    "web worker": _followers("web worker", WEB),
    "web": _leaders("web", WEB),
    "clock": _leaders("clock", CLOCK),
    "server": _leaders("server", SERVER),
}
"""A horse is the process that a worker forks for one job; the crew is the parent of the workers."""
TAKERS = frozenset({"web worker", "web"})
"""Those who take deliveries: they are killed while these come in."""
NAMES = ("horse", "worker", "crew", "web worker", "web", "clock", "server")
