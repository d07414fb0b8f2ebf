"""A page is rendered once for each state of what it shows, over the real ledger."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_call, make_facts, make_sha
from days import CALENDAR, DAY
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from landings import analyse, claimed, make_landed, make_push, record

from analysis.models import Commit
from analysis.storage.accounts import Accounts
from analysis.storage.entry import DayRecord, Entry, Obstacle, Source, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.story.relations import Relations
from analysis.watching import Mute, Watch
from report.library import Library
from report.pages import pages_blueprint
from report.pages.days import add_days
from report.pages.desk import Desk
from report.pages.feeds import add_feeds
from report.press import Press

SHA = make_sha(1)
DAY_PAGES = [f"/reports/{DAY}{form}" for form in ("", ".md", ".json")]
COMMIT_PAGES = [f"/commits/{REPOSITORY}/{SHA}{form}" for form in ("", ".md", ".json")]
OTHERS = [
    "/",
    f"/reports/{REPOSITORY}",
    "/months/2026-01",
    "/feed.atom",
    "/reports/2026-01",
    "/reports/2026-W02.json",
    f"/reports/{DAY}?q=change",
    "/watches",
    "/watches/changes",
    f"/watches/changes/{DAY}",
    "/watches/changes/feed.atom",
]
WATCHES = (Watch(name="changes", words=("change", "client", "revert", "git")),)
MUTES = (Mute(words=("nothing of this",)),)
TOMORROW = NOON + timedelta(days=1)


class Read(AssertionError):
    """Something was read that a page in the press does not need."""


class Witness(Ledger):
    """The real ledger, which counts how often the entries of a day, or one of them, are read."""

    reads = 0

    def day(self, repository: str, day: Any) -> tuple[Entry, ...]:
        self.reads += 1
        return super().day(repository, day)

    def entry(self, repository: str, sha: str) -> Entry | None:
        self.reads += 1
        return super().entry(repository, sha)

    def day_record(self, repository: str, day: Any) -> DayRecord:
        self.reads += 1
        return super().day_record(repository, day)


@pytest.fixture
def witness(ledger: Ledger) -> Witness:
    return Witness(ledger.store, CALENDAR)


@pytest.fixture
def client(witness: Witness) -> FlaskClient:
    return client_of(witness)


def client_of(ledger: Ledger, at: datetime = TOMORROW) -> FlaskClient:
    app = Flask(__name__)
    library = Library(ledger, CALENDAR, watches=WATCHES, mutes=MUTES, clock=lambda: at)
    app.register_blueprint(pages_blueprint(library))
    return app.test_client()


@pytest.mark.parametrize("address", [*DAY_PAGES, *COMMIT_PAGES, *OTHERS])
def test_a_second_view_reads_no_entry_and_renders_nothing(
    address: str, client: FlaskClient, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(witness, 1, 2)
    analyse(Leases(witness), 1)
    first = client.get(address)
    assert first.status_code == 200
    witness.reads = 0
    forbid_rendering(monkeypatch)
    again = client.get(address)
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    unchanged = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert witness.reads == 0


def forbid_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> str:
        raise Read

    monkeypatch.setattr("jinja2.Template.render", read)
    monkeypatch.setattr("report.library.build_digest", read)


def read_only(ledger: Ledger) -> None:
    lease = claimed(Leases(ledger), 2)
    Leases(ledger).record_read(
        lease, make_facts(seed=2, subject="as git says"), make_analysis(source="rules")
    )


def defer(ledger: Ledger) -> None:
    Leases(ledger).defer(claimed(Leases(ledger), 2), OBSTACLE, NOON, until=NOON)


def postpone(ledger: Ledger) -> None:
    Leases(ledger).postpone(claimed(Leases(ledger), 2), OBSTACLE, until=NOON)


def park(ledger: Ledger) -> None:
    Leases(ledger).park(claimed(Leases(ledger), 2), OBSTACLE, NOON)


def reopen(ledger: Ledger) -> None:
    park(ledger)
    Leases(ledger).reopen(REPOSITORY, make_sha(2), State.PARKED)
    analyse(Leases(ledger), 2)


def refine(ledger: Ledger) -> None:
    walked = make_landed(2, parents=(make_sha(0),), subject="as a walk says")
    ledger.record_landed(REPOSITORY, "main", [(walked, NOON)], source=Source.POLL)


def relate(ledger: Ledger) -> None:
    """A commit of the next day reverts one of this day."""
    body = f"This reverts commit {SHA}."
    revert = Commit(**dict(make_facts(seed=3, subject='Revert "change 1"', body=body)))
    ledger.record_landed(REPOSITORY, "main", [(revert.landed(), TOMORROW)], source=Source.POLL)
    for commit in (Commit(**dict(make_facts(seed=1))), revert):
        entry = ledger.entry(REPOSITORY, commit.sha)
        assert entry
        Relations(ledger).record(commit, entry)


def close(ledger: Ledger) -> None:
    assert ledger.close(ledger.day_record(REPOSITORY, DAY), "content", TOMORROW) == 1


def pay(ledger: Ledger) -> None:
    Accounts(ledger.store, CALENDAR).record(make_call())


def follow(ledger: Ledger) -> None:
    ledger.follow(REPOSITORY, "https://elsewhere.example/engine.git")


OBSTACLE = Obstacle(code="model-unavailable", detail="HTTP 402", since=NOON)
CHANGES = {
    "a commit lands": lambda ledger: record(ledger, 9),
    "a push brings one": lambda ledger: ledger.record_push(make_push(9)),
    "a commit is read": read_only,
    "a commit is analysed": lambda ledger: analyse(Leases(ledger), 2),
    "a commit waits": defer,
    "a commit is put off": postpone,
    "a commit is parked": park,
    "a commit is tried again": reopen,
    "a walk says more than the payload": refine,
    "a later commit reverts it": relate,
    "the day is closed": close,
    "a call is paid for": pay,
    "the repository is fetched from elsewhere": follow,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_is_seen_at_once(
    change: Callable[[Ledger], object], client: FlaskClient, witness: Witness
) -> None:
    record(witness, 1, 2)
    analyse(Leases(witness), 1)
    addresses = [*DAY_PAGES, *COMMIT_PAGES, *OTHERS]
    before = {address: client.get(address).text for address in addresses}
    change(witness)
    after = {address: client.get(address).text for address in addresses}
    anew = client_of(witness)
    assert after == {address: anew.get(address).text for address in addresses}
    assert before[f"/reports/{DAY}.json"] != after[f"/reports/{DAY}.json"]


def test_a_page_changes_with_the_days_around_it(client: FlaskClient, witness: Witness) -> None:
    record(witness, 1)
    assert 'rel="next"' not in client.get(f"/reports/{DAY}").text
    record(witness, 2, at=TOMORROW)
    assert 'rel="next"' in client.get(f"/reports/{DAY}").text


def test_today_is_over_when_it_is_over(witness: Witness) -> None:
    record(witness, 1)
    analyse(Leases(witness), 1)
    now = [NOON]
    app = Flask(__name__)
    app.register_blueprint(pages_blueprint(Library(witness, CALENDAR, clock=lambda: now[0])))
    assert "data-poll" in app.test_client().get(f"/reports/{DAY}").text
    now[0] = TOMORROW
    assert "data-poll" not in app.test_client().get(f"/reports/{DAY}").text


def test_other_watches_and_mutes_make_other_pages_and_tags(witness: Witness) -> None:
    record(witness, 1, 2)
    press = Press()
    addresses = [
        f"/reports/{DAY}",
        f"/reports/{DAY}.md",
        f"/reports/{DAY}.json",
        "/feed.atom",
        "/reports/2026-01",
    ]
    found = []
    for mutes in ((), (Mute(name="one", words=("change 1",)),), (Mute(name="two", words=("change 2",)),)):
        app, pages = Flask(__name__), Blueprint("pages", __name__)
        desk = Desk(Library(witness, CALENDAR, mutes=mutes, clock=lambda: TOMORROW), press)
        add_days(pages, desk)
        add_feeds(pages, desk)
        app.register_blueprint(pages)
        found.append([app.test_client().get(address).headers["ETag"] for address in addresses])
    assert all(len(set(tags)) == len(found) for tags in zip(*found, strict=True))
