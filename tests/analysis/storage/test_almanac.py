from datetime import date, timedelta

from builders import NOON, REPOSITORY, make_call, make_sha
from landings import make_landed, record

from analysis.storage.accounts import Accounts
from analysis.storage.entry import Source
from analysis.storage.ledger import Ledger

DAY = date(2026, 1, 9)


def state(ledger: Ledger, day: date = DAY) -> str:
    return ledger.almanac.states(REPOSITORY, [day])[0]


def test_a_day_is_as_large_as_what_landed_on_it(ledger: Ledger) -> None:
    record(ledger, 1, 2)
    record(ledger, 3, at=NOON + timedelta(days=1))
    days = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]
    assert ledger.almanac.sizes(REPOSITORY, days) == (2, 1, 0)
    assert ledger.almanac.sizes(REPOSITORY, []) == ()


def test_a_commit_is_known_to_be_on_its_day(ledger: Ledger) -> None:
    record(ledger, 1)
    assert ledger.almanac.day_of(REPOSITORY, make_sha(1)) == DAY
    assert ledger.almanac.day_of(REPOSITORY, make_sha(2)) is None


def test_a_commit_more_is_another_state_of_its_day_alone(ledger: Ledger) -> None:
    record(ledger, 1)
    record(ledger, 2, at=NOON + timedelta(days=1))
    before = state(ledger), state(ledger, DAY + timedelta(days=1))
    assert record(ledger, 2) == ()
    assert (state(ledger), state(ledger, DAY + timedelta(days=1))) == before
    record(ledger, 3)
    assert state(ledger) != before[0]
    assert state(ledger, DAY + timedelta(days=1)) == before[1]


def test_what_a_walk_adds_to_a_payload_is_another_state_once(ledger: Ledger) -> None:
    record(ledger, 1)
    walked = make_landed(1, parents=(make_sha(0),), subject="as git says")
    states = [state(ledger)]
    for _ in range(2):
        ledger.record_landed(REPOSITORY, "main", [(walked, NOON)], source=Source.POLL)
        states.append(state(ledger))
    assert states[0] != states[1] == states[2]


def test_what_a_call_took_is_another_state(ledger: Ledger, accounts: Accounts) -> None:
    record(ledger, 1)
    states = [state(ledger)]
    for outcome in ("lost", "ok"):
        accounts.record(make_call(outcome=outcome))
        states.append(state(ledger))
    accounts.record(make_call(outcome="ok"))
    assert len(set(states)) == 3
    assert state(ledger) == states[-1]
    accounts.forget(make_call())
    assert state(ledger) == states[0]
