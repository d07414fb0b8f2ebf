import pytest
from builders import NOON, REPOSITORY, make_sha
from landings import make_landed, make_push

from analysis.storage.entry import Source
from analysis.storage.ledger import Ledger
from analysis.storage.names import Names

NEW = "octo/motor"


@pytest.fixture
def names(ledger: Ledger) -> Names:
    return ledger.names


def test_a_repository_is_known_by_its_id_under_every_name_it_was_followed_by(names: Names) -> None:
    names.confirm(REPOSITORY, 7)
    names.confirm("octo/other", 8)
    names.confirm("octo/third", None)
    assert (names.followed_as(7), names.followed_as(9)) == ((REPOSITORY,), ())
    names.confirm(NEW, 7)
    assert set(names.followed_as(7)) == {REPOSITORY, NEW}


def test_a_new_name_is_news_once_and_until_the_old_one_is_back(names: Names) -> None:
    assert [names.rename(REPOSITORY, name) for name in (NEW, NEW, "octo/engine2")] == [True, False, True]
    assert names.renamed() == {REPOSITORY: "octo/engine2"}
    names.confirm(REPOSITORY, None)
    assert names.renamed() == {}
    assert names.rename(REPOSITORY, NEW)


def test_only_github_itself_says_where_a_repository_has_moved(names: Names) -> None:
    names.rename(REPOSITORY, NEW)
    assert names.moved(REPOSITORY) is None
    names.rename(REPOSITORY, NEW, sure=True)
    assert names.moved(REPOSITORY) == NEW
    names.confirm(REPOSITORY, 7)
    assert names.moved(REPOSITORY) is None


def test_what_a_name_was_before_whatever_its_letters_case(names: Names) -> None:
    names.rename(REPOSITORY, NEW)
    assert (names.formerly("Octo/Motor"), names.formerly(REPOSITORY)) == (REPOSITORY, None)


def test_what_was_recorded_under_the_former_name_is_not_recorded_again(ledger: Ledger, names: Names) -> None:
    ledger.record_push(make_push(1, 2))
    names.rename(REPOSITORY, NEW)
    assert ledger.record_push(make_push(2, 3, repository=NEW)) == (make_sha(3),)
    walked = [(make_landed(number, parents=(make_sha(0),)), NOON) for number in (1, 2, 3, 4)]
    assert ledger.record_landed(NEW, "main", walked, source=Source.POLL) == (make_sha(4),)
    assert [ledger.entry(NEW, make_sha(number)) is None for number in (1, 2, 3, 4)] == [
        True,
        True,
        False,
        False,
    ]
    kept = ledger.entry(REPOSITORY, make_sha(1))
    assert kept is not None
    assert kept.landed.parents == ()
