import pytest

from analysis.diff.rewording import only_moved, only_removed, only_texts, reworded
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


def test_lines_that_only_go_are_told_from_such_as_are_replaced() -> None:
    assert only_removed([sides("-    stop()")])
    assert only_removed(
        [sides("-    stop()", "-    wait()", "+", "+    # why"), sides("+wait()", path="b.py")]
    )
    assert not only_removed([sides("-    stop()", "+    wait()")])
    assert not only_removed([sides("-    # why")])
    assert not only_removed([sides("-    stop()"), sides("+    stop()", path="b.py")])


def test_a_patch_is_about_its_texts_when_a_good_part_of_it_is() -> None:
    texts = ['-    say("no such file")', '+    say("there is no such file")']
    code = [f"{mark}    step_{mark}{number}()" for mark in "-+" for number in range(5)]
    assert reworded([sides(*texts, *code)])
    assert not reworded([sides(*texts, *code), sides(*code, path="b.py")])
    assert reworded([sides(*texts), sides(*(f"-{line}" for line in MOVED), *(f"+{line}" for line in MOVED))])
    assert not reworded([sides('-    model = "small-4"', '+    model = "large-5"')])
