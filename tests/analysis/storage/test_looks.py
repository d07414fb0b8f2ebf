from datetime import timedelta

import pytest
from builders import NOON, REPOSITORY, make_sha
from landings import make_push, record

from analysis.storage.agenda import Agenda
from analysis.storage.entry import Source
from analysis.storage.ledger import Ledger
from analysis.storage.looks import Look, Looks
from analysis.storage.store import Store


@pytest.fixture
def looks(store: Store) -> Looks:
    return Looks(store)


def test_the_last_look_is_remembered_with_the_branches_there_were(looks: Looks) -> None:
    assert looks.last(REPOSITORY) is None
    for number, branches in enumerate([{"main", "topic"}, {"main", "release/1"}, set[str]()]):
        look = Look(NOON + timedelta(hours=number), frozenset(branches))
        looks.keep(REPOSITORY, look)
        assert looks.last(REPOSITORY) == look
    assert looks.last("octo/other") is None


def test_a_new_name_goes_on_where_the_old_one_stood(looks: Looks, agenda: Agenda) -> None:
    assert looks.hand_over(REPOSITORY, "octo/motor") is None
    for name, number in (("main", 1), ("release/1", 2)):
        agenda.advance(REPOSITORY, name, cursor=None, head=make_sha(number))
    agenda.advance(REPOSITORY, "main", cursor=make_sha(1), head=make_sha(3))
    look = Look(NOON, frozenset({"main", "release/1", "topic"}))
    looks.keep(REPOSITORY, look)
    assert looks.hand_over(REPOSITORY, "octo/motor") == looks.last("octo/motor") == look
    for name in look.branches:
        assert agenda.branch("octo/motor", name) == agenda.branch(REPOSITORY, name)


def test_a_new_name_keeps_what_it_knows_already(looks: Looks, agenda: Agenda) -> None:
    agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(1))
    agenda.advance("octo/motor", "main", cursor=None, head=make_sha(2))
    looks.keep(REPOSITORY, Look(NOON, frozenset({"main"})))
    looks.hand_over(REPOSITORY, "octo/motor")
    assert agenda.branch("octo/motor", "main").cursor == make_sha(2)


def test_the_cursors_of_the_branches_that_have_one(looks: Looks, agenda: Agenda) -> None:
    agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(1))
    agenda.advance(REPOSITORY, "release/1", cursor=None, head=make_sha(2))
    assert looks.cursors(REPOSITORY, ["main", "topic"]) == {make_sha(1)}
    assert looks.cursors(REPOSITORY, []) == frozenset()


@pytest.mark.parametrize(
    ("source", "been"), [(Source.PUSH, True), (Source.POLL, True), (Source.BACKFILL, False)]
)
def test_a_branch_has_been_where_a_push_or_a_poll_recorded_it(
    looks: Looks, ledger: Ledger, source: Source, *, been: bool
) -> None:
    assert not looks.been_there(make_push(1))
    record(ledger, 1, source=source)
    assert looks.been_there(make_push(1)) is been


def test_a_branch_has_been_where_it_was_first_followed_once_it_has_left(looks: Looks, agenda: Agenda) -> None:
    agenda.advance(REPOSITORY, "main", cursor=None, head=make_sha(1))
    assert not looks.been_there(make_push(1))
    agenda.advance(REPOSITORY, "main", cursor=make_sha(1), head=make_sha(2))
    assert looks.been_there(make_push(1))
    assert not looks.been_there(make_push(1, branch="release/1"))
