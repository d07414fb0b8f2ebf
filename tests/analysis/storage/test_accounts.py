from datetime import UTC, date, datetime, timedelta

from builders import NOON, REPOSITORY, make_call, make_sha
from invariants import snapshot
from landings import at_once, record

from analysis.models import Tokens
from analysis.storage.accounts import KEPT, Accounts
from analysis.storage.entry import Source
from analysis.storage.ledger import Ledger
from analysis.storage.spending import LOST

DAY = date(2026, 1, 9)


def test_a_call_recorded_twice_counts_once_on_its_own_day(accounts: Accounts) -> None:
    call = make_call()
    accounts.record(call)
    accounts.record(call)
    accounts.record(make_call(id="two", at=NOON + timedelta(hours=12)))
    assert accounts.calls(DAY) == (call,)
    assert accounts.today(NOON).total.calls == 1


def test_what_came_of_a_call_takes_the_place_of_its_announcement(accounts: Accounts) -> None:
    accounts.record(make_call(tokens=Tokens(), cost_usd=None, outcome=LOST))
    accounts.record(make_call())
    assert accounts.calls(DAY) == (make_call(),)


def test_a_call_that_was_not_made_is_forgotten_everywhere(accounts: Accounts, ledger: Ledger) -> None:
    record(ledger, 1)
    before = snapshot(accounts.redis)
    accounts.record(make_call())
    accounts.forget(make_call())
    assert snapshot(accounts.redis) == before


def test_calls_of_an_export_come_into_the_books_they_stood_in(accounts: Accounts) -> None:
    now = datetime.now(UTC)
    today, call, old = accounts.calendar.day_of(now), make_call(at=now), make_call(id="old", at=now - KEPT)
    made, lost = make_call(id="lost", at=now), make_call(id="lost", at=now, outcome=LOST)
    accounts.restore([(None, call), (DAY, call), (None, old), (None, made), (None, lost)], now)
    assert accounts.calls(today) == (call, made)
    assert accounts.calls_for(REPOSITORY, DAY) == (call,)
    assert accounts.calls(accounts.calendar.day_of(now - KEPT)) == ()


def test_a_day_analysed_later_has_its_price_on_both_days(accounts: Accounts, ledger: Ledger) -> None:
    record(ledger, 1, at=NOON - timedelta(days=30), source=Source.BACKFILL)
    accounts.record(make_call())
    assert accounts.calls(DAY) == (make_call(),)
    assert accounts.calls_for(REPOSITORY, DAY - timedelta(days=30)) == (make_call(),)
    assert accounts.calls_for(REPOSITORY, DAY) == ()


def test_the_highlights_of_a_day_belong_to_its_digest(accounts: Accounts) -> None:
    call = make_call(sha="2026-01-08")
    accounts.record(call)
    assert accounts.calls_for(REPOSITORY, date(2026, 1, 8)) == (call,)


def test_a_call_about_no_recorded_commit_is_counted_for_the_day_only(accounts: Accounts) -> None:
    for number, sha in enumerate([make_sha("unknown"), ""]):
        accounts.record(make_call(id=str(number), sha=sha))
    assert accounts.spending(DAY).total.calls == 2
    assert len(accounts.redis.keys("*")) == 1


def test_calls_recorded_at_once_are_all_there(accounts: Accounts, ledger: Ledger) -> None:
    record(ledger, 1)
    at_once(8, lambda number: accounts.record(make_call(id=str(number % 4))))
    assert accounts.today(NOON).total.calls == 4
    assert len(accounts.calls_for(REPOSITORY, DAY)) == 4


def test_the_calls_of_a_day_expire_and_those_of_a_digest_do_not(accounts: Accounts, ledger: Ledger) -> None:
    record(ledger, 1)
    accounts.record(make_call())
    lives = sorted(accounts.redis.ttl(key) for key in accounts.redis.keys("*:calls:*"))
    assert lives[0] == -1
    assert 0 < lives[1] <= KEPT.total_seconds()
