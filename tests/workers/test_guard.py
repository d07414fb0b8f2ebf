"""A model behind breakers and limits, with the real litellm and a server on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import loopback_model as loopback
import pytest
from builders import REPOSITORY, make_call, make_sha
from landings import at_once, claimed, record
from loopback_model import LoopbackModel
from waiting import until

from analysis.model.completion import ContentRefused, Message, ModelUnavailable
from analysis.model.llm import Model, ModelOptions, preload
from analysis.replies.reply import Reply
from analysis.storage import keys
from analysis.storage.accounts import Accounts
from analysis.storage.breaker import Breakers
from analysis.storage.depth import Budget
from analysis.storage.entry import Obstacle
from analysis.storage.ladder import SharedRungs
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.purse import Purse
from analysis.storage.store import Store
from analysis.storage.throttle import Throttle
from analysis.storage.waitlist import Waitlist
from workers.guard import (
    FIRST,
    BudgetUsedUp,
    Gates,
    GuardedModel,
    LeftAlone,
    NoTurn,
    awaited,
    raise_if_all_left_alone,
    raise_if_used_up,
)
from workers.pauses import PAUSES, Pauses

MESSAGES: list[Message] = [{"role": "user", "content": "Explain the commit as JSON."}]
NAME = "openai/any"
TIMEOUT = timedelta(seconds=20)
IMPATIENT = Pauses(last_turn=timedelta(seconds=0.2))


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    preload()


@pytest.fixture
def endpoint() -> Iterator[LoopbackModel]:
    with loopback.running() as model:
        yield model


def guarded(
    endpoint: LoopbackModel,
    store: Store,
    *,
    name: str = NAME,
    rank: float = FIRST,
    pauses: Pauses = PAUSES,
    **limits: int,
) -> GuardedModel:
    options = ModelOptions(name, api_base=endpoint.url, api_key="none", timeout=TIMEOUT.total_seconds())
    model = Model(options, SharedRungs(store))
    throttle = Throttle(store, **{"at_once": 100} | limits)
    gates = Gates(Breakers(store), throttle, Waitlist(store), pauses=pauses)
    return GuardedModel(model, gates, TIMEOUT, rank=rank)


def ask(model: GuardedModel) -> str:
    return model.complete(MESSAGES, Reply).text


def occupy(store: Store, name: str = NAME) -> None:
    """A call of another machine is under way."""
    now = datetime.now(UTC)
    assert Throttle(store, at_once=1).enter(name, "other", now, until=now + TIMEOUT).entered


def test_a_good_answer_leaves_nothing_behind(endpoint: LoopbackModel, store: Store) -> None:
    assert ask(guarded(endpoint, store))
    assert store.ranked(keys.running(NAME)) == ()
    assert Breakers(store).open() == ()


@pytest.mark.parametrize("limit", [1, 2])
def test_many_threads_ask_no_more_than_so_many_at_once(
    endpoint: LoopbackModel, store: Store, limit: int
) -> None:
    endpoint.delay = 0.05
    at_once(8, lambda _: ask(guarded(endpoint, store, at_once=limit)))
    assert (endpoint.busiest, len(endpoint.requests)) == (limit, 8)


def test_what_one_machine_learns_of_a_server_another_need_not(endpoint: LoopbackModel, store: Store) -> None:
    endpoint.answer(loopback.accepting("json_object", ""))
    for _ in range(2):
        ask(guarded(endpoint, store))
    kinds = [request.get("response_format", {}).get("type") for request in endpoint.requests]
    assert kinds == ["json_schema", "json_object", "json_object"]


def test_a_failed_call_makes_room_as_well(endpoint: LoopbackModel, store: Store) -> None:
    endpoint.answer(loopback.filtered, loopback.down, loopback.valid)
    model = guarded(endpoint, store, at_once=1)
    for failure in (ContentRefused, ModelUnavailable):
        with pytest.raises(failure):
            ask(model)
    assert store.ranked(keys.running(NAME)) == ()


def test_one_who_has_no_turn_has_not_asked_and_the_model_is_not_blamed(
    endpoint: LoopbackModel, store: Store
) -> None:
    occupy(store)
    with pytest.raises(NoTurn) as caught:
        ask(guarded(endpoint, store, pauses=IMPATIENT, at_once=1))
    failure = caught.value
    longest = PAUSES.next_turn.total_seconds()
    assert (failure.asked, failure.obstacle.code) == (False, "queued")
    assert longest / 3 <= (failure.retry_after or 0) <= longest
    assert endpoint.requests == []
    assert Breakers(store).open() == ()


def test_a_full_minute_holds_back_and_says_so(endpoint: LoopbackModel, store: Store) -> None:
    model = guarded(endpoint, store, pauses=IMPATIENT, per_minute=2)
    ask(model)
    ask(model)
    with pytest.raises(NoTurn):
        ask(model)
    assert len(endpoint.requests) == 2


def test_a_fallback_model_has_room_of_its_own(endpoint: LoopbackModel, store: Store) -> None:
    occupy(store)
    assert ask(guarded(endpoint, store, name="openai/second", at_once=1, pauses=IMPATIENT))


def test_one_who_waits_goes_on_as_soon_as_there_is_room(endpoint: LoopbackModel, store: Store) -> None:
    throttle = Throttle(store, at_once=1)
    occupy(store)
    steps = [
        lambda: ask(guarded(endpoint, store, at_once=1)),
        lambda: throttle.leave(NAME, "other"),
    ]
    at_once(2, lambda number: steps[number]())
    assert len(endpoint.requests) == 1


def test_what_is_of_the_lowest_rank_has_the_next_turn(endpoint: LoopbackModel, store: Store) -> None:
    throttle = Throttle(store, at_once=1)
    occupy(store)
    prompts = ("backfill", "yesterday", "today")

    def step(number: int) -> None:
        if number < len(prompts):
            model = guarded(endpoint, store, at_once=1, rank=-number)
            model.complete([{"role": "user", "content": f"{prompts[number]}, as JSON"}], Reply)
        else:
            until(lambda: len(store.ranked(keys.turns(NAME))) == len(prompts), what="all of them waiting")
            throttle.leave(NAME, "other")

    at_once(len(prompts) + 1, step)
    asked = [request["messages"][0]["content"] for request in endpoint.requests]
    assert asked == ["today, as JSON", "yesterday, as JSON", "backfill, as JSON"]


def test_a_failing_model_is_not_asked_by_those_who_waited_meanwhile(
    endpoint: LoopbackModel, store: Store
) -> None:
    endpoint.delay = 0.05
    endpoint.answer(loopback.down)

    def failure(_: int) -> type[Exception]:
        with pytest.raises(ModelUnavailable) as caught:
            ask(guarded(endpoint, store, at_once=1))
        return type(caught.value)

    kinds = at_once(8, failure)
    assert sorted(kind.__name__ for kind in kinds) == ["LeftAlone"] * 7 + ["ModelUnavailable"]
    assert len(endpoint.requests) == 1


def test_what_waited_for_a_model_comes_back_when_it_answers(
    endpoint: LoopbackModel, store: Store, ledger: Ledger, leases: Leases
) -> None:
    record(ledger, 1)
    now = datetime.now(UTC)
    lease = claimed(leases, 1, now)
    leases.defer(lease, Obstacle(code="model-unavailable"), now, until=now + timedelta(minutes=20))
    Waitlist(store).join(NAME, lease.entry)
    breakers = Breakers(store)
    breakers.trip(NAME, now - timedelta(minutes=1), detail="HTTP 503")
    assert leases.due(datetime.now(UTC), 1) == ()
    ask(guarded(endpoint, store))
    assert breakers.open() == ()
    assert leases.due(datetime.now(UTC), 1) == ((REPOSITORY, make_sha(1)),)


def test_a_model_that_is_left_alone_says_why_and_for_how_long(endpoint: LoopbackModel, store: Store) -> None:
    endpoint.answer(loopback.too_many)
    model = guarded(endpoint, store)
    with pytest.raises(ModelUnavailable) as first:
        ask(model)
    with pytest.raises(LeftAlone, match="HTTP 429") as second:
        ask(model)
    assert len(endpoint.requests) == 1
    assert not second.value.asked
    assert 0 < (second.value.retry_after or 0) <= (first.value.retry_after or 0)


def test_commits_wait_only_when_every_model_is_left_alone(endpoint: LoopbackModel, store: Store) -> None:
    models = [guarded(endpoint, store, name=f"openai/{name}") for name in ("one", "two")]
    breakers, now = Breakers(store), datetime.now(UTC)
    breakers.trip("openai/one", now, detail="HTTP 402", retry_after=600)
    raise_if_all_left_alone(models, breakers, now)
    breakers.trip("openai/two", now, detail="HTTP 503", retry_after=60)
    with pytest.raises(LeftAlone, match="openai/two: HTTP 503") as caught:
        raise_if_all_left_alone(models, breakers, now)
    assert 50 < (caught.value.retry_after or 0) <= 60


def test_a_day_that_may_cost_no_more_waits_for_the_next(accounts: Accounts) -> None:
    purse, now = Purse(accounts, Budget(usd=1.0)), datetime.now(UTC)
    raise_if_used_up(purse, NAME, now)
    accounts.record(make_call(cost_usd=1.0, at=now))
    with pytest.raises(BudgetUsedUp) as caught:
        raise_if_used_up(purse, NAME, now)
    failure = caught.value
    assert (failure.asked, failure.obstacle) == (False, Obstacle(code="budget"))
    back = now + timedelta(seconds=failure.retry_after or 0)
    assert abs(back - purse.refilled_at(now)) < timedelta(seconds=10)
    assert (awaited(failure), awaited(ModelUnavailable(NAME, "HTTP 503"))) == ("budget", NAME)
