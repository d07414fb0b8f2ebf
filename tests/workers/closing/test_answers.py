"""Whatever stands in a model's answer, readers get what the day bears out."""

import pytest
from builders import REPOSITORY
from closings import CLOSES, DAY, HIGH, LOW, MEDIUM, fill, item, read, replying
from loopback_model import Answers, LoopbackModel, fenced, valid

from workers.closing import close
from workers.edition import render
from workers.workshop import Workshop


@pytest.mark.parametrize("answer", [fenced, valid], ids=["fenced", "valid"])
def test_a_good_answer_is_read_whatever_is_around_it(
    shop: Workshop, model: LoopbackModel, answer: Answers
) -> None:
    model.answer(answer)
    fill(shop, HIGH, MEDIUM)
    close(shop, REPOSITORY, DAY, CLOSES)
    assert read(shop).told is not None


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
