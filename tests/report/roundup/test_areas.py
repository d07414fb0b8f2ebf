from typing import Any

from analysis.storage.glance import Touched
from report.roundup.areas import MOST, Area, areas_of, ground_of, joined_ground


def touched(*paths: str, lines: int = 1, marked: Any = None) -> list[Touched]:
    return [Touched(path=path, additions=lines, marked=marked) for path in paths]


def areas(*commits: list[Touched]) -> list[tuple[str, int, int]]:
    return [(area.path, area.commits, area.lines) for area in areas_of(ground_of(commits))]


def test_a_folder_has_the_commits_that_touched_it_and_their_lines() -> None:
    found = areas(
        touched("engine/a.py", "engine/b.py", lines=5),
        touched("engine/a.py"),
        touched("web/x.ts"),
        touched("README.md"),
        touched("docs/a.md"),
    )
    assert found == [("engine/", 2, 11), ("*", 1, 1), ("docs/", 1, 1), ("web/", 1, 1)]


def test_one_that_holds_most_is_told_by_its_folders() -> None:
    commits = [touched(f"src/engine/{name}/x.py") for name in "abcd"]
    commits += [touched("src/web/x.ts"), touched("src/main.py"), touched("docs/a.md")]
    assert areas(*commits) == [
        ("docs/", 1, 1),
        ("src/*", 1, 1),
        ("src/engine/a/", 1, 1),
        ("src/engine/b/", 1, 1),
        ("src/engine/c/", 1, 1),
        ("src/engine/d/", 1, 1),
        ("src/web/", 1, 1),
    ]


def test_one_without_folders_stays_whole() -> None:
    assert areas(touched("engine/a.py"), touched("engine/b.py")) == [("engine/", 2, 2)]
    assert areas(touched("a.py"), touched("b.py")) == [("*", 2, 2)]
    assert areas(touched("a/b/c/d/e.py"), touched("a/b/c/x/y.py")) == [("a/", 2, 2)]


def test_lines_that_a_program_wrote_do_not_count_but_the_commit_does() -> None:
    assert areas(touched("web/package-lock.json", lines=9000)) == [("web/", 1, 0)]
    assert areas(touched("web/api.ts", lines=9000, marked="generated")) == [("web/", 1, 0)]
    assert areas(touched("web/package-lock.json", lines=9000, marked="neither")) == [("web/", 1, 0)]


def test_commits_without_files_are_no_trouble() -> None:
    assert areas(touched("art/logo.png", lines=0), []) == [("art/", 1, 0)]
    assert areas() == []


def test_the_areas_of_days_are_those_of_all_their_commits() -> None:
    commits = [touched("a/x.py", lines=n) for n in range(3)] + [touched("b/x.py", "a/y.py")]
    parts = [ground_of(commits[:2]), ground_of(commits[2:]), ground_of([])]
    assert joined_ground(parts) == ground_of(commits)


def test_only_so_many_are_named() -> None:
    found = areas_of(ground_of([touched(f"f{n}/x.py") for n in range(30)]))
    assert len(found) == MOST
    assert found[0] == Area(path="f0/", commits=1, lines=1)
