"""A repository that is forgotten: nothing is left of it anywhere, and nothing of any other is missing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import traces
from builders import NOON, REPOSITORY, make_analysis, make_call, make_entry, make_sha
from estate import A_DAY, OTHER, QUIET, Estate, commit, furnish
from invariants import assert_sound, snapshot
from landings import make_push
from redis import Redis
from rq.registry import StartedJobRegistry

from analysis.settings import load_settings
from analysis.storage import keys
from analysis.storage.accounts import FORGOTTEN
from analysis.storage.kept import SharedKept
from analysis.storage.leases import Leases
from analysis.storage.looks import Look, Looks
from analysis.storage.pulls import Known, PullRequests
from analysis.storage.removal import NothingKept, Removed
from analysis.storage.waitlist import Waitlist
from workers import forgetting as module
from workers import queue as names
from workers.forgetting import Forgetting
from workers.workshop import Workshop

SEEDS = (
    "high",
    "rules",
    "parked",
    "waits",
    "corrected",
    "revert",
    "leased",
    "read",
    "ready",
    "past",
    "later",
)
WORDS = [REPOSITORY, "octo%2Fengine", *(make_sha(seed)[:10] for seed in SEEDS), make_sha("head")]


@pytest.fixture
def shop(redis_url: str, tmp_path: Path) -> Iterator[Workshop]:
    shop = Workshop(load_settings(data_dir=tmp_path / "data"), redis_url)
    shop.prepare()
    yield shop
    shop.disconnect()


def litter(shop: Workshop, repository: str = REPOSITORY) -> None:
    """All that passes as well: a delivery, answers of others, hints, jobs, a mirror."""
    sha = make_sha("ready")
    shop.ledger.record_push(make_push("delivered", repository=repository, delivery=f"of-{repository[-6:]}"))
    SharedKept(shop.store, repository).put("ab12", "said")
    PullRequests(shop.store).keep(repository, sha, Known(asked_at=NOON))
    Waitlist(shop.store).join("a/big", make_entry(repository=repository, sha=sha))
    shop.agenda.enquire_now(repository)
    shop.ledger.names.confirm(repository, 7)
    shop.ledger.names.rename(repository, "octo/motor", sure=True)
    Looks(shop.store).keep(repository, Look(NOON, frozenset({"main"})))
    shop.witness.look(NOON)
    shop.accounts.record(make_call(id=f"unrecorded {repository[-6:]}", repository=repository, sha="f" * 40))
    shop.queue.enqueue_push(repository, [sha])
    shop.queue.enqueue([names.closing(repository, NOON.date())])
    mirror = shop.settings.data_dir / "mirrors" / f"{repository}.git"
    (mirror / "objects").mkdir(parents=True)
    (mirror / "HEAD").write_text(sha, encoding="utf-8")
    mirror.with_name(f"{mirror.name}.lock").touch()


def forget(shop: Workshop, name: str = REPOSITORY) -> Any:
    return Forgetting.of(shop, name).run(tell=lambda _: None)


def test_nothing_is_left_of_it_and_all_is_left_of_the_others(shop: Workshop) -> None:
    furnish(shop.ledger)
    litter(shop)
    assert len(traces.in_server(shop.redis_url, WORDS)) > 40
    done = forget(shop)
    assert (done.removed, done.under_way, done.rewritten) == (Removed(12, 4), 0, True)
    assert traces.in_server(shop.redis_url, WORDS) == []
    assert traces.in_folder(shop.settings.data_dir, WORDS) == []
    assert list(shop.settings.data_dir.glob("mirrors/*")) == []
    assert shop.ledger.repositories() == (OTHER,)
    assert shop.ledger.entry(OTHER, make_sha("pushed")) is not None
    assert set(shop.ledger.urls()) == {OTHER, QUIET}
    assert_sound(shop.ledger)


def test_what_others_have_is_untouched(shop: Workshop) -> None:
    litter(shop, OTHER)
    litter(shop, f"{REPOSITORY}room")
    before = stored(shop)
    litter(shop)
    Estate(shop.ledger).land(commit("high", "fix: high"), at=NOON)
    forget(shop)
    assert stored(shop) == before


def stored(shop: Workshop) -> dict[str, object]:
    """What is ours, and the queue; but for the accounts, which keep the sums."""
    with Redis.from_url(shop.redis_url, decode_responses=True, encoding="latin-1") as redis:
        return {key: value for key, value in snapshot(redis).items() if not key.startswith(f"{keys.CALLS}2")}


def test_what_it_cost_stays_in_the_books_of_its_days(shop: Workshop) -> None:
    furnish(shop.ledger)
    day = shop.settings.calendar.day_of(NOON)
    before = shop.accounts.spending(day).total
    forget(shop)
    after = shop.accounts.spending(day)
    assert (after.total, list(after.by_repository())) == (before, [FORGOTTEN])
    assert {call.sha for call in shop.accounts.calls(day)} == {""}
    assert shop.store.redis.ttl(keys.calls(day)) > 0


def test_every_spelling_goes(shop: Workshop) -> None:
    for name in (REPOSITORY, "Octo/Engine"):
        shop.ledger.record_push(make_push(1, repository=name, delivery=f"of-{name[0]}"))
    assert Forgetting.of(shop, "OCTO/ENGINE").names == ("Octo/Engine", REPOSITORY)
    assert forget(shop, "OCTO/ENGINE").removed == Removed(2, 2)
    assert traces.in_server(shop.redis_url, WORDS) == []


def test_a_name_of_which_nothing_is_kept_is_refused(shop: Workshop) -> None:
    furnish(shop.ledger)
    with pytest.raises(NothingKept, match=r"^nothing is kept of octo/engin$"):
        Forgetting.of(shop, "octo/engin")
    forget(shop)
    with pytest.raises(NothingKept):
        Forgetting.of(shop, REPOSITORY)


def test_a_mirror_alone_is_something_to_forget(shop: Workshop) -> None:
    litter(shop)
    shop.store.redis.flushall()
    assert forget(shop).removed == Removed()
    assert list(shop.settings.data_dir.glob("mirrors/*")) == []


def test_what_a_job_writes_that_was_under_way_goes_as_well(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    furnish(shop.ledger)
    registry = StartedJobRegistry(queue=shop.queue.queue)
    job = names.analysis(REPOSITORY, make_sha("leased"))[0]
    shop.queue.redis.zadd(registry.key, {f"{job}:execution": 4_000_000_000})
    told, done = Event(), []
    lease = Leases(shop.ledger)
    held = shop.ledger.entry(REPOSITORY, make_sha("ready"))
    run = Forgetting.of(shop, REPOSITORY).run
    thread = Thread(target=lambda: done.append(run(tell=lambda _: told.set())))
    thread.start()
    assert told.wait(30)
    made = commit("ready", "feat: ready (#12)")
    shop.relations.record(made, held)
    shop.accounts.record(make_call(id="late", sha=made.sha))
    assert lease.claim(REPOSITORY, made.sha, now=NOON + A_DAY, until=NOON + 2 * A_DAY) is None
    shop.ledger.close(shop.ledger.day_record(REPOSITORY, date(2026, 1, 9)), "content", NOON)
    shop.queue.redis.zrem(registry.key, f"{job}:execution")
    thread.join()
    assert done[0].under_way == 0
    assert traces.in_server(shop.redis_url, WORDS) == []


def test_jobs_that_do_not_end_are_told(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    furnish(shop.ledger)
    registry = StartedJobRegistry(queue=shop.queue.queue)
    shop.queue.redis.zadd(registry.key, {f"{names.walk(REPOSITORY)[0]}:execution": 4_000_000_000})
    assert forget(shop).under_way == 1


def test_an_analysis_under_way_is_not_recorded(shop: Workshop) -> None:
    estate = Estate(shop.ledger)
    estate.land(commit(1, "fix: one"), at=NOON)
    lease = estate.leased(commit(1, "fix: one"), NOON)
    forget(shop)
    assert not Leases(shop.ledger).extend(lease, NOON + A_DAY)
    assert not Leases(shop.ledger).record_analysis(lease, make_analysis(), NOON)
    assert traces.in_server(shop.redis_url, [REPOSITORY, make_sha(1)]) == []
