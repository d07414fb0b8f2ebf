import pytest
from builders import make_entry, make_sha

from analysis.models import FileChange, Importance
from analysis.words import words_for
from report.first_screen import kind_text
from report.skippable import skippable


def change(path: str, **fields: object) -> FileChange:
    return FileChange.model_validate({"path": path, "status": "M", "additions": 1, "deletions": 0} | fields)


@pytest.mark.parametrize(
    ("subject", "paths", "kind"),
    [
        ("fix: a link", ["docs/a.md", "README.md"], "docs"),
        ("feat: more", ["tests/test_a.py"], "test"),
        ("Update", [".github/workflows/ci.yml"], "ci"),
        ("chore: bump", ["uv.lock"], "dependency"),
        ("more", ["examples/a.py"], "example"),
        ("faster", ["benchmarks/a.py"], "benchmark"),
        ("refactor: move", ["engine/a.py", "docs/a.md"], "refactor"),
        ("chore: tidy", [], "chore"),
        ("tidy up", ["engine/a.py"], "other"),
    ],
)
def test_the_kind_is_that_of_the_files_else_what_the_title_claims(
    subject: str, paths: list[str], kind: str
) -> None:
    entry = make_entry(importance=Importance.LOW, subject=subject, files=tuple(map(change, paths)))
    (found,) = skippable([entry], ())
    assert (found.kind, found.shas) == (kind, (entry.sha,))
    for language in ("zh-CN", "en"):
        assert kind_text(kind, words_for(language))


def test_a_merge_is_called_one() -> None:
    (found,) = skippable([make_entry(importance=Importance.LOW, merged=3, files=())], ())
    assert found.kind == "merge"


def test_only_what_is_of_low_importance_and_was_not_shown_can_be_skipped() -> None:
    entries = [
        make_entry(seed="high"),
        make_entry(seed="medium", importance=Importance.MEDIUM),
        make_entry(seed="unread", analysis=None, facts=None),
        make_entry(seed="shown", importance=Importance.LOW),
        make_entry(seed="low", importance=Importance.LOW),
    ]
    (found,) = skippable(entries, {make_sha("shown")})
    assert found.shas == (make_sha("low"),)


def test_the_most_frequent_kind_comes_first() -> None:
    docs = [make_entry(seed=n, importance=Importance.LOW, files=(change("a.md"),)) for n in range(2)]
    chore = make_entry(seed="chore", subject="chore: tidy", importance=Importance.LOW)
    assert [each.kind for each in skippable([chore, *docs], ())] == ["docs", "chore"]
