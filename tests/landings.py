"""Commits that land and pushes that bring them, for tests of the ledger."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

from builders import NOON, REPOSITORY, make_analysis, make_facts, make_sha

from analysis.models import Landed, Push, Sha
from analysis.storage.entry import Source
from analysis.storage.leases import Lease, Leases
from analysis.storage.ledger import Ledger

LEASED = timedelta(minutes=2)


def make_landed(seed: object, **fields: Any) -> Landed:
    """What a payload says of a commit; the same sha for the same seed."""
    defaults: dict[str, Any] = {
        "sha": make_sha(seed),
        "subject": f"change {seed}",
        "author": "Author One",
        "authored_at": NOON,
        "committed_at": NOON,
    }
    return Landed(**defaults | fields)


def make_push(*seeds: object, **fields: Any) -> Push:
    """A push to main of one commit for each seed."""
    defaults: dict[str, Any] = {
        "delivery": "-".join(["delivery", *map(str, seeds[:3])]),
        "repository": REPOSITORY,
        "branch": "main",
        "before": make_sha("before"),
        "after": make_sha(seeds[-1] if seeds else "after"),
        "pushed_at": NOON,
        "commits": tuple(make_landed(seed) for seed in seeds),
    }
    return Push(**defaults | fields)


def record(
    ledger: Ledger, *seeds: object, at: datetime = NOON, source: Source = Source.POLL
) -> tuple[Sha, ...]:
    """Record one commit for each seed, landed at one instant; returns the new shas."""
    landed = [(make_landed(seed), at) for seed in seeds]
    return ledger.record_landed(REPOSITORY, "main", landed, source=source)


def claim(leases: Leases, seed: object, at: datetime = NOON) -> Lease | None:
    """Lease the commit of a seed for two minutes."""
    return leases.claim(REPOSITORY, make_sha(seed), now=at, until=at + LEASED)


def claimed(leases: Leases, seed: object, at: datetime = NOON) -> Lease:
    """The same, when it cannot fail."""
    lease = claim(leases, seed, at)
    assert lease is not None
    return lease


def analyse(leases: Leases, seed: object, at: datetime = NOON) -> bool:
    """Take a commit through a whole attempt that ends well."""
    lease = claimed(leases, seed, at)
    leases.record_read(lease, make_facts(seed=seed), make_analysis(source="rules"))
    return leases.record_analysis(lease, make_analysis(), at)


def at_once(count: int, step: Callable[[int], object]) -> list[Any]:
    """Run a step in so many threads that start together; returns what each gave."""
    found: list[Any] = []
    together = Barrier(count)

    def run(number: int) -> None:
        together.wait()
        found.append(step(number))

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == count
    return found
