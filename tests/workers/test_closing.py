"""Closing a day: its highlights by a real client of a model on loopback, and whatever that model answers."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_correction, make_facts, make_sha
from landings import at_once, claimed, record
from loopback_model import (
    ANALYSED,
    Answer,
    Answers,
    LoopbackModel,
    Request,
    always,
    completion,
    down,
    empty,
    fenced,
    filtered,
    highlights_of,
    prompt_of,
    refusal,
    truncated,
    unpaid,
    valid,
)

from analysis.models import Importance
from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.highlights import Highlights
from analysis.storage.store import from_ms
from report.digest import RepositoryDigest
from workers.closing import close
from workers.edition import render
from workers.editor import MOST_FAILURES
from workers.workshop import Workshop

DAY = date(2026, 1, 9)
CLOSES = datetime(2026, 1, 9, 16, 10, tzinfo=UTC)
HIGH, MEDIUM, LOW = Importance


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as loopback:
        yield loopback


@pytest.fixture
def shop(redis_url: str, model: LoopbackModel) -> Iterator[Workshop]:
    yield from opened(redis_url, model)


def opened(redis_url: str, model: LoopbackModel, **settings: Any) -> Iterator[Workshop]:
    defaults: dict[str, Any] = {
        "repositories": REPOSITORY,
        "llm_model": "openai/example",
        "llm_api_base": model.url,
        "llm_input_price": 1,
        "llm_output_price": 2,
    }
    shop = Workshop(load_settings(**defaults | settings), redis_url)
    yield shop
    shop.disconnect()


def fill(shop: Workshop, *tiers: Importance, pending: int = 0) -> list[str]:
    """Analysed commits of these tiers, and some that wait."""
    seeds = [f"{tier}-{number}" for number, tier in enumerate(tiers)]
    record(shop.ledger, *seeds, *(f"pending-{number}" for number in range(pending)))
    for seed, tier in zip(seeds, tiers, strict=True):
        lease = claimed(shop.leases, seed)
        rules = make_analysis(source="rules", importance=tier)
        shop.leases.record_read(lease, make_facts(seed=seed, subject=f"fix: {seed}"), rules)
        shop.leases.record_analysis(lease, make_analysis(importance=tier), NOON)
    return [make_sha(seed) for seed in seeds]


def read(shop: Workshop) -> RepositoryDigest:
    (repository,) = shop.library.digest(DAY, [REPOSITORY]).repositories
    return repository


def told(shop: Workshop) -> Highlights | None:
    return shop.ledger.day_record(REPOSITORY, DAY).highlights


def planned(shop: Workshop) -> datetime | None:
    """When the day is closed again."""
    score = shop.store.redis.zscore(keys.CLOSINGS, keys.closing(REPOSITORY, DAY))
    return from_ms(float(score)) if score is not None else None


def replying(**fields: Any) -> Answers:
    """The good highlights with some fields replaced."""
    return lambda request: completion(json.dumps(highlights_of(request) | fields, ensure_ascii=False))


def item(*shas: str, **texts: str) -> dict[str, Any]:
    return {"headline": "后果", "who": "", "action": "", "risk": "", "shas": list(shas)} | texts


def test_a_day_is_told_by_the_model_when_it_is_closed(shop: Workshop, model: LoopbackModel) -> None:
    shas = fill(shop, HIGH, MEDIUM, LOW)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 1
    (request,) = model.requests
    assert {sha for sha, _ in ANALYSED.findall(prompt_of(request))} == {sha[:7] for sha in shas}
    assert "diff --git" not in prompt_of(request)
    digest = read(shop)
    assert digest.told is not None
    assert digest.told.model == "openai/example"
    assert [(each.sha, each.importance, each.who) for each in digest.highlights] == [
        (shas[0], HIGH, "所有部署"),
        (shas[1], MEDIUM, "所有部署"),
    ]
    assert planned(shop) is None


def test_a_correction_makes_a_revision_and_asks_nobody(shop: Workshop, model: LoopbackModel) -> None:
    high, medium, _ = fill(shop, HIGH, MEDIUM, LOW)
    close(shop, REPOSITORY, DAY, CLOSES)
    shop.corrections.put(REPOSITORY, high, make_correction(importance=LOW, corrected_at=CLOSES))
    assert planned(shop) == CLOSES
    assert close(shop, REPOSITORY, DAY, CLOSES) == 2
    assert close(shop, REPOSITORY, DAY, CLOSES) == 2
    assert len(model.requests) == 1
    digest = read(shop)
    assert digest.told is not None
    assert [(each.sha, each.importance) for each in digest.highlights] == [(medium, MEDIUM)]
    assert (digest.counts.high, digest.counts.low) == (0, 2)


def test_a_day_is_asked_about_once_and_again_when_it_has_changed(
    shop: Workshop, model: LoopbackModel
) -> None:
    fill(shop, HIGH, MEDIUM)
    assert [close(shop, REPOSITORY, DAY, CLOSES) for _ in range(3)] == [1, 1, 1]
    assert len(model.requests) == 1
    record(shop.ledger, "late")
    assert read(shop).told is None
    shop.leases.record_analysis(claimed(shop.leases, "late"), make_analysis(), NOON)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 2
    assert len(model.requests) == 2
    assert read(shop).told is not None


def test_what_is_muted_is_analysed_and_counted_but_not_told(
    shop: Workshop, redis_url: str, model: LoopbackModel
) -> None:
    high, muted, medium = fill(shop, HIGH, MEDIUM, MEDIUM)
    mute = {"name": "robots", "words": [f"fix: {MEDIUM}-1"]}
    for quiet in opened(redis_url, model, mutes=[mute]):
        assert close(quiet, REPOSITORY, DAY, CLOSES) == 1
        (request,) = model.requests
        assert {sha for sha, _ in ANALYSED.findall(prompt_of(request))} == {high[:7], medium[:7]}
        digest = read(quiet)
        assert digest.told is not None
        assert (digest.counts.total, digest.counts.analysed, digest.counts.medium) == (3, 3, 2)
        assert [each.shas for each in digest.folded] == [(muted,)]
        assert close(quiet, REPOSITORY, DAY, CLOSES) == 1
        text = render(quiet.library, DAY, [REPOSITORY], "markdown")
        assert text.count("robots 1") == 1
    assert close(shop, REPOSITORY, DAY, CLOSES) == 1, "another mute is no other day"
    assert "robots" not in render(shop.library, DAY, [REPOSITORY], "markdown")


def test_reading_never_calls_a_model(shop: Workshop, model: LoopbackModel) -> None:
    fill(shop, HIGH, MEDIUM)
    assert len(read(shop).highlights) == 2
    assert model.requests == []


@pytest.mark.parametrize("tiers", [(), (HIGH,), (LOW, LOW)])
def test_a_day_with_nothing_to_choose_from_asks_nobody(
    shop: Workshop, model: LoopbackModel, tiers: tuple[Importance, ...]
) -> None:
    fill(shop, *tiers)
    assert close(shop, REPOSITORY, DAY, CLOSES) == 1
    assert (model.requests, told(shop), planned(shop)) == ([], None, None)


def test_code_that_no_model_may_see_is_told_of_by_rule(redis_url: str, model: LoopbackModel) -> None:
    for settings in ({"llm_model": None}, {"repositories": ""}):
        for shop in opened(redis_url, model, **settings):
            shop.store.redis.flushall()
            fill(shop, HIGH, MEDIUM)
            assert close(shop, REPOSITORY, DAY, CLOSES) == 1
            assert (told(shop), planned(shop), len(read(shop).highlights)) == (None, None, 2)
    assert model.requests == []


def test_what_it_took_is_in_the_accounts_of_the_day(shop: Workshop) -> None:
    fill(shop, HIGH, MEDIUM)
    close(shop, REPOSITORY, DAY, CLOSES)
    (call,) = shop.accounts.calls_for(REPOSITORY, DAY)
    assert (call.sha, call.outcome, call.tokens.prompt) == (str(DAY), "ok", 1000)
    found = told(shop)
    assert found is not None
    assert (found.tokens, found.cost_usd) == (call.tokens, pytest.approx(0.0014))


def test_an_english_day_is_told_in_english(redis_url: str, model: LoopbackModel) -> None:
    for shop in opened(redis_url, model, report_language="en"):
        fill(shop, HIGH, MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        close(shop, REPOSITORY, DAY, CLOSES)
        digest = read(shop)
        assert digest.highlights[0].who == "Every deployment"
        assert [group.title for group in digest.groups] == ["One and the same place"]


# Bad answers


@pytest.mark.parametrize("answer", [fenced, valid], ids=["fenced", "valid"])
def test_a_good_answer_is_read_whatever_is_around_it(
    shop: Workshop, model: LoopbackModel, answer: Answers
) -> None:
    model.answer(answer)
    fill(shop, HIGH, MEDIUM)
    close(shop, REPOSITORY, DAY, CLOSES)
    assert read(shop).told is not None


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


def test_the_model_is_told_once_of_what_the_day_does_not_have(shop: Workshop, model: LoopbackModel) -> None:
    shas = fill(shop, HIGH, MEDIUM)
    wrong = [item(shas[0][:7], action="加上 --no-such-flag"), item("abcdef0")]
    model.answer(replying(highlights=wrong), valid)
    close(shop, REPOSITORY, DAY, CLOSES)
    assert len(model.requests) == 2
    wish = model.requests[1]["messages"][-1]["content"]
    assert "- abcdef0\n- --no-such-flag" in wish
    assert "给你的分析里" in wish
    assert [highlight.who for highlight in read(shop).highlights] == ["所有部署"] * 2


def test_what_the_model_insists_on_is_left_out(shop: Workshop, model: LoopbackModel) -> None:
    shas = fill(shop, HIGH, MEDIUM)
    wrong = [item(shas[0][:7], "abcdef0", headline="去掉 `--x-y`", action="加上 --no-such-flag", who="甲")]
    model.answer(replying(highlights=wrong))
    close(shop, REPOSITORY, DAY, CLOSES)
    (first,) = read(shop).highlights
    assert (first.shas, first.who, first.action) == ((shas[0],), "甲", "")
    assert first.headline == "超时的请求现在会得到 504，而不是一直挂起"


def test_more_than_seven_are_cut_and_a_low_one_is_no_highlight(shop: Workshop, model: LoopbackModel) -> None:
    shas = fill(shop, *[MEDIUM] * 8, HIGH, LOW)
    model.answer(replying(highlights=[item(sha[:7]) for sha in reversed(shas)]))
    close(shop, REPOSITORY, DAY, CLOSES)
    digest = read(shop)
    assert len(digest.highlights) == 7
    assert digest.highlights[0].sha == shas[8]
    assert shas[9] not in {highlight.sha for highlight in digest.highlights}


def test_markup_in_an_answer_reaches_no_reader(shop: Workshop, model: LoopbackModel) -> None:
    shas = fill(shop, HIGH, MEDIUM, HIGH, HIGH)
    evil = "<img src=x onerror=alert(1)> [a](javascript:b) @everyone\n# x | `\u202e"
    texts = dict.fromkeys(("headline", "who", "action", "risk"), evil)
    group = {"title": evil, "commits": [{"sha": sha[:7], "text": evil} for sha in shas]}
    model.answer(replying(highlights=[item(shas[0][:7], **texts)], groups=[group]))
    close(shop, REPOSITORY, DAY, CLOSES)
    assert read(shop).told is not None
    html = render(shop.library, DAY, [REPOSITORY], "html")
    markdown = render(shop.library, DAY, [REPOSITORY], "markdown")
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "](javascript" not in markdown
    assert "\n# x" not in markdown
    assert " @everyone" not in markdown
    assert "\u202e" not in html + markdown


# Revisions


def test_two_closings_at_once_leave_one_revision_and_its_highlights(
    redis_url: str, model: LoopbackModel
) -> None:
    shops = [next(opened(redis_url, model)) for _ in range(4)]
    fill(shops[0], HIGH, MEDIUM)
    revisions = at_once(4, lambda number: close(shops[number], REPOSITORY, DAY, CLOSES))
    assert set(revisions) <= {-1, 1}
    assert 1 in revisions
    assert shops[0].ledger.day_record(REPOSITORY, DAY).revision == 1
    assert read(shops[0]).told is not None
    for shop in shops:
        shop.disconnect()


def test_a_failure_that_comes_late_does_not_undo_what_was_told(shop: Workshop) -> None:
    fill(shop, HIGH, MEDIUM)
    before = shop.ledger.day_record(REPOSITORY, DAY)
    close(shop, REPOSITORY, DAY, CLOSES)
    failed = Highlights(basis="x", language="zh-CN", made_at=CLOSES, failures=1)
    late = before.model_copy(update={"highlights": failed})
    assert shop.ledger.close(late, "what the rules said", CLOSES, again=CLOSES) == -1
    assert read(shop).told is not None
    assert planned(shop) is None
