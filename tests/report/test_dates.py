from datetime import date, timedelta

import pytest

from analysis.words import Language, words_for
from report.dates import long_date, long_month


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [("zh-CN", "2026年1月9日 星期五", "2026年1月"), ("en", "Friday, 9 January 2026", "January 2026")],
)
def test_days_and_months_are_written_as_people_do(language: Language, day: str, month: str) -> None:
    words = words_for(language)
    assert (long_date(date(2026, 1, 9), words), long_month(date(2026, 1, 9), words)) == (day, month)
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert len({long_date(each, words) for each in year}) == 365
    assert len({long_month(each, words) for each in year}) == 12
