"""A model that is away for a week, with the clock in the test's hand; then it comes back.

Time stands still between pushes and closings but for some hours at the beginning and at the end, in which
everything is done when it is due. `WEEK=full` has it so all week long, which takes some minutes:

    WEEK=full .venv/bin/pytest -s tests/journeys/test_long_outage.py
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from loopback_model import Answer, Answers, LoopbackModel, Request, always, forbidden, hanging, refusal, valid
from promises import SECRETS
from reading import read_markdown
from redis import Redis
from repositories import Header, Origin
from simulated import Clock, SimulatedSite

from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.entry import Entry, State
from analysis.words import words_for
from workers.desk import preload
from workers.embedded import EmbeddedServer

NAME = "example/project"
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = [MONDAY.date() + timedelta(days=number) for number in range(7)]
HOUR = timedelta(hours=1)
FULL = os.environ.get("WEEK") == "full"
WORKERS, AT_ONCE = 3, 2
PACE = 10.0
"""Seconds that pass in one while the work of the week is made up for."""
JITTER = timedelta(seconds=2.5 * PACE)
"""Between the turn that a call is given and its arrival."""
WORDS = words_for("en")

pytestmark = pytest.mark.timeout(3600 if FULL else 300)


@dataclass(frozen=True)
class Fault:
    answers: Answers
    why: str
    """As the digest quotes it."""
    timeout: float = 60
    first_hour: int = 9
    """The most calls in the first hour: the pauses between them double from 15 s to 20 min."""
    an_hour: int = 3
    """The most in any later one."""
    a_minute: int | None = None
    """The most in a minute, when it is over."""


FAULTS = {
    "403": Fault(forbidden, "HTTP 403: Forbidden", a_minute=14),
    "401": Fault(always(refusal(401, "Incorrect API key")), "HTTP 401: Incorrect API key"),
    "429": Fault(always(refusal(429, "Rate limit reached")), "HTTP 429: Rate limit reached"),
    "429 with Retry-After": Fault(
        always(refusal(429, "Quota exceeded", headers={"Retry-After": "5400"})),
        "HTTP 429: Quota exceeded",
        first_hour=1,
        an_hour=1,
    ),
    "time-outs": Fault(hanging, "no answer within 0.3 s", timeout=0.3),
}


@dataclass
class Week:
    """What was seen of it."""

    fault: Fault
    asked: list[datetime] = field(default_factory=list)
    """When the model got each request, until it was back."""
    closed: dict[date, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Each day as Markdown and as JSON, once it was closed."""
    waiting: list[Entry] = field(default_factory=list)
    """The commits of the week at its end."""
    to_ask: int = 0
    """How many of them are due when the model may be asked next."""
    away: list[int] = field(default_factory=list)
    """The revision of each day then."""
    asked_again: list[datetime] = field(default_factory=list)
    """When the model got each request since it was back."""
    busiest: int = 0
    """The most requests at the same time since then."""
    analysed: list[Entry] = field(default_factory=list)
    """The commits in the order in which it analysed them."""
    back: list[int] = field(default_factory=list)
    """The revision of each day two days later."""

    def calls_an_hour(self) -> tuple[int, int]:
        """Of the first hour, and the most in any later one."""
        first, *_ = self.asked
        later = [at for at in self.asked if at >= first + HOUR]
        most = max(sum(at <= other < at + HOUR for other in later) for at in later)
        return len(self.asked) - len(later), most

    def __str__(self) -> str:
        first, later = self.calls_an_hour()
        order = " ".join(str(entry.day.day) for entry in self.analysed)
        return (
            f"{self.fault.why}: {len(self.asked)} calls, {first} in the first hour, then at most {later};"
            f" analysed by day {order}; revisions {self.away} -> {self.back}"
        )


class Town:
    """The repository, its model and their site."""

    def __init__(self, redis_url: str, origin: Origin, model: LoopbackModel, fault: Fault) -> None:
        self.redis_url, self.origin, self.model = redis_url, origin, model
        self.week, self.well = Week(fault), False
        model.answer(self.answer)
        self.clock = Clock(MONDAY)
        self.site = self.open(llm_timeout=fault.timeout)

    def open(self, **settings: Any) -> SimulatedSite:
        given: dict[str, Any] = {
            "redis_url": self.redis_url,
            "data_dir": self.origin.folder.parent / "var",
            "github_webhook_secret": SECRETS["GITHUB_WEBHOOK_SECRET"],
            "repository_tables": [{"name": NAME, "url": self.origin.url, "poll": "12h"}],
            "report_language": "en",
            "report_timezone": "UTC",
            "llm_model": "openai/loopback",
            "llm_api_base": self.model.url,
            "llm_max_concurrency": AT_ONCE,
            "llm_requests_per_minute": self.week.fault.a_minute,
        }
        return SimulatedSite(load_settings(**given | settings), self.clock)

    def answer(self, request: Request) -> Answer:
        week = self.week
        (week.asked_again if self.well else week.asked).append(self.clock())
        return (valid if self.well else week.fault.answers)(request)

    def live(self) -> None:
        """The week: two pushes a day, of two commits and of one."""
        for day in DAYS:
            began = datetime.combine(day, datetime.min.time(), UTC)
            self.push(began + 9 * HOUR, "feat: add `--wait`", "docs: say so")
            if day == DAYS[0]:
                self.site.run_until(self.clock() + 2 * HOUR)
            self.push(began + 17 * HOUR, "fix: answer in time")
            self.pass_until(began + timedelta(days=1, minutes=10))
            self.read(day)
        self.site.run_until(self.clock() + HOUR)
        self.week.waiting, self.week.away = self.entries(), self.revisions()
        (breaker,) = self.site.shop.breakers.open()
        soon = breaker.until + timedelta(seconds=9)
        self.week.to_ask = len(self.site.shop.store.due(keys.WAITING, soon))

    def push(self, at: datetime, *subjects: str) -> None:
        self.pass_until(at)
        before = self.origin.head()
        for subject in subjects:
            number = self.origin.git("rev-list", "--count", "main")
            header = Header(authored=f"{self.clock().timestamp():.0f} +0000")
            self.origin.commit(f"{subject} {number}", {f"src/{number}.py": f"x = {number}\n"}, header=header)
        self.site.push(NAME, self.origin, before)
        self.site.settle()

    def pass_until(self, instant: datetime) -> None:
        (self.site.run_until if FULL else self.site.jump_to)(instant)

    def read(self, day: date) -> None:
        page = f"/reports/{NAME}/{day}"
        self.week.closed[day] = (self.site.get(f"{page}.md"), json.loads(self.site.get(f"{page}.json")))

    def recover(self) -> None:
        """The model is back, what waits is made up for, and two days go by."""
        self.well, self.model.delay, self.model.busiest = True, 0.05, 0
        self.site = self.open()
        self.clock.move_to(self.site.next_due())
        self.site.work_until(self.made_up, workers=WORKERS, pace=PACE)
        self.week.busiest = self.model.busiest
        self.week.analysed = sorted(self.entries(), key=_analysed_at)
        self.site.run_until(self.clock() + timedelta(days=2))
        self.week.back = self.revisions()

    def made_up(self) -> bool:
        shop = self.site.shop
        return (
            not shop.ledger.census.overview().pending and shop.agenda.closings_due(self.clock() + HOUR) == ()
        )

    def entries(self) -> list[Entry]:
        return [entry for day in DAYS for entry in self.site.shop.ledger.day(NAME, day)]

    def revisions(self) -> list[int]:
        return [self.site.shop.ledger.day_record(NAME, day).revision for day in DAYS]


def _analysed_at(entry: Entry) -> datetime:
    assert entry.model is not None
    return entry.model.analysed_at


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server that writes nothing to the disk: a week is many writes."""
    server = EmbeddedServer(tmp_path_factory.mktemp("valkey"))
    server.start()
    with Redis.from_url(server.url) as client:
        client.config_set("appendonly", "no")
    yield server
    server.stop()


@pytest.fixture(scope="module", params=FAULTS.values(), ids=FAULTS.keys())
def week(
    request: pytest.FixtureRequest, forgetful: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Week:
    origin = Origin(tmp_path_factory.mktemp("week") / "origin.git")
    origin.commit("Begin", {"a.py": "x = 0\n"})
    with Redis.from_url(forgetful.url) as client:
        client.flushall()
    with LoopbackModel() as model:
        town = Town(forgetful.url, origin, model, request.param)
        preload(town.site.shop.settings)
        town.site.settle()
        town.live()
        town.recover()
        town.site.shop.disconnect()
    print(f"\n{town.week}")  # noqa: T201 - what was measured, for `pytest -s`
    return town.week


def test_nothing_is_parked_or_lost(week: Week) -> None:
    assert [entry.day for entry in week.waiting] == [day for day in DAYS for _ in range(3)]
    assert {entry.state for entry in week.waiting} == {State.PENDING}
    assert {entry.state for entry in week.analysed} == {State.ANALYSED}


def test_each_day_says_at_its_top_what_waits_and_why(week: Week) -> None:
    why = f"{WORDS('obstacle.model-unavailable')} (openai/loopback: {week.fault.why})"
    for markdown, data in week.closed.values():
        top = read_markdown(markdown).paragraphs[0]
        assert top.startswith(f"Revision 1 · 0/3 analysed · 3 waiting: {why}")
        assert data["counts"]["pending"] == 3
        (waiting,) = data["waiting"]
        assert (waiting["count"], waiting["code"]) == (3, "model-unavailable")
        assert waiting["detail"] == f"openai/loopback: {week.fault.why}"
        assert list(data).index("waiting") < list(data).index("repositories")


def test_each_day_shows_what_the_rules_say_of_each_commit(week: Week) -> None:
    for markdown, data in week.closed.values():
        commits = data["repositories"][0]["commits"]
        assert [commit["source"] for commit in commits] == ["rules"] * 3
        for commit in commits:
            assert commit["analysis"]["summary"] in markdown
        assert markdown.count(WORDS("digest.note.provisional")) == 3


def test_the_model_is_asked_a_few_times_an_hour(week: Week) -> None:
    first, later = week.calls_an_hour()
    assert 0 < first <= week.fault.first_hour
    assert 0 < later <= week.fault.an_hour


def test_one_of_those_that_wait_comes_back_to_ask(week: Week) -> None:
    assert week.to_ask == 1


def test_a_day_that_waits_gets_no_revision_for_that(week: Week) -> None:
    assert week.away == [1] * len(DAYS)


def test_what_waited_is_analysed_the_newest_first_and_the_oldest_day_last(week: Week) -> None:
    wanted = sorted(week.analysed, key=lambda entry: entry.rank)
    moved = [abs(place - wanted.index(entry)) for place, entry in enumerate(week.analysed)]
    assert max(moved) <= 2 * WORKERS
    assert week.analysed[0].day == DAYS[-1]
    last = week.analysed[-3 - WORKERS :]
    assert [entry.day for entry in last].count(DAYS[0]) == 3


def test_each_past_day_gets_one_more_revision(week: Week) -> None:
    assert week.back == [2] * len(DAYS)


def test_a_model_that_is_back_is_not_flooded(week: Week) -> None:
    asked = week.asked_again
    assert len(asked) == 3 * len(DAYS) + len(DAYS)
    assert week.busiest <= AT_ONCE
    most = week.fault.a_minute or len(asked)
    spans = [later - earlier for earlier, later in zip(asked, asked[most:], strict=False)]
    assert all(span >= timedelta(minutes=1) - JITTER for span in spans)
