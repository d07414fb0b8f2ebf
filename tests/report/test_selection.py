from urllib.parse import parse_qsl

import pytest
from builders import make_analysis, make_entry

from analysis.models import FileChange, Importance
from report.refusals import Refused
from report.selection import Selection

ENTRY = make_entry(
    sha="0d3ff44" + "0" * 33,
    subject="fix: answer in time",
    body="Closes the case of the slow client.",
    author="Ada Lovelace",
    importance=Importance.HIGH,
    files=(
        FileChange(path="docs/guide.md", status="M"),
        FileChange(path="src/new.py", old_path="lib/old.py", status="R"),
    ),
)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"importance": "high"},
        {"importance": "LOW, high"},
        {"author": "lovelace"},
        {"path": "docs"},
        {"path": "docs/"},
        {"path": "docs/*.md"},
        {"path": "lib/old.py"},
        {"q": "ANSWER"},
        {"q": "slow client"},
        {"q": "0d3ff44"},
        {"q": "504"},
        {"q": "src/new"},
        {"author": "ada", "path": "src", "importance": "high", "q": "time"},
        {"unknown": "x"},
    ],
)
def test_what_holds_is_chosen(parameters: dict[str, str]) -> None:
    assert Selection.parse(parameters).choose([ENTRY]) == (ENTRY,)


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"q": "ada"}, True),
        ({"q": "ada@e"}, False),
        ({"q": "example.org"}, False),
        ({"author": "ada"}, True),
        ({"author": "example"}, False),
    ],
)
def test_an_address_that_nobody_sees_cannot_be_guessed(parameters: dict[str, str], *, found: bool) -> None:
    entry = make_entry(author="ada@example.org", body="Signed-off-by: Ada <ada@example.org>")
    assert bool(Selection.parse(parameters).choose([entry])) is found


@pytest.mark.parametrize(
    "parameters",
    [
        {"importance": "low"},
        {"author": "grace"},
        {"path": "doc"},
        {"path": "*.rs"},
        {"q": "nowhere"},
        {"author": "ada", "importance": "medium"},
    ],
)
def test_what_does_not_hold_is_not(parameters: dict[str, str]) -> None:
    assert Selection.parse(parameters).choose([ENTRY]) == ()


@pytest.mark.parametrize("parameters", [{"importance": "huge"}, {"q": "x" * 201}])
def test_a_bad_value_is_refused(parameters: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        Selection.parse(parameters)
    assert caught.value.status == 400


def test_a_selection_says_what_it_is() -> None:
    selection = Selection.parse({"importance": "low,high", "author": "ada"})
    assert str(selection) == "importance=high,low, author=ada"
    assert str(Selection()) == ""


def test_a_commit_that_was_not_read_has_no_importance_and_no_paths() -> None:
    entry = make_entry(facts=None, analysis=None)
    assert not Selection.parse({"importance": "low"}).matches(entry)
    assert not Selection.parse({"path": "docs"}).matches(entry)
    assert Selection.parse({"q": "answer"}).matches(entry)
    assert make_analysis().summary


def test_the_query_says_the_same_again() -> None:
    asked = {"importance": "medium,high", "author": "Ada & Co", "path": "src/*.py", "q": "=?#中"}
    selection = Selection.parse(asked)
    query = selection.query()
    assert query.startswith("?importance=high,medium&")
    assert Selection.parse(dict(parse_qsl(query[1:]))) == selection
    without = Selection.parse(dict(parse_qsl(selection.query(author="", q="")[1:])))
    assert without == Selection.parse({"importance": "high,medium", "path": "src/*.py"})
    assert Selection().query() == ""
