"""The parts of the benchmark that everything it prints rests on."""

from pathlib import Path

import pytest

from bench.__main__ import MEASUREMENTS, main
from bench.gitcommands import recorded
from bench.load import deliveries
from bench.project import make_project, shas
from bench.rows import Row
from webhook.events import JSON, parse_push
from workers.checkout import read_commit


def test_an_unknown_name_ends_with_2_and_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["web", "speed"]) == 2
    said = capsys.readouterr().err
    assert "'speed'" in said
    assert all(name in said for name in MEASUREMENTS)


@pytest.mark.parametrize(("met", "verdict"), [(True, "ok"), (False, "over"), (None, "-")])
def test_a_row_ends_with_its_verdict(*, met: bool | None, verdict: str) -> None:
    assert Row("reading", "<= 1.3 x bare git", "12 ms", 1.257, met).line().split()[-2:] == ["1.26", verdict]


def test_the_project_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (make_project(tmp_path / name, commits=3, locks=True) for name in ("a.git", "b.git"))
    assert len(shas(first)) == 4
    assert shas(first) == shas(second)


def test_recorded_git_commands_run_again_without_our_code(tmp_path: Path) -> None:
    origin = make_project(tmp_path / "origin.git", commits=1)
    with recorded() as commands:
        commit = read_commit(origin.remote(), shas(origin)[1])
    assert len(commit.files) == 3
    names = [next(word for word in command.arguments[1:] if word[0] != "-") for command in commands]
    assert names == ["init", "fetch", "log", "diff-tree", "ls-tree", "patch-id"]
    commands[0].folder.mkdir(parents=True)
    for command in commands:
        command.run()


def test_a_delivery_is_a_push_of_about_a_kilobyte_a_commit() -> None:
    [delivery] = deliveries("example/project", 1, commits=20)
    assert len(parse_push(delivery.body, JSON).commits) == 20
    assert 15_000 < len(delivery.body) < 30_000
