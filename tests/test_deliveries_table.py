"""docs/deliveries.md names a test for each case; each of them exists."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS.parent / "docs" / "deliveries.md").read_text(encoding="utf-8")


def test_every_test_and_file_that_the_table_names_exists() -> None:
    defined = {
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = re.findall(r"`(test_\w+?)(_?\.\.\.)?`", TABLE)
    assert len(named) > 25
    for name, cut in named:
        found = [test for test in defined if test == name or (cut and test.startswith(name))]
        assert len(found) == 1, name
    for path in re.findall(r"`((?:tests|workers)/[\w/]+\.py)`", TABLE):
        assert (TESTS.parent / path).is_file(), path
