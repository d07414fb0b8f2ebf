"""What the documents name is there: files, tests, headings."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?://)([^)\s#]*)(#[^)\s]+)?\)")
NAMED = re.compile(r"`((?:analysis|bench|report|tests|webhook|workers)/[\w./-]+)`")


def anchors(document: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {"#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_link_and_every_file_that_is_named_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = [name for name in NAMED.findall(text) if not (PROJECT / name).exists()]
    for target, anchor in LINK.findall(text):
        found = (document.parent / target).resolve() if target else document
        if not found.exists() or (anchor and anchor not in anchors(found)):
            missing.append(target + anchor)
    assert missing == []


def test_every_row_of_the_threat_model_names_a_test() -> None:
    text = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
    table = text.partition("## Who may do what")[2].partition("## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    assert [row for row in rows if "`tests/" not in row] == []
