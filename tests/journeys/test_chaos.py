"""The short form of `make chaos`; docs/faults.md tells what it proves."""

from pathlib import Path

import pytest
from chaos.rehearsal import Terms, rehearse

TERMS = Terms(commits=24, kills=8, seed=1, seconds=400)
"""Each kind of process is killed once."""


@pytest.mark.timeout(600)
def test_nothing_is_lost_or_doubled_whatever_is_killed(tmp_path: Path) -> None:
    outcome = rehearse(tmp_path, TERMS)
    assert outcome.problems() == [], outcome.report()
    assert len(outcome.acknowledged) == TERMS.commits
