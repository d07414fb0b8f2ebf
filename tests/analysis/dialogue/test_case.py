"""What becomes of a reply: checked against the commit, asked about once, and published with marks."""

from typing import Any

import loopback_model as loopback
import pytest
from analyzing import HIGH
from commits import MORNING, make_commit
from loopback_model import LoopbackModel, prompt_of, saying

from analysis.dialogue.analyzer import Analyzer, Outcome
from analysis.dialogue.prompt import Context, SameChange
from analysis.importance.triage import triage
from analysis.model.llm import Model, ModelOptions
from analysis.models import Commit, Importance, Insight, PullRequest, Tokens, Verdict


def analyse(
    service: LoopbackModel, commit: Commit, context: Context | None = None, verdict: Verdict | None = None
) -> Outcome:
    model = Model(ModelOptions("openai/any", api_base=service.url, timeout=20))
    analyzer = Analyzer(models=(model,), language="en", now=lambda: MORNING)
    return analyzer.analyse(commit, verdict or triage(commit), context)


def reply(**fields: Any) -> loopback.Answers:
    return saying(lambda text: text, **fields)


FALSE = reply(summary="The flag `--frobnicate` is gone from `engine/server.py`.")
TRUE = reply(summary="`timeout` in `engine/server.py` changes.")


def test_claims_that_nothing_supports_are_named_to_the_model_once(service: LoopbackModel) -> None:
    service.answer(FALSE, TRUE)
    outcome = analyse(service, make_commit(HIGH))
    assert len(service.requests) == 2
    asked = service.requests[1]["messages"][-1]["content"]
    assert "- --frobnicate" in asked
    assert "engine/server.py" not in asked
    assert outcome.analysis.summary == "`timeout` in `engine/server.py` changes."
    assert outcome.analysis.grounding is not None
    assert outcome.analysis.grounding.unsupported == ()
    assert outcome.analysis.grounding.claims == outcome.analysis.grounding.grounded >= 2
    assert outcome.analysis.tokens == Tokens(prompt=2000, completion=400)


def test_what_still_does_not_hold_is_marked_and_counted(service: LoopbackModel) -> None:
    service.answer(FALSE)
    analysis = analyse(service, make_commit(HIGH)).analysis
    assert len(service.requests) == 2
    assert "`--frobnicate`" in analysis.summary
    assert analysis.summary != "The flag `--frobnicate` is gone from `engine/server.py`."
    assert analysis.grounding is not None
    assert analysis.grounding.unsupported == ("--frobnicate",)
    assert analysis.grounding.claims == analysis.grounding.grounded + 1


@pytest.mark.parametrize(
    "second", [loopback.down, loopback.empty, loopback.truncated, loopback.too_many, loopback.filtered_reply]
)
def test_a_second_answer_that_never_comes_leaves_the_first(
    service: LoopbackModel, second: loopback.Answers
) -> None:
    service.answer(FALSE, second)
    outcome = analyse(service, make_commit(HIGH))
    assert "--frobnicate" in outcome.analysis.summary
    assert len(outcome.calls) == 2


def test_a_worse_second_answer_is_not_taken(service: LoopbackModel) -> None:
    worse = reply(summary="`--frobnicate`, `--other` and `NO_SUCH_THING` are gone.")
    service.answer(FALSE, worse)
    assert "NO_SUCH_THING" not in analyse(service, make_commit(HIGH)).analysis.summary


def test_an_honest_answer_takes_one_request(service: LoopbackModel) -> None:
    service.answer(TRUE)
    assert len(analyse(service, make_commit(HIGH)).calls) == 1


def test_the_pull_request_supports_a_claim_and_is_shown(service: LoopbackModel) -> None:
    service.answer(FALSE)
    pull = PullRequest(number=12, title="Drop --frobnicate")
    outcome = analyse(service, make_commit(HIGH), Context(pull_request=pull))
    assert len(outcome.calls) == 1
    assert "#12 Drop --frobnicate" in prompt_of(service.requests[0])


def test_the_same_change_is_told_and_may_be_named(service: LoopbackModel) -> None:
    same = SameChange("7ac9f3e" + "0" * 33, "The flag `--frobnicate` goes.")
    service.answer(reply(summary="A re-land of `7ac9f3e`, which dropped `--frobnicate`."))
    outcome = analyse(service, make_commit(HIGH), Context(same_change=same))
    assert len(outcome.calls) == 1
    assert "The flag `--frobnicate` goes." in prompt_of(service.requests[0])


def test_fields_that_will_not_be_published_are_not_asked_about(service: LoopbackModel) -> None:
    low = {"importance": "low", "summary": "Words."}
    service.answer(reply(**low, advice=["Drop `--frobnicate`."]))
    outcome = analyse(service, make_commit("docs: words", {"a.md": ("a\n", "b\n")}))
    assert len(outcome.calls) == 1
    assert outcome.analysis.advice == ()


def test_in_brief_a_summary_is_enough_and_the_scope_is_gits(service: LoopbackModel) -> None:
    service.answer(reply(importance="medium", scope=[], insights=[], risks=[], advice=[]))
    outcome = analyse(service, make_commit("feat: answer"), Context(brief=True))
    assert len(outcome.calls) == 1
    assert outcome.analysis.depth == "brief"
    assert [place.path for place in outcome.analysis.scope] == ["engine/server.py"]
    assert outcome.analysis.advice == ()


def test_the_floor_holds_and_what_the_model_gave_is_kept(service: LoopbackModel) -> None:
    service.answer(reply(importance="low"))
    analysis = analyse(service, make_commit(HIGH)).analysis
    assert (analysis.importance, analysis.claimed) == (Importance.MEDIUM, Importance.LOW)


def test_generic_and_destructive_advice_is_dropped(service: LoopbackModel) -> None:
    advice = ["Add documentation and tests.", "Delete the old volume.", "Restart `engine/server.py`."]
    service.answer(reply(importance="medium", advice=advice))
    analysis = analyse(service, make_commit("feat: answer")).analysis
    assert analysis.advice == ("Restart `engine/server.py`.",)


def test_hollow_insights_are_dropped(service: LoopbackModel) -> None:
    insights = [
        {"aspect": "security", "text": "A smaller attack surface."},
        {"aspect": "performance", "text": "`timeout` is read once; the cost is negligible."},
    ]
    service.answer(reply(importance="high", insights=insights))
    analysis = analyse(service, make_commit(HIGH)).analysis
    assert [insight.aspect for insight in analysis.insights] == ["performance"]
    assert isinstance(analysis.insights[0], Insight)
