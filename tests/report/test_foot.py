"""The foot of a digest: what it says of the claims that were looked up."""

import pytest
from builders import make_analysis, make_entry
from days import make_day

from analysis.language import Language
from analysis.models import Grounding
from analysis.words import words_for
from report.foot import foot_of


def foot(language: Language, *groundings: Grounding | None) -> str:
    entries = [
        make_entry(seed=at, analysis=make_analysis(grounding=grounding))
        for at, grounding in enumerate(groundings)
    ]
    return " · ".join(foot_of(make_day(entries, language=language), words_for(language)))


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "25 处说法中 23 处在提交里有据，其余已注明"), ("en", "23 of 25; the others are marked")],
)
def test_the_claims_of_all_analyses_are_summed(language: Language, said: str) -> None:
    few, many = Grounding(claims=5, grounded=5), Grounding(claims=20, grounded=18, unsupported=("a_b", "--x"))
    assert said in foot(language, few, None, many)


def test_when_all_hold_it_says_so() -> None:
    assert "7 处说法都在提交里有据" in foot("zh-CN", Grounding(claims=7, grounded=7))


@pytest.mark.parametrize("grounding", [None, Grounding()])
def test_where_nothing_was_looked_up_nothing_is_said(grounding: Grounding | None) -> None:
    assert "说法" not in foot("zh-CN", grounding)
