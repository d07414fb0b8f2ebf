"""A model that is away, refuses, or gives nothing usable: the rules speak, and it is asked again."""

from datetime import timedelta

import pytest
from builders import REPOSITORY
from closings import CLOSES, DAY, HIGH, MEDIUM, fill, item, opened, planned, read, replying, told
from loopback_model import (
    Answer,
    Answers,
    LoopbackModel,
    Request,
    always,
    completion,
    down,
    empty,
    filtered,
    refusal,
    truncated,
    unpaid,
    valid,
)

from workers.closing import close
from workers.editor import MOST_FAILURES
from workers.workshop import Workshop


@pytest.mark.parametrize(
    ("answers", "calls"),
    [
        ((down,), 1),
        ((unpaid,), 1),
        ((filtered,), 1),
        ((empty,), 2),
        ((truncated,), 2),
        ((always(completion("The day looks good.")),), 2),
        ((always(completion('{"highlights": []}')),), 2),
        ((replying(highlights=[item("abcdef0"), item()]),), 2),
        ((always(refusal(400, "maximum context length is 1 tokens", code="context_length_exceeded")),), 4),
    ],
    ids=["down", "unpaid", "refused", "empty", "cut", "prose", "nothing", "unknown", "too large"],
)
def test_without_a_usable_answer_the_rules_speak_and_the_day_is_closed(
    shop: Workshop, model: LoopbackModel, answers: tuple[Answers, ...], calls: int
) -> None:
    model.answer(*answers)
    shas = fill(shop, HIGH, MEDIUM)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 1
    assert len(model.requests) == calls
    digest = read(shop)
    assert digest.told is None
    assert [highlight.sha for highlight in digest.highlights] == shas
    found = told(shop)
    assert found is not None
    assert (found.items, found.failures) == ((), 1)
    again = planned(shop)
    assert again is not None
    first = shop.pauses.highlights.first
    assert CLOSES + first / 2 <= again <= CLOSES + first


def test_a_model_that_came_back_is_asked_at_the_next_closing(shop: Workshop, model: LoopbackModel) -> None:
    model.answer(empty, empty, valid)
    fill(shop, HIGH, MEDIUM)
    assert [close(shop, REPOSITORY, DAY, CLOSES) for _ in range(2)] == [1, 2]
    assert read(shop).told is not None
    assert planned(shop) is None


def test_a_model_that_is_left_alone_is_not_asked(shop: Workshop, model: LoopbackModel) -> None:
    model.answer(down)
    fill(shop, HIGH, MEDIUM)
    assert [close(shop, REPOSITORY, DAY, CLOSES) for _ in range(3)] == [1, 1, 1]
    assert len(model.requests) == 1
    assert [call.outcome for call in shop.accounts.calls_for(REPOSITORY, DAY)] == ["model-unavailable"]


def test_after_so_many_failures_a_day_is_left_to_the_rules(shop: Workshop, model: LoopbackModel) -> None:
    model.answer(empty)
    fill(shop, HIGH, MEDIUM)
    pauses = []
    for _ in range(MOST_FAILURES):
        close(shop, REPOSITORY, DAY, CLOSES)
        again = planned(shop)
        assert again is not None
        pauses.append(again - CLOSES)
    assert max(pauses) <= shop.pauses.highlights.longest
    assert sum(pauses, timedelta()) > timedelta(hours=9)
    asked = len(model.requests)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 1
    assert (len(model.requests), planned(shop)) == (asked, None)


def test_a_model_that_is_away_for_long_is_asked_about_the_day_when_it_is_back(
    shop: Workshop, model: LoopbackModel
) -> None:
    model.answer(down)
    fill(shop, HIGH, MEDIUM)
    revisions = {close(shop, REPOSITORY, DAY, CLOSES) for _ in range(MOST_FAILURES + 2)}
    assert (revisions, len(model.requests)) == ({1}, 1)
    assert planned(shop) is not None
    shop.breakers.reset("openai/example")
    model.answer(valid)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 2
    assert read(shop).told is not None


def test_a_day_in_which_something_waits_is_not_closed_for_the_model_s_sake(
    shop: Workshop, model: LoopbackModel
) -> None:
    model.answer(down)
    fill(shop, HIGH, MEDIUM, pending=1)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 1
    assert planned(shop) is None


def test_the_next_model_is_asked_when_the_first_does_not_answer(redis_url: str, model: LoopbackModel) -> None:
    def first_is_down(request: Request) -> Answer:
        return (down if request["model"] == "example" else valid)(request)

    model.answer(first_is_down)
    for shop in opened(redis_url, model, llm_fallback_models="openai/other"):
        fill(shop, HIGH, MEDIUM)
        close(shop, REPOSITORY, DAY, CLOSES)
        digest = read(shop)
        assert digest.told is not None
        assert digest.told.model == "openai/other"


def test_a_day_that_has_cost_what_it_may_is_told_of_by_rule(redis_url: str, model: LoopbackModel) -> None:
    for shop in opened(redis_url, model, llm_daily_budget_tokens=0):
        fill(shop, HIGH, MEDIUM)
        close(shop, REPOSITORY, DAY, CLOSES)
        assert (model.requests, read(shop).told) == ([], None)
        assert shop.accounts.calls_for(REPOSITORY, DAY) == ()
