import pytest

from workers.counted import counted


@pytest.mark.parametrize(("number", "text"), [(0, "0 commits"), (1, "1 commit"), (2, "2 commits")])
def test_a_number_stands_before_the_right_form(number: int, text: str) -> None:
    assert counted(number, "commit") == text


def test_what_takes_more_than_an_s_is_given() -> None:
    assert [counted(number, "commit is", "commits are") for number in (1, 2)] == [
        "1 commit is",
        "2 commits are",
    ]
