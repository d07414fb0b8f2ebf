from builders import make_analysis, make_entry
from days import make_day

from analysis.models import Importance
from analysis.words import words_for
from report.digest import Digest
from report.reading_time import minutes_of
from report.status import status_of


def day(length: int, importance: Importance = Importance.HIGH, language: str = "zh-CN") -> Digest:
    silent = {"scope": (), "insights": (), "risks": (), "advice": ()}
    return make_day(
        [make_entry(analysis=make_analysis(importance=importance, summary="字" * length, **silent))],
        language=language,
    )


def test_five_hundred_chinese_and_1200_english_characters_take_a_minute() -> None:
    assert [minutes_of(day(length)) for length in (0, 1, 500, 501, 5_000)] == [0, 1, 1, 2, 10]
    assert minutes_of(day(1_201, language="en")) == 2


def test_what_can_be_skipped_takes_no_time() -> None:
    assert minutes_of(day(5_000, Importance.LOW)) == 0


def test_the_status_says_it_when_it_is_more_than_a_minute() -> None:
    words = words_for("zh-CN")
    assert status_of(day(5_000), words)[-1] == "全文约读 10 分钟"
    assert not any("分钟" in item for item in status_of(day(500), words))
