"""The price of a day: every call for its commits and highlights, whenever it was made."""

from datetime import timedelta

from builders import NOON, REPOSITORY, make_call
from landings import record

from analysis.storage.accounts import Accounts
from analysis.storage.entry import Source
from analysis.storage.ledger import Ledger


def test_the_record_of_a_day_says_what_it_took(ledger: Ledger, accounts: Accounts) -> None:
    past = NOON - timedelta(days=30)
    record(ledger, 1, at=past, source=Source.BACKFILL)
    for number, outcome in enumerate(("model-reply", "ok")):
        accounts.record(make_call(id=str(number), outcome=outcome))
    accounts.record(make_call(id="highlights", sha=str(past.date())))
    accounts.record(make_call(id="of today", sha=str(NOON.date())))
    total = ledger.day_record(REPOSITORY, past.date()).spending.total
    assert (total.calls, total.cost_usd) == (3, 0.75)
    assert ledger.day_record(REPOSITORY, NOON.date()).spending.total.calls == 1
