"""Stored commits judged again."""

from datetime import timedelta
from typing import Any

import pytest
from builders import NOON, make_analysis, make_entry, make_sha
from commits import make_commit

from analysis.importance.triage import triage
from analysis.importance.weights import DEFAULT, Weights
from analysis.models import Commit, Importance
from analysis.rules import analyse_by_rules
from analysis.storage.entry import Entry, State
from workers.replay import Comparison, stored

REPOSITORY = "octo/engine"
HARSH = Weights(weights={"fix": 0})


def entry_of(commit: Commit, **fields: Any) -> Entry:
    """As the ledger keeps it once the rules have spoken: the facts and the reasons, but no patches."""
    rules = analyse_by_rules(commit, triage(commit), language="en", now=NOON)
    return make_entry(sha=commit.sha, analysis=rules, facts=commit.facts(), landed=commit.landed(), **fields)


def test_the_same_weights_move_nothing() -> None:
    compared = Comparison.of(REPOSITORY, [entry_of(make_commit("fix: answer in time"))], DEFAULT)
    assert compared.text() == "no commit of octo/engine would move, of 1 that were judged"


def test_other_weights_show_what_moves_and_why() -> None:
    fix = make_commit("fix: answer in time", {"a.py": ("x = 1\n" * 9, "x = f(1)\n" * 9)})
    feature = make_commit("feat: answer twice", sha=make_sha("feature"))
    compared = Comparison.of(REPOSITORY, [entry_of(fix), entry_of(feature)], HARSH)
    first, reasons, counts = compared.text().splitlines()
    assert first == f"medium -> low  {fix.sha[:7]}  fix: answer in time"
    assert reasons == "    fix +0 (answer in time)"
    assert counts == "1 of 2 commits would move: 1 medium -> low"


def test_what_has_not_been_read_is_only_counted() -> None:
    unread = make_entry(state=State.PENDING, facts=None, analysis=None)
    compared = Comparison.of(REPOSITORY, [unread], DEFAULT)
    assert compared.text() == "no commit of octo/engine would move, of 0 that were judged; 1 not read yet"


def test_the_signs_of_the_patch_are_judged_from_what_is_stored() -> None:
    flag = make_commit("chore: tidy", {"cli.py": ('add_argument("--old")\n' + "a\n" * 20, "b\n" * 20)})
    [move] = Comparison.of(REPOSITORY, [entry_of(flag)], Weights(weights={"removed-flag": 20})).moves
    assert (move.old, move.new.importance) == (Importance.MEDIUM, Importance.HIGH)


def test_the_rules_are_compared_and_not_the_model() -> None:
    fix = make_commit("fix: answer in time")
    entry = entry_of(fix).model_copy(update={"model": make_analysis(importance=Importance.HIGH)})
    assert not Comparison.of(REPOSITORY, [entry], DEFAULT).moves


@pytest.mark.parametrize("subject", ["fix: \x1b[2J\u202eanswer", "fix: a\nb", "fix: " + "x" * 10_000])
def test_hostile_subjects_stay_one_short_line(subject: str) -> None:
    compared = Comparison.of(REPOSITORY, [entry_of(make_commit(subject))], HARSH)
    lines = compared.text().splitlines()
    assert len(lines) == 3
    assert all(line.isprintable() and len(line) < 200 for line in lines)


def test_entries_come_day_by_day_in_the_order_of_landing() -> None:
    today, before = NOON.date(), NOON.date() - timedelta(days=1)
    late = make_entry(seed="late", landed_at=NOON + timedelta(hours=1))
    early = make_entry(seed="early")
    old = make_entry(seed="old", day=before, landed_at=NOON - timedelta(days=1))

    class Days:
        def days(self, _: str) -> tuple[object, ...]:
            return today, before

        def day(self, _: str, day: object) -> tuple[Entry, ...]:
            return (late, early) if day == today else (old,)

    ledger: Any = Days()
    assert list(stored(ledger, REPOSITORY, before, today)) == [old, early, late]
    assert list(stored(ledger, REPOSITORY, today, today)) == [early, late]
