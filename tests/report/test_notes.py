import re
from typing import Any

import pytest
from builders import make_analysis, make_entry

from analysis.models import Coverage, FileCoverage, Grounding, Importance
from analysis.storage.entry import Obstacle, State
from analysis.words import words_for
from report.notes import notes_on

WORDS = words_for("en")


def notes(**fields: Any) -> tuple[str, ...]:
    return notes_on(make_entry(**fields), WORDS)


def test_an_ordinary_commit_needs_no_note() -> None:
    assert notes() == ()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"analysis": make_analysis(source="rules")}, "📐 From the rules, not from a model"),
        (
            {"state": State.PARKED, "obstacle": Obstacle(code="model-refused", detail="HTTP 400")},
            f"⛔ Parked: {WORDS('obstacle.model-refused')} (HTTP 400)",
        ),
        ({"state": State.PENDING}, "⏳ Waiting for its analysis"),
        ({"merged": 12}, "🔀 Merges 12 commits"),
        ({"at_history_edge": True}, "the remote's history ends here, so what changed cannot be known"),
        ({"capped": True}, "the patch was too long, only its beginning was read"),
    ],
)
def test_each_circumstance_has_its_note(fields: dict[str, Any], expected: str) -> None:
    assert notes(**fields) == (expected,)


def test_what_waits_and_is_provisional_says_both() -> None:
    assert notes(state=State.PENDING, analysis=make_analysis(source="rules")) == (
        "⏳ Waiting for its analysis",
        "what follows is provisional and comes from the rules",
    )


def test_files_not_seen_whole_are_named_and_the_rest_counted() -> None:
    files = [FileCoverage(path=f"{name}.py", seen="part", why="budget") for name in "abcd"]
    whole = FileCoverage(path="whole.py", seen="whole")
    (note,) = notes(analysis=make_analysis(coverage=Coverage(files=(*files, whole))))
    why = WORDS("coverage.budget")
    named = ", ".join(f"{name}.py ({why})" for name in "abc")
    assert note == f"✂️ 4 files not seen whole: {named} and 1 more"


@pytest.mark.parametrize(
    ("seen", "total", "expected"),
    [
        ((1, 2, 3, 7), 12, "engine.py (hunks 1–3, 7 of 12 only)"),
        ((4,), 5, "engine.py (hunk 4 of 5 only)"),
        ((), 1, "engine.py (some of its lines only)"),
        (tuple(range(1, 40, 2)), 40, "engine.py (20 of 40 hunks only)"),
    ],
)
def test_a_file_seen_in_part_says_which_hunks(seen: tuple[int, ...], total: int, expected: str) -> None:
    file = FileCoverage(path="engine.py", seen="part", why="budget", hunks=total, hunks_seen=seen)
    (note,) = notes(analysis=make_analysis(coverage=Coverage(files=(file,))))
    assert note == f"✂️ 1 file not seen whole: {expected}"


def test_what_carried_the_change_is_named_before_what_a_program_made() -> None:
    files = [FileCoverage(path=f"{name}.lock", seen="none", why="lock") for name in "abc"]
    files.append(FileCoverage(path="gone.py", seen="none", why="budget"))
    files.append(FileCoverage(path="part.py", seen="part", why="budget", hunks=2, hunks_seen=(1,)))
    (note,) = notes(analysis=make_analysis(coverage=Coverage(files=tuple(files))))
    assert re.findall(r"(\w+\.\w+) \(", note) == ["part.py", "gone.py", "a.lock"]


def test_in_chinese_it_reads_like_this() -> None:
    file = FileCoverage(path="engine.py", seen="part", why="budget", hunks=12, hunks_seen=(1, 2, 3, 7))
    entry = make_entry(analysis=make_analysis(coverage=Coverage(files=(file,))))
    assert notes_on(entry, words_for("zh-CN")) == (
        "✂️ 1 个文件未完整纳入分析：engine.py（只看了第 1–3、7 段，共 12 段）",
    )


def judged(rules: Importance, claimed: Importance) -> tuple[str, ...]:
    model = make_analysis(claimed=claimed)
    return notes(rules=make_analysis(source="rules", importance=rules), analysis=model)


def test_rules_and_model_two_steps_apart_are_said_to_be() -> None:
    high, medium, low = Importance
    said = (WORDS("digest.note.disagree", rules="high", model="low"),)
    assert judged(high, low) == said
    assert judged(low, high) == (WORDS("digest.note.disagree", rules="low", model="high"),)
    assert judged(high, medium) == judged(medium, low) == judged(low, low) == ()


def test_brief_and_unsupported_claims_are_said() -> None:
    assert notes(analysis=make_analysis(depth="brief")) == (WORDS("digest.note.brief"),)
    grounding = Grounding(claims=9, grounded=7, unsupported=("--x", "Y"))
    assert notes(analysis=make_analysis(grounding=grounding)) == (WORDS("digest.note.unsupported", count=2),)
    assert notes(analysis=make_analysis(grounding=Grounding(claims=9, grounded=9))) == ()
