import pytest

from analysis.diff.rewording import only_moved, only_texts
from analysis.diff.sides import Sides
from analysis.models import Patch


def sides(*lines: str, path: str = "a.py") -> Sides:
    text = f"diff --git a/{path} b/{path}\n@@ -1,9 +1,9 @@\n" + "".join(f"{line}\n" for line in lines)
    return Sides.of(Patch(path=path, text=text))


MOVED = [f"    step_{number}()" for number in range(10)]


def test_what_goes_in_one_file_and_comes_in_another_has_moved() -> None:
    gone = sides(*(f"-{line}" for line in MOVED))
    come = sides(*(f"+    {line}" for line in MOVED), path="b.py")
    assert only_moved([gone, come])
    assert not only_moved([gone])
    assert not only_moved([come])


def test_a_move_that_brings_more_is_more_than_a_move() -> None:
    gone = sides(*(f"-{line}" for line in MOVED))
    come = sides(
        *(f"+{line}" for line in MOVED), *(f"+    new_{number}()" for number in range(5)), path="b.py"
    )
    assert not only_moved([gone, come])


def test_nothing_has_not_moved() -> None:
    assert not only_moved([])
    assert not only_texts(sides())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('    raise Gone("no such file")', '    raise Gone("there is no such file")', True),
        ("  warn('is off');", "  warn('is off now');", True),
        ('    model = "small-4"', '    model = "large-5"', False),
        ('    raise Gone("no such file")', '    raise Lost("there is no such file")', False),
        ('    say("a b")', '    say("a b"); stop()', False),
    ],
)
def test_sentences_are_texts_and_values_are_not(old: str, new: str, *, said: bool) -> None:
    assert only_texts(sides(f"-{old}", f"+{new}")) is said
    assert not only_texts(sides(f"+{new}"))
