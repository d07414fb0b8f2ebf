"""A reader's correction from the command line to every page, through a closing and another analysis."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_model import LoopbackModel
from processes import Site, table
from promises import SECRETS
from repositories import Origin

from analysis.models import Importance
from analysis.storage.entry import State

NAME = "example/project"
DAY = "2026-01-09"
GIVEN = f"Nobody calls it,\nsays {SECRETS['LLM_API_KEY']}."
NOTE = "Nobody calls it, says [masked]."


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as loopback:
        yield loopback


def test_a_correction_is_shown_and_outlives_another_analysis(tmp_path: Path, model: LoopbackModel) -> None:
    origin = Origin(tmp_path / "origin.git")
    sha = origin.commit("feat!: drop the old flag", {"a.py": 'add_argument("--new")\n' * 9})
    with Site(tmp_path, tables=[table(NAME, origin)], REPORT_LANGUAGE="en", REPORT_TIMEZONE="UTC") as site:
        backfill = ("backfill", NAME, "--since", DAY, "--until", DAY)
        assert site.run(*backfill).code == 0
        before = site.shop.ledger.day_record(NAME, site.entry(NAME, sha).day)
        done = site.run("correct", NAME.upper(), sha[:7], "--importance", "low", "--note", GIVEN)
        said = site.entry(NAME, sha).analysis.importance
        assert said is not Importance.LOW
        assert (done.code, done.err) == (0, "")
        assert done.out == f"{sha[:10]} counts as low now (the analysis: {said})\n"
        line = f"> ✏️ A reader says low (the analysis: {said}): Nobody calls it, says \\[masked"
        assert line in site.run("digest", DAY).out

        terms = {"LLM_MODEL": "openai/loopback", "LLM_API_BASE": model.url}
        site.environment |= terms
        assert site.run(*backfill, "--reanalyse").code == 0
        entry = site.entry(NAME, sha)
        assert (entry.state, entry.model is not None) == (State.ANALYSED, True)
        assert (entry.correction.note, entry.importance) == (NOTE, Importance.LOW)
        after = site.shop.ledger.day_record(NAME, entry.day)
        assert before.revision == 1 < after.revision

        cleared = site.run("correct", NAME, sha, "--clear")
        told = f"{sha[:10]} counts as its analysis says (the analysis: {entry.model.importance})\n"
        assert cleared.out == told
        assert "A reader says" not in site.run("digest", DAY).out
