"""Commits that belong together, landed and read as an attempt does it."""

from datetime import timedelta
from typing import Any

from builders import NOON, REPOSITORY, make_sha
from commits import lines, make_commit

from analysis.models import Commit
from analysis.storage.entry import Entry, Source
from analysis.storage.ledger import Ledger
from analysis.story.relations import Relations

PATH = "engine/server.py"
CODE = lines(10)
Kinds = dict[str, set[tuple[str, str]]]


def commit(seed: object, subject: str, days: float = 0, **fields: Any) -> Commit:
    """A commit that was made so many days after noon of 9 January, and touches nothing unless it is said."""
    files = fields.pop("files", {})
    at = NOON + timedelta(days=days)
    return make_commit(subject, files, sha=make_sha(seed), committed_at=at, authored_at=at, **fields)


def land(ledger: Ledger, *commits: Commit) -> None:
    for each in commits:
        landed = [(each.landed(), each.committed_at)]
        ledger.record_landed(REPOSITORY, "main", landed, source=Source.POLL)


def entry_of(ledger: Ledger, commit: Commit) -> Entry:
    entry = ledger.entry(REPOSITORY, commit.sha)
    assert entry is not None
    return entry


def read(ledger: Ledger, *commits: Commit) -> None:
    """Record them as an attempt does."""
    for each in commits:
        Relations(ledger).record(each, entry_of(ledger, each))


def kinds(ledger: Ledger, *commits: Commit) -> Kinds:
    """Subject -> (kind, the other's subject) of each commit."""
    return {
        each.subject: {(other.kind, other.subject) for other in entry_of(ledger, each).relations}
        for each in commits
    }


PLAN = "feat: cache the plan of a query"
STORY = (
    commit("plan", f"{PLAN} (#12)"),
    commit("revert", f'Revert "{PLAN}" (#14)', 2),
    commit("again", f'Reland "{PLAN} (#12)" (#15)', 4),
    commit("mend", "fix: keep the plan fresh (#16)", 6, body="Fixes a crash since #15."),
    commit("added", "feat: compute values", 1, files={PATH: ("", CODE)}),
    commit("removed", "fix: compute none", 8, files={PATH: (CODE, "")}),
    commit("one", "[Query][1/2] first half of it", 3),
    commit("two", "[Query][2/2] other half of it", 9),
    commit("picked", "backport something", 5, patch_id="ab" * 20),
    commit("origin", "original of something", 1, patch_id="ab" * 20),
    commit("named", "docs: on values", 9, body=f"See {make_sha('added')[:10]}."),
)
PLANNED, REVERTED, AGAIN, MENDED, ADDED, REMOVED, ONE, TWO, PICKED, ORIGIN, NAMED = (
    each.subject for each in STORY
)
TOLD: Kinds = {
    PLANNED: {("reverted-by", REVERTED), ("relanded-by", AGAIN)},
    REVERTED: {("reverts", PLANNED)},
    AGAIN: {("relands", PLANNED), ("fixed-by", MENDED)},
    MENDED: {("fixes", AGAIN)},
    ADDED: {("fixed-by", REMOVED), ("named-by", NAMED)},
    REMOVED: {("fixes", ADDED)},
    ONE: {("series", TWO)},
    TWO: {("series", ONE)},
    PICKED: {("same-change", ORIGIN)},
    ORIGIN: {("same-change", PICKED)},
    NAMED: {("names", ADDED)},
}
