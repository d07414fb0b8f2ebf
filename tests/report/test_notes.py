from typing import Any

import pytest
from builders import make_analysis, make_entry

from analysis.entry import Obstacle, State
from analysis.models import Coverage, FileCoverage
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
        ({"merged": 12}, "🔀 Merges commits: 12"),
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
    assert note == f"✂️ Files not seen whole: 4: {named} and others (1 more)"
