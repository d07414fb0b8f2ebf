"""The rehearsal: pushes come in, everything is killed, and at the end everything is in its place."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from invariants import assert_lists_agree
from loopback_model import LoopbackModel
from processes import zone_at_noon
from redis.exceptions import RedisError
from waiting import until

from analysis.calendar import Calendar
from analysis.storage.ledger import Ledger
from chaos.courier import Courier
from chaos.history import History, make_history
from chaos.monkey import Monkey
from chaos.moods import Moods
from chaos.outcome import Listed, Outcome
from chaos.town import Town

TIMEOUT = 5
"""LLM_TIMEOUT, in seconds."""
WORKERS = 4
LOOK = 0.1
COMMITS_A_SECOND = 5.0
"""How fast commits are pushed: faster than they can be analysed."""


@dataclass(frozen=True)
class Terms:
    """How much happens, and at most how long it may take."""

    commits: int
    kills: int
    seed: int
    seconds: float

    def random(self, who: str) -> Random:
        """The dice of each who plays a part, so that none depends on another's throws."""
        return Random(f"{self.seed} {who}")


def rehearse(folder: Path, terms: Terms) -> Outcome:
    """Let everything happen."""
    with LoopbackModel() as model:
        moods = Moods(terms.random("model"), TIMEOUT, model.stopped.wait)
        model.answer(moods)
        midnight = _midnight()
        history = make_history(folder, terms.commits, terms.random("history"), midnight)
        settings = {
            "LLM_MODEL": "openai/loopback",
            "LLM_API_BASE": model.url,
            "LLM_TIMEOUT": TIMEOUT,
            "WORKERS": WORKERS,
        }
        with Town(folder, history.origins.values(), terms.random("server"), **settings) as town:
            return _Rehearsal(terms, history, moods, town).run()


class _Rehearsal:
    """Everyone who plays a part."""

    def __init__(self, terms: Terms, history: History, moods: Moods, town: Town) -> None:
        self.terms = terms
        self.history = history
        self.moods = moods
        self.town = town
        self.courier = Courier(town, history, terms.random("deliveries"))
        self.monkey = Monkey(town.init, terms.kills, terms.random("kills"))
        self.shas = {name: list(known) for name, known in history.commits.items()}
        self.analysed = 0
        self.started = time.monotonic()

    def run(self) -> Outcome:
        """Until all is well again, or for too long."""
        until(self._followed, seconds=120, what="the first walk of each repository")
        self.started = time.monotonic()
        self.town.troubled = True
        self.courier.start(self.terms.commits / COMMITS_A_SECOND)
        try:
            late = self._live()
        finally:
            self.courier.stop()
        self.town.troubled = False
        return self._outcome(late)

    def _live(self) -> tuple[str, ...]:
        """Look after everything, as long as something is left to be done; says what is left in the end."""
        while left := self._left():
            if time.monotonic() - self.started > self.terms.seconds:
                return (f"after {self.terms.seconds:g} s {left}",)
            time.sleep(LOOK)
        return ()

    def _left(self) -> str:
        """What is still to be done; empty when nothing is."""
        analysed = self._count()
        acknowledged = sum(len(push.commits) for push in self.courier.acknowledged)
        self.monkey.look(taken=acknowledged / self.terms.commits, done=analysed / self.terms.commits)
        if not self.courier.finished or acknowledged < self.terms.commits:
            return f"{self.terms.commits - acknowledged} commits are not acknowledged"
        if analysed < self.terms.commits:
            return f"{self.terms.commits - analysed} commits are not analysed"
        return self._unclosed()

    def _count(self) -> int:
        """How many commits are analysed, or were when the server answered last."""
        ledger = self.town.shop.ledger
        with suppress(RedisError):  # it has been killed
            self.analysed = sum(
                ledger.census.progress(name, shas).analysed for name, shas in self.shas.items()
            )
        return self.analysed

    def _unclosed(self) -> str:
        """Days that are over and have not been closed since their last analysis."""
        ledger = self.town.shop.ledger
        try:
            for name in self.shas:
                for day in ledger.days(name):
                    if day < self.town.today and not _closed(ledger, name, day):
                        return f"{name} {day} is not closed"
        except RedisError as error:
            return f"the server is away: {error}"
        return ""

    def _followed(self) -> bool:
        agenda = self.town.shop.agenda
        return all(agenda.branch(name, "main").cursor for name in self.shas)

    def _outcome(self, late: tuple[str, ...]) -> Outcome:
        until(self.town.ready, what="the web process")
        acknowledged = {
            (push.repository, commit.sha) for push in self.courier.acknowledged for commit in push.commits
        }
        return Outcome(
            acknowledged=frozenset(acknowledged),
            listed=tuple(self._listed()),
            analyses=self.town.analyses(),
            asked=tuple(self.moods.asked),
            kills=self.monkey.kills,
            connections=self.town.proxy.faults,
            deliveries=self.courier.counts,
            unsound=(*late, *self._unsound()),
            seconds=time.monotonic() - self.started,
        )

    def _listed(self) -> list[Listed]:
        """What a reader of all days there are would see."""
        days = {day for name in self.shas for day in self.town.shop.ledger.days(name)}
        digests = [self.town.get(f"/reports/{day}.json").data for day in sorted(days)]
        return [
            Listed(repository["name"], commit["sha"], digest["date"], commit["state"], commit["source"])
            for digest in digests
            for repository in digest["repositories"]
            for commit in repository["commits"]
        ]

    def _unsound(self) -> tuple[str, ...]:
        try:
            assert_lists_agree(self.town.shop.ledger)
        except AssertionError as error:
            return (f"the ledger's lists do not agree: {error}",)
        return ()


def _closed(ledger: Ledger, repository: str, day: date) -> bool:
    """Whether a day has been closed with all of its analyses."""
    closed_at = ledger.day_record(repository, day).closed_at
    analysed = [entry.model.analysed_at for entry in ledger.day(repository, day) if entry.model]
    return closed_at is not None and closed_at >= max(analysed)


def _midnight() -> datetime:
    """When today began, in the time zone of a site."""
    calendar = Calendar(ZoneInfo(zone_at_noon()))
    return calendar.bounds(calendar.day_of(datetime.now(UTC)))[0]
