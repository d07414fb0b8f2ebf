import pytest
from builders import make_analysis, make_call, make_entry
from days import make_day

from analysis.language import Language
from analysis.models import Tokens
from analysis.storage.spending import LOST, Spending
from analysis.words import words_for
from report.price import price_of, spending_on

CHINESE = words_for("zh-CN")


def test_nothing_asked_is_nothing_said() -> None:
    assert price_of(Spending(), CHINESE) == ()


def test_failed_and_repaired_calls_count() -> None:
    calls = [
        make_call(id="unusable", outcome="model-reply"),
        make_call(id="repaired"),
        make_call(id="down", tokens=Tokens(), cost_usd=None, outcome="model-unavailable"),
        make_call(id="highlights", sha="2026-01-09"),
    ]
    assert price_of(Spending.of(calls), CHINESE) == (
        "token 用量：输入 300（其中命中缓存 120），输出 60",
        "费用 0.7500 美元",
    )


def test_each_model_has_its_price_when_there_are_several() -> None:
    calls = [make_call(), make_call(model="b/small", cost_usd=None), make_call(repository="octo/other")]
    total, cost, *models = price_of(Spending.of(calls), CHINESE)
    assert total == "token 用量：输入 300（其中命中缓存 120），输出 60"
    assert cost == "费用至少 0.5000 美元（部分模型价格未知）"
    assert models == [
        "a/big：输入 200（其中命中缓存 80），输出 40，费用 0.5000 美元",
        "b/small：输入 100（其中命中缓存 40），输出 20，费用未知（未设模型价格）",
    ]


def test_calls_that_did_not_end_are_said() -> None:
    lost = make_call(tokens=Tokens(), cost_usd=None, outcome=LOST)
    assert price_of(Spending.of([make_call(), lost]), CHINESE)[-1] == "1 次请求没有结束，用量未知"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_item_has_words_in_both_languages(language: Language) -> None:
    lost = make_call(model="c/lost", tokens=Tokens(), cost_usd=None, outcome=LOST)
    items = price_of(
        Spending.of([make_call(), make_call(model="b/small", cost_usd=None), lost]), words_for(language)
    )
    assert len(items) == 6
    assert not any("{" in item for item in items)


def test_without_calls_the_analyses_say_what_they_took() -> None:
    tokens = Tokens(prompt=1000, cached=10, completion=100)
    day = make_day(
        [
            make_entry(seed=1, analysis=make_analysis(tokens=tokens, cost_usd=0.25)),
            make_entry(seed=2, analysis=make_analysis(source="rules")),
        ]
    )
    assert spending_on(day).total.tokens == tokens
    assert spending_on(day).total.cost_usd == 0.25
    assert not spending_on(make_day([make_entry(analysis=make_analysis(source="rules"))])).lines


def test_a_digest_shows_what_all_calls_for_it_took_and_a_selection_what_it_shows() -> None:
    analysis = make_analysis(tokens=Tokens(prompt=100, completion=20), cost_usd=0.25)
    calls = [make_call(id="failed", outcome="model-reply"), make_call()]
    day = make_day([make_entry(analysis=analysis)], spending=Spending.of(calls))
    assert spending_on(day).total.cost_usd == 0.5
    assert spending_on(day.model_copy(update={"selection": "author=one"})).total.cost_usd == 0.25
