"""Places that matter by themselves."""

import pytest
from builders import make_facts

from analysis.importance.places import places
from analysis.models import FileChange


def rules(*paths: str) -> dict[str, str]:
    files = tuple(FileChange(path=path, status="M", additions=1, deletions=1) for path in paths)
    return {reason.rule: reason.evidence for reason in places(make_facts(files=files))}


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("store/migration/mysql/02__reaction.sql", "migration"),
        ("app/migrations/0002_name.py", "migration"),
        ("proto/api/v1/memo.proto", "wire-format"),
        ("api/openapi.yaml", "schema"),
        ("deploy/crds/graph.yaml", "schema"),
        ("src/commands/get.json", "command-table"),
    ],
)
def test_schemas_are_known_by_their_place(path: str, rule: str) -> None:
    assert rules(path) == {rule: path}


@pytest.mark.parametrize(
    "path", ["src/migrate.py", "tests/migrations/0001.py", "docs/openapi.yaml", "a.json"]
)
def test_other_places_are_not(path: str) -> None:
    assert not rules(path)


def test_only_the_first_paths_are_shown() -> None:
    assert rules(*(f"proto/{number}.proto" for number in range(5))) == {
        "wire-format": "proto/0.proto, proto/1.proto, proto/2.proto +2"
    }
