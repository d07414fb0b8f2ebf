from datetime import UTC, datetime, timedelta

from builders import NOON, make_analysis, make_entry, make_facts, make_sha
from days import CALENDAR, DAY, make_day

from analysis.models import CommitFacts, Importance
from analysis.storage.entry import Obstacle, State
from report.digest import Counts, build_digest


def test_commits_stand_newest_first_by_the_author_s_time() -> None:
    entries = [make_entry(seed=hour, authored_at=NOON + timedelta(hours=hour)) for hour in (1, 3, 2)]
    (repository,) = make_day(entries).repositories
    assert [entry.sha for entry in repository.commits] == [make_sha(hour) for hour in (3, 2, 1)]


def test_the_order_does_not_depend_on_the_order_of_the_ledger() -> None:
    entries = [make_entry(seed=number) for number in range(20)]
    assert make_day(entries) == make_day(reversed(entries))


def test_counts_add_up_over_importance_and_state() -> None:
    entries = [
        make_entry(seed=1, importance=Importance.HIGH),
        make_entry(seed=2, importance=Importance.LOW, state=State.PARKED),
        make_entry(seed=3, importance=Importance.LOW, state=State.PENDING),
        make_entry(seed=4, analysis=None, facts=None, state=State.PENDING),
    ]
    (repository,) = make_day(entries).repositories
    counts = repository.counts
    assert counts == Counts(total=4, high=1, medium=0, low=2, pending=2, parked=1)
    assert (counts.analysed, counts.unread) == (1, 1)
    assert [importance for importance, _ in repository.tiers()] == [Importance.HIGH, Importance.LOW, None]


def test_the_counts_of_a_day_are_those_of_its_repositories_together() -> None:
    digest = make_day([make_entry(), make_entry(repository="octo/other", importance=Importance.LOW)])
    assert digest.counts == Counts(total=2, high=1, low=1)
    assert len(digest.commits) == 2


def test_generated_at_is_the_last_change_and_not_the_time_of_the_call() -> None:
    closed_at = datetime(2026, 1, 9, 16, 10, tzinfo=UTC)
    assert make_day([make_entry()]).generated_at == NOON
    assert make_day([make_entry()], closed_at=closed_at).generated_at == closed_at
    empty = build_digest(DAY, [], calendar=CALENDAR, language="en")
    assert empty.generated_at == CALENDAR.bounds(DAY)[0]


def test_no_e_mail_address_is_in_a_digest() -> None:
    address = "someone@example.org"
    entry = make_entry(
        subject=f"fix for {address}",
        author=f"Some One <{address}>",
        body=f"Co-authored-by: Some One <{address}>",
        obstacle=Obstacle(code="model-reply", detail=address),
        analysis=make_analysis(summary=f"Ask {address}.", advice=(address,)),
    )
    digest = make_day([entry])
    assert address not in digest.model_dump_json()
    assert digest.commits[0].landed.author == "Some One"


def test_a_digest_survives_json() -> None:
    digest = make_day([make_entry()])
    assert type(digest).model_validate_json(digest.model_dump_json()) == digest


def test_the_builders_make_what_they_say() -> None:
    assert isinstance(make_facts(), CommitFacts)
    assert make_entry(subject="x").landed.subject == "x"
    assert make_entry(analysis=make_analysis(source="rules")).rules is not None
