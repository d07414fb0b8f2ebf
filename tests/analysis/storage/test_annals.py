from datetime import date, timedelta
from typing import Any

import pytest
from builders import NOON, REPOSITORY, make_analysis, make_call, make_facts, make_sha
from invariants import snapshot
from landings import analyse, claimed, make_landed, record

from analysis.models import Commit, FileChange, Importance
from analysis.storage.annals import AT_ONCE
from analysis.storage.corrections import Corrections
from analysis.storage.entry import Correction, Source
from analysis.storage.glance import Glance
from analysis.storage.leases import Leases
from analysis.storage.ledger import Ledger
from analysis.storage.needles import needles_of
from analysis.storage.skim import Skim
from analysis.story.relations import Relations

DAY = date(2026, 1, 9)
NEXT = DAY + timedelta(days=1)
HOSTILE = 'a "quoted" \\ path/\u2028\x01\x7f{}[],/🧵 \'x\'; redis.call("FLUSHALL")'


def glances(ledger: Ledger, *days: date) -> dict[date, dict[str, Glance]]:
    found = ledger.annals.glances(REPOSITORY, days)
    return {day: {glance.sha: glance for glance in each} for day, each in found.items()}


def whole(ledger: Ledger, day: date) -> dict[str, Glance]:
    return {entry.sha: Glance.of(entry) for entry in ledger.day(REPOSITORY, day)}


def read(leases: Leases, seed: object, **facts: Any) -> None:
    leases.record_read(
        claimed(leases, seed),
        make_facts(seed=seed, **facts),
        make_analysis(source="rules", importance=Importance.LOW),
    )


def test_a_glance_is_what_the_whole_entry_says(ledger: Ledger, leases: Leases) -> None:
    record(ledger, "analysed", "read", "unread", "hostile")
    record(ledger, "next", at=NOON + timedelta(days=1))
    analyse(leases, "analysed")
    read(leases, "read", files=())
    files = (
        FileChange(path=HOSTILE, status="M", additions=12, deletions=3, marked="generated"),
        FileChange(path="art/logo.png", status="A"),
        FileChange(path="large.txt", status="A", additions=12_345_678, deletions=0),
    )
    read(leases, "hostile", files=files, subject=HOSTILE)
    found = glances(ledger, DAY, NEXT, NEXT + timedelta(days=1))
    assert found[DAY] == whole(ledger, DAY)
    assert found[NEXT] == whole(ledger, NEXT)
    assert list(found) == [DAY, NEXT, NEXT + timedelta(days=1)]
    assert found[NEXT + timedelta(days=1)] == {}
    importance = {seed: found[DAY][make_sha(seed)].importance for seed in ("analysed", "read", "unread")}
    assert importance == {"analysed": Importance.HIGH, "read": Importance.LOW, "unread": None}
    touched = found[DAY][make_sha("hostile")].files[0]
    assert (touched.path, touched.lines, touched.marked) == (HOSTILE, 15, "generated")


def test_a_reader_s_correction_ranks_a_commit_at_a_glance_too(ledger: Ledger, leases: Leases) -> None:
    record(ledger, "analysed")
    analyse(leases, "analysed")
    correction = Correction(importance=Importance.LOW, note=HOSTILE, corrected_at=NOON)
    Corrections(ledger).put(REPOSITORY, make_sha("analysed"), correction)
    found = glances(ledger, DAY)[DAY]
    assert found == whole(ledger, DAY)
    assert found[make_sha("analysed")].importance is Importance.LOW


def test_a_glance_knows_which_commits_belong_together(ledger: Ledger, leases: Leases) -> None:
    relations = Relations(ledger)
    record(ledger, "first", "second")
    for seed, body in (("first", ""), ("second", f"This reverts commit {make_sha('first')}.")):
        facts = make_facts(seed=seed, subject=f'say "{seed}"', body=body)
        read(leases, seed, subject=facts.subject, body=body)
        entry = ledger.entry(REPOSITORY, facts.sha)
        assert entry is not None
        relations.record(Commit(**dict(facts)), entry)
    found = glances(ledger, DAY)[DAY]
    assert found == whole(ledger, DAY)
    assert [relation.kind for relation in found[make_sha("second")].relations] == ["reverts"]
    assert [relation.subject for relation in found[make_sha("first")].relations] == ['say "second"']


def test_a_day_of_more_commits_than_one_step_takes_is_whole(ledger: Ledger) -> None:
    count = 2 * AT_ONCE + 1
    landed = [(make_landed(number), NOON) for number in range(count)]
    ledger.record_landed(REPOSITORY, "main", landed, source=Source.POLL)
    assert len(glances(ledger, DAY)[DAY]) == count


def test_records_of_many_days_are_those_of_each(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1)
    analyse(leases, 1)
    ledger.accounts.record(make_call())
    ledger.close(ledger.day_record(REPOSITORY, DAY), "content", NOON)
    first, second = ledger.annals.records(REPOSITORY, [DAY, NEXT])
    assert (first, second) == (ledger.day_record(REPOSITORY, DAY), ledger.day_record(REPOSITORY, NEXT))
    assert (first.revision, first.closed_at, second.revision) == (1, NOON, 0)
    assert first.spending.total.calls == 1


def test_reading_changes_nothing(ledger: Ledger, leases: Leases) -> None:
    record(ledger, 1, 2)
    analyse(leases, 1)
    before = snapshot(ledger.redis)
    for _ in range(2):
        glances(ledger, DAY, NEXT)
        ledger.annals.records(REPOSITORY, [DAY, NEXT])
    assert snapshot(ledger.redis) == before


def test_nothing_is_asked_for_no_days(ledger: Ledger) -> None:
    assert ledger.annals.glances(REPOSITORY, []) == {}
    assert ledger.annals.records(REPOSITORY, []) == ()


def skims(ledger: Ledger, *words: str) -> set[str]:
    """The subjects of what may hold all words."""
    found = ledger.annals.skims(REPOSITORY, [DAY], [needles_of(word) for word in words])
    return {skim.landed.subject for skim in found[DAY]}


def test_a_skim_is_what_the_whole_entry_says(ledger: Ledger, leases: Leases) -> None:
    record(ledger, "analysed", "read", "unread", "hostile", "corrected")
    record(ledger, "next", at=NOON + timedelta(days=1))
    analyse(leases, "analysed")
    analyse(leases, "corrected")
    read(leases, "read", files=())
    read(leases, "hostile", files=(FileChange(path=HOSTILE, status="M"),), subject=HOSTILE, body=HOSTILE)
    correction = Correction(importance=Importance.LOW, note=HOSTILE, corrected_at=NOON)
    assert Corrections(ledger).put(REPOSITORY, make_sha("corrected"), correction)
    found = ledger.annals.skims(REPOSITORY, [DAY, NEXT])
    for day in (DAY, NEXT):
        whole_day = {entry.sha: Skim.of(entry) for entry in ledger.day(REPOSITORY, day)}
        assert {skim.sha: skim for skim in found[day]} == whole_day
    assert {skim.sha: skim.importance for skim in found[DAY]}[make_sha("corrected")] is Importance.LOW


def test_what_lacks_a_word_is_left_out(ledger: Ledger, leases: Leases) -> None:
    record(ledger, "read", "unread")
    read(leases, "read", subject="Kein Straßenschild: ÄRGER", body='he said "no"\\', author="Ada")
    assert skims(ledger) == {"Kein Straßenschild: ÄRGER", "change unread"}
    for words in (
        ["STRASSEN"],
        ["ärger", "kein"],
        ["ada"],
        ['"no"\\'],
        ["engine/server.py"],
        ["kein ", "ad"],
    ):
        assert skims(ledger, *words) == {"Kein Straßenschild: ÄRGER"}
    assert skims(ledger, "CHANGE") == {"change unread"}
    assert skims(ledger, make_sha("unread")[:9]) == {"change unread"}
    assert skims(ledger, "kein", "nowhere") == set()


@pytest.mark.parametrize(
    "name", ["path", "old_path", "summary", "insights", "sha", "subject", "why", "landed_"]
)
def test_the_name_of_a_field_is_no_text(ledger: Ledger, leases: Leases, name: str) -> None:
    record(ledger, "none", "one")
    read(leases, "none", subject="nothing of it")
    read(leases, "one", subject=f"what {name} is", body=f'"{name}": 1')
    assert skims(ledger, name) == {f"what {name} is"}


def test_what_is_skimmed_is_as_of_a_day_however_long(ledger: Ledger) -> None:
    record(ledger, *range(2 * AT_ONCE + 1))
    assert len(skims(ledger, "change")) == 2 * AT_ONCE + 1
    assert skims(ledger, "change 150") == {"change 150"}
