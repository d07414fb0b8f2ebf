"""Documents that name a test for each case name tests that exist, and one each."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DEFINED = [
    name
    for file in TESTS.rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize(("document", "least"), [("deliveries.md", 25), ("faults.md", 40)])
def test_every_test_and_file_that_a_table_names_exists(document: str, least: int) -> None:
    table = (ROOT / "docs" / document).read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+?)(_?\.\.\.)?`", table)
    assert len(named) >= least
    for name, cut in named:
        found = {test for test in DEFINED if test == name or (cut and test.startswith(name))}
        assert len(found) == 1, name
    for path in re.findall(r"`((?:tests|workers|analysis|journeys|webhook)/[\w/]+\.py)`", table):
        assert (ROOT / path).is_file() or (TESTS / path).is_file(), path


def test_the_table_of_failures_has_a_row_for_each_of_the_22() -> None:
    rows = re.findall(
        r"^\| (\d+) \|.*`test_", (ROOT / "docs" / "faults.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [int(row) for row in rows] == list(range(1, 23))
