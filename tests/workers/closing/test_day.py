"""A day is closed: told by a model or by rule, once, and again when it has changed."""

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_correction
from closings import CLOSES, DAY, HIGH, LOW, MEDIUM, fill, opened, planned, read, told
from landings import at_once, claimed, record
from loopback_model import ANALYSED, LoopbackModel, prompt_of

from analysis.models import Importance
from analysis.storage.highlights import Highlights
from workers.closing import close
from workers.edition import render
from workers.workshop import Workshop


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
