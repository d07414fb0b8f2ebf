"""A model that answers every other call well, and the rest in each way in which models fail."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from threading import Lock

import loopback_model as loopback
from loopback_model import Answer, Answers, Request, prompt_of

WELL, HANG, LATE = "well", "hang", "late"
PROSE = loopback.always(loopback.completion("The commit looks good to me."))
FAULTS: dict[str, tuple[Answers, ...]] = {
    "429": (loopback.always(loopback.refusal(429, "Rate limit reached", headers={"Retry-After": "1"})),),
    "500": (loopback.always(loopback.refusal(500, "Internal error")),),
    "403": (loopback.forbidden,),
    "garbage": (PROSE, loopback.truncated, loopback.html),
    "nothing": (loopback.empty, loopback.dropped),
    HANG: (loopback.hanging,),
}
"""What is answered instead of an analysis: each in turn."""
DECK = (
    (WELL,) * 12 + ("429",) * 2 + ("500",) * 2 + ("403",) * 2 + ("garbage",) * 3 + ("nothing",) * 2 + (HANG,)
)
"""Half of the calls go well; drawn in random order, and shuffled anew when all are drawn."""
SLOWNESS = (0.2, 1.2)
"""Seconds that the model takes, so that processes are killed in the middle of a call."""
MARKED = re.compile(r"part_(\d{4})\.py")
"""Every commit changes one file, which no other does."""


@dataclass(frozen=True)
class Asked:
    """One request that reached the model."""

    commit: int | None
    """The number of the commit it is about; None for a day's highlights."""
    mood: str
    """WELL, a key of FAULTS, or LATE: answered well, but after the client had to give up."""


class Moods:
    """What the model answers, and a list of what it was asked."""

    def __init__(self, random: Random, timeout: float, wait: Callable[[float], object]) -> None:
        """Take the seconds after which clients give up, and a function that waits."""
        self.random = random
        self.timeout = timeout
        self.wait = wait
        self.asked: list[Asked] = []
        self._deck: list[str] = []
        self._turns = dict.fromkeys(FAULTS, 0)
        self._lock = Lock()

    def __call__(self, request: Request) -> Answer:
        started = time.monotonic()
        with self._lock:
            mood, answers, seconds = self._draw()
        self.wait(seconds)
        answer = answers(request)
        if mood == WELL and time.monotonic() - started > self.timeout - 1:
            mood = LATE
        with self._lock:
            self.asked.append(Asked(_commit(request), mood))
        return answer

    def _draw(self) -> tuple[str, Answers, float]:
        if not self._deck:
            self._deck = self.random.sample(DECK, len(DECK))
        mood, seconds = self._deck.pop(), self.random.uniform(*SLOWNESS)
        if mood == WELL:
            return mood, loopback.valid, seconds
        turn = self._turns[mood]
        self._turns[mood] += 1
        return mood, FAULTS[mood][turn % len(FAULTS[mood])], seconds


def _commit(request: Request) -> int | None:
    prompt = prompt_of(request)
    marks = set(MARKED.findall(prompt))
    return int(marks.pop()) if len(marks) == 1 and not loopback.ANALYSED.search(prompt) else None
