from datetime import timedelta

import pytest

from analysis.backoff import Backoff

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "whole"),
    [(0, MINUTE), (1, MINUTE), (2, 2 * MINUTE), (5, 16 * MINUTE), (10, 6 * HOUR), (10**9, 6 * HOUR)],
)
def test_pauses_double_up_to_the_longest(failures: int, whole: timedelta) -> None:
    backoff = Backoff(first=MINUTE, longest=6 * HOUR)
    assert backoff.pause(failures, 1) == whole
    assert backoff.pause(failures, 0) == whole / 2
