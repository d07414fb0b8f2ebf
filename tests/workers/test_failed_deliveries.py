"""Which pushes GitHub could not deliver, by its list of attempts."""

from datetime import timedelta
from itertools import permutations

import pytest
from builders import NOON
from github_hooks import attempt

from workers.redeliveries import Delivery, failed_pushes

HOUR = timedelta(hours=1)


def made(*attempts: tuple[str, str]) -> list[Delivery]:
    """Attempts at deliveries by the names of the deliveries and how each went, newest first."""
    listed = [
        attempt(guid, NOON - number * HOUR, status, id=number)
        for number, (guid, status) in enumerate(attempts)
    ]
    return [Delivery.model_validate(each) for each in listed]


def test_a_push_without_any_success_is_asked_for_by_its_newest_attempt_oldest_push_first() -> None:
    attempts = made(
        ("b", "timed out"), ("a", "timed out"), ("b", "failed to connect"), ("c", "OK"), ("a", "no")
    )
    assert list(failed_pushes(attempts).items()) == [("a", 1), ("b", 0)]


@pytest.mark.parametrize("order", list(permutations([("a", "OK"), ("a", "no"), ("a", "no")])))
def test_one_success_is_enough_whichever_attempt_it_was(order: tuple[tuple[str, str], ...]) -> None:
    assert failed_pushes(made(*order)) == {}


def test_any_answer_of_200_and_more_is_a_success_whatever_it_is_called() -> None:
    accepted, moved = made(("a", "Accepted"), ("b", "Moved"))
    found = [accepted.model_copy(update={"status_code": 202}), moved.model_copy(update={"status_code": 301})]
    assert failed_pushes(found) == {"b": 1}


def test_other_events_are_nobodys_loss() -> None:
    ping = Delivery.model_validate(attempt("a", NOON, "timed out", event="ping"))
    assert failed_pushes([ping]) == {}
