from builders import make_entry
from days import make_day

from analysis.storage.entry import Obstacle, State
from analysis.words import words_for
from report.status import page_status, status_of

WORDS = words_for("zh-CN")
WAITING = make_entry(
    seed=2, state=State.PENDING, analysis=None, facts=None, obstacle=Obstacle(code="model-unavailable")
)


def test_a_page_shows_progress_and_filter_in_places_of_their_own() -> None:
    why = WORDS("obstacle.model-unavailable")
    day = make_day([make_entry(), WAITING]).model_copy(update={"selection": "q=x"})
    assert status_of(day, WORDS) == ("修订 1", "1/2 已分析", f"1 等待：{why}", "已筛选：q=x")
    assert page_status(day, WORDS) == ("修订 1", f"1 等待：{why}")


def test_a_complete_day_says_that_it_is_complete() -> None:
    assert page_status(make_day([make_entry()]), WORDS) == ("修订 1", "1/1 已分析", "0 等待")
