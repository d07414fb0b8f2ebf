"""Ledgers in any state, and moving what is in one into another."""

import io
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from builders import NOON, REPOSITORY, make_analysis, make_correction
from estate import A_DAY, Estate, commit
from hypothesis import strategies as st

from analysis.archive.adoption import Adoption
from analysis.archive.export import Export
from analysis.archive.restore import Restore
from analysis.storage.corrections import Corrections
from analysis.storage.entry import Obstacle, Source, State
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger

LATER = NOON + 3 * A_DAY


def exported(ledger: Ledger, *names: str) -> list[str]:
    """The lines of an export."""
    return list(Export.of(ledger, names, NOON).lines())


def imported(ledger: Ledger, lines: Iterable[str], now: datetime = LATER) -> Adoption:
    """What became of the commits of such lines."""
    return Restore.into(ledger, now).run(io.BytesIO("".join(f"{line}\n" for line in lines).encode()))


def without_expiry(lines: Iterable[str]) -> list[str]:
    """The instants of tests are not those of the server's clock."""
    return [re.sub(r'"expires_at":"[^"]+"', "", line) for line in lines]


class Fate(NamedTuple):
    """What has become of one commit."""

    number: int
    outcome: str
    source: Source
    days: int
    """Before noon of the builders' day."""
    corrected: bool


OUTCOMES = st.sampled_from(["ready", "leased", "deferred", "parked", "rules", "model", "reopened"])
FATES = st.lists(
    st.builds(Fate, st.integers(0, 6), OUTCOMES, st.sampled_from(Source), st.integers(0, 3), st.booleans()),
    min_size=1,
    max_size=7,
    unique_by=lambda fate: fate.number,
)
Whole = tuple[list[Fate], set[int]]
"""Commits, and the days that are closed in the end, counted like those of fates."""
LEDGERS = st.tuples(FATES, st.sets(st.integers(0, 4)))


def fill(ledger: Ledger, fates: Iterable[Fate], closed: Iterable[int]) -> None:
    """Have commits come so far, and days be closed after that."""
    for fate in fates:
        _live(Estate(ledger), fate, NOON - fate.days * A_DAY)
    for days in closed:
        Estate(ledger).close(REPOSITORY, (NOON - days * A_DAY).date(), NOON, told=days == 1)


def _live(estate: Estate, fate: Fate, at: datetime) -> None:
    made = commit(fate.number, f"fix: number {fate.number % 3} (#{fate.number % 2 + 1})")
    estate.land(made, at=at, source=fate.source)
    leases = Leases(estate.ledger)
    if fate.outcome in {"rules", "model", "reopened"}:
        estate.analysed(made, at, make_analysis() if fate.outcome == "model" else None)
    elif fate.outcome != "ready":
        lease = estate.leased(made, at)
        if fate.outcome == "deferred":
            obstacle = Obstacle(code="budget", since=at)
            leases.defer(lease, obstacle, at, until=at + timedelta(hours=7))
        elif fate.outcome == "parked":
            leases.park(lease, Obstacle(code="model-refused"), at)
    if fate.outcome == "reopened":
        leases.reopen(REPOSITORY, made.sha, State.ANALYSED)
    if fate.corrected:
        Corrections(estate.ledger).put(REPOSITORY, made.sha, make_correction(corrected_at=at))
