"""What a body tells of who feels a change."""

import time

import pytest

from analysis.importance.bodies import told


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("This adds support for mirrors.", {"new-in-body": "adds support"}),
        ("There is a new `--dry` option.", {"new-in-body": "new `--dry` option"}),
        ("The old behaviour stays.", {"felt-in-body": "behaviour"}),
        ("Users of 1.2 must migrate.", {"felt-in-body": "Users"}),
        ("It is backward-incompatible.", {"felt-in-body": "backward-incompatible"}),
        ("The next line renews it, the user_id is kept.", {}),
        ("Reviewed-by: A User <a@example.org>", {}),
        ("It moves code without changing behavior.", {}),
        ("", {}),
    ],
)
def test_words_of_a_body_are_found(body: str, found: dict[str, str]) -> None:
    assert dict(told(body)) == found


@pytest.mark.parametrize("word", ["new ", "support ", "A-by", "backwards ", "introduc"])
def test_a_body_made_to_stall_does_not(word: str) -> None:
    started = time.process_time()
    list(told(word * (200_000 // len(word))))
    assert time.process_time() - started < 5
