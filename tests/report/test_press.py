from collections.abc import Hashable

from landings import at_once

from report.press import Copy, Press


class Rendered:
    """Counts how often each key was rendered."""

    def __init__(self, press: Press) -> None:
        self.press = press
        self.keys: list[Hashable] = []

    def copy(self, key: Hashable, text: str = "text") -> Copy:
        def render() -> str:
            self.keys.append(key)
            return text

        return self.press.copy(key, render)


def test_the_same_key_is_rendered_once() -> None:
    rendered = Rendered(Press())
    copies = [rendered.copy(key) for key in ("a", "a", "b", "a")]
    assert rendered.keys == ["a", "b"]
    assert copies[0] is copies[1] is copies[3]


def test_the_tag_is_of_the_text_alone() -> None:
    one, two = (Rendered(Press()).copy(key, "日") for key in "ab")
    assert one == two
    assert one.unpacked() == "日".encode()
    assert one.tag != Rendered(Press()).copy("a", "月").tag


def test_what_was_not_read_for_the_longest_time_goes_first() -> None:
    size = Copy.of("text").size
    rendered = Rendered(Press(largest=2 * size))
    for key in "abac":  # b goes
        rendered.copy(key)
    for key in "acb":
        rendered.copy(key)
    assert rendered.keys == ["a", "b", "c", "b"]


def test_one_copy_is_kept_however_large_it_is() -> None:
    rendered = Rendered(Press(largest=1))
    rendered.copy("a")
    rendered.copy("a")
    rendered.copy("b")
    assert rendered.keys == ["a", "b"]


def test_threads_that_come_together_get_the_same() -> None:
    rendered = Rendered(Press())
    copies = at_once(8, lambda _: rendered.copy("a"))
    assert set(copies) == {Copy.of("text")}
    assert rendered.copy("a") in copies
